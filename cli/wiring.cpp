// SPDX-License-Identifier: Apache-2.0
#include "cli/wiring.h"

#include <chrono>

#include "base/error.h"
#include "cli/config/places.h"
#include "cli/version.h"
#include "monitor/instrumented_transport.h"
#include "net/curl_transport.h"
#include "net/retry_delays.h"
#include "store/reader.h"
#include "systemd/journal.h"
#include "systemd/notify.h"
#include "webex/transcript_format.h"

namespace wxcc::cli {
namespace {

// Extends systemd's start timeout.
void report_migration_progress(const std::string& operation) {
  systemd::notify_extend_timeout(std::chrono::minutes{2});
  systemd::notify_status(operation);
  base::log::debug("{}", operation);
}

Config load(const GlobalOptions& global) {
  if (global.log_level) base::log::set_level(*global.log_level);
  Config config = load_config(global.config ? *global.config : find_config_file());
  if (global.archive) config.archive = std::filesystem::absolute(*global.archive);
  if (global.log_level) config.log.level = *global.log_level;
  return config;
}

}  // namespace

Config configure(const GlobalOptions& global) {
  Config config = load(global);
  try {
    base::log::configure(config.log);
  } catch (const std::exception& error) {
    throw base::ConfigurationError(std::string("log_file: ") + error.what());
  }
  for (const std::string& warning : config.warnings) base::log::warning("{}", warning);
  return config;
}

base::Zone ReadOnlySetup::zone() const {
  return config && config->zone ? *config->zone : base::Zone::local();
}

ReadOnlySetup configure_read_only(const GlobalOptions& global) {
  if (global.archive && !global.config) {
    if (global.log_level) base::log::set_level(*global.log_level);
    return {*global.archive, std::nullopt};
  }
  Config config = load(global);
  // The log file is the service's: those who only read may not write there, and would rotate it under the service.
  config.log.file.reset();
  base::log::configure(config.log);
  for (const std::string& warning : config.warnings) base::log::warning("{}", warning);
  return {config.archive, std::move(config)};
}

namespace {

webex::Settings api_settings(const Config& config, ApiSession::RetryMode mode) {
  webex::Settings settings = config.webex;
  if (mode == ApiSession::RetryMode::FailFast) settings.retries = net::kInteractiveCallRetries;
  return settings;
}

std::unique_ptr<net::Transport> transport_of(const Config& config, systemd::EventLoop& loop,
                                             monitor::Metrics* metrics) {
  auto curl = std::make_unique<net::CurlTransport>(
      loop, net::CurlTransport::Options{config.ca_file, std::string(kProgram), 32});
  if (metrics == nullptr) return curl;
  using monitor::Route;
  std::vector<monitor::InstrumentedTransport::RoutePrefix> routes = {
      {config.monitor.heartbeat_url, Route::Heartbeat},
      {base::Secret(config.webex.endpoints.search), Route::Search},
      {base::Secret(config.webex.endpoints.captures), Route::Captures},
      {base::Secret(config.webex.endpoints.token), Route::Token}};
  return std::make_unique<monitor::InstrumentedTransport>(std::move(curl), std::move(routes), *metrics, loop);
}

}  // namespace

ApiSession::ApiSession(const Config& config, systemd::EventLoop& loop, const base::Clock& clock, RetryMode mode,
                       monitor::Metrics* metrics)
    : transport(transport_of(config, loop, metrics)),
      tokens(config.webex, *transport, loop, clock),
      api(api_settings(config, mode), tokens, *transport, loop, clock, random) {}

store::Archive open_archive(const Config& config, const base::Clock& clock) {
  return store::Archive::open({config.archive, config.webex.org_id, std::string(kProgram), report_migration_progress},
                              clock.now());
}

store::Archive open_archive_exclusive(const ReadOnlySetup& setup, const base::Clock& clock) {
  // Throws for a missing archive instead of creating one.
  const std::string owner = store::Reader::open(setup.archive).org_id();
  const std::string org_id = setup.config && !setup.config->webex.org_id.empty() ? setup.config->webex.org_id : owner;
  return store::Archive::open({setup.archive, org_id, std::string(kProgram), report_migration_progress}, clock.now());
}

store::Parser transcript_parser() {
  return [](const std::string& raw, const model::TranscriptItem& item) {
    webex::ParsedTranscript parsed = webex::parse_transcript(raw, item.started);
    return store::Parsed{std::move(parsed.conversation), std::move(parsed.error)};
  };
}

}  // namespace wxcc::cli
