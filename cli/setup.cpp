// SPDX-License-Identifier: Apache-2.0
#include "cli/setup.h"

#include "base/error.h"
#include "cli/version.h"

namespace wxcc::cli {

namespace {

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
    base::log::set_up(config.log);
  } catch (const std::exception& error) {
    throw base::ConfigurationError(std::string("log_file: ") + error.what());
  }
  for (const std::string& warning : config.warnings) base::log::warning("{}", warning);
  return config;
}

base::Zone ReadOnlySetup::zone() const {
  return config && config->zone ? *config->zone : base::Zone::of_system();
}

ReadOnlySetup configure_reading(const GlobalOptions& global) {
  if (global.archive && !global.config) {
    if (global.log_level) base::log::set_level(*global.log_level);
    return {*global.archive, std::nullopt};
  }
  Config config = load(global);
  // The log file is the service's: those who only read may not write there, and would rotate it under the service.
  config.log.file.reset();
  base::log::set_up(config.log);
  for (const std::string& warning : config.warnings) base::log::warning("{}", warning);
  return {config.archive, std::move(config)};
}

webex::TokenKeeper::Options keeper_options(const Config& config) {
  return {config.token_file, config.endpoints.token, config.client, config.org_id, config.seed};
}

CloudSession::CloudSession(const Config& config, systemd::EventLoop& loop, const base::Clock& clock)
    : transport(loop, {config.ca_file, std::string(kProgram), 32}),
      tokens(keeper_options(config), transport, loop, clock),
      cloud({config.endpoints, config.org_id, config.requests_per_minute, config.url_expiration_minutes, {}}, tokens,
            transport, loop, clock) {}

store::Archive open_archive(const Config& config, const base::Clock& clock) {
  return store::Archive::open({config.archive, config.org_id, std::string(kProgram)}, clock.now());
}

}  // namespace wxcc::cli
