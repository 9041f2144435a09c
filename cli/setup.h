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

// The configuration with the command line's overrides, and the log set up by it.
Config configure(const GlobalOptions& global);

// The same for commands that only read the archive: with --archive they need no configuration.
struct ReadOnlySetup {
  base::Path archive;
  std::optional<Config> config;
  [[nodiscard]] base::Zone zone() const;
};
ReadOnlySetup configure_reading(const GlobalOptions& global);

webex::TokenKeeper::Options keeper_options(const Config& config);

// The way to the cloud, wired up. The loop and the clock outlive it. Brief: for somebody who waits for the answer, so
// that what does not work is said after one repetition. With metrics every request is counted.
struct CloudSession {
  enum class Patience { Usual, Brief };
  CloudSession(const Config& config, systemd::EventLoop& loop, const base::Clock& clock,
               Patience patience = Patience::Usual, monitor::Metrics* metrics = nullptr);
  std::unique_ptr<net::Transport> transport;
  base::SystemRandom random;
  webex::TokenKeeper tokens;
  webex::ApiClient api;
};

store::Archive open_archive(const Config& config, const base::Clock& clock);

// For commands that change the archive without the cloud: as the only writer, as the archive's own organisation when no
// configuration names one. Throws base::TryAgainLater naming the service that writes.
store::Archive open_archive_alone(const ReadOnlySetup& setup, const base::Clock& clock);

// How this program reads a transcript's bytes.
store::Parser transcript_parser();

}  // namespace wxcc::cli
