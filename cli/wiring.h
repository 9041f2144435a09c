// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/random.h"
#include "cli/arguments.h"
#include "cli/config/config.h"
#include "monitor/metrics.h"
#include "net/transport.h"
#include "store/archive.h"
#include "systemd/event_loop.h"
#include "webex/api_client.h"
#include "webex/token_keeper.h"

namespace wxcc::cli {

// The configuration with the overrides of the command line; configures the log.
Config configure(const GlobalOptions& global);

// The same for commands that only read the archive: with --archive they need no configuration.
struct ReadOnlySetup {
  base::Path archive;
  std::optional<Config> config;
  [[nodiscard]] base::Zone zone() const;
};
ReadOnlySetup configure_read_only(const GlobalOptions& global);

// The calls of the Webex API, wired up. The loop and the clock outlive it. With metrics every request is counted.
struct ApiSession {
  // FailFast: one retry, for interactive commands.
  enum class RetryMode { Default, FailFast };
  ApiSession(const Config& config, systemd::EventLoop& loop, const base::Clock& clock,
             RetryMode mode = RetryMode::Default, monitor::Metrics* metrics = nullptr);
  std::unique_ptr<net::Transport> transport;
  base::SystemRandom random;
  webex::TokenKeeper tokens;
  webex::ApiClient api;
};

store::Archive open_archive(const Config& config, const base::Clock& clock);

// For commands that change the archive without the API: as the only writer, as the archive's own organisation when no
// configuration names one. Throws base::TemporaryFailure naming the service that writes.
store::Archive open_archive_exclusive(const ReadOnlySetup& setup, const base::Clock& clock);

// The parser of transcripts that every command uses.
store::Parser transcript_parser();

}  // namespace wxcc::cli
