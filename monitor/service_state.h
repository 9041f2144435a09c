// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "store/types.h"

namespace wxcc::monitor {

// How the archive is doing, told the same way by status, systemd's STATUS= and the log.
enum class State {
  Ok,
  Degraded,     // works, but the last pass failed
  NeedsLogin,   // a person must log in
  Stale,        // nobody has completed a pass for long: the service does not run, or cannot
  NeverSynced,  // no pass was ever completed
};
std::string_view to_text(State state);

// stale_after: how old the last success may be.
State state_of(const store::ServiceRecord& record, base::Instant now, base::Millis stale_after);

// Several missed polls, and long enough not to cry over a reboot.
base::Millis stale_after(base::Millis poll_interval);

// "ok: archived until 2026-01-01 12:00:00 UTC; 12 transcripts pending": one line for systemctl status.
std::string summary(State state, const store::ServiceRecord& record, const model::StateCounts& counts,
                    std::optional<base::Instant> mark);

// Larger than this, the write-ahead log has been kept from being shortened.
inline constexpr std::uintmax_t kLargeLog = std::uintmax_t{256} << 20U;

// What is to be said of a log of that many bytes; nothing while it is of a usual size.
std::optional<std::string> large_log_message(std::uintmax_t bytes);

}  // namespace wxcc::monitor
