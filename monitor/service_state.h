// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "store/service_state.h"

namespace wxcc::monitor {

// The state of the archive; status, systemd's STATUS=, the log and the metrics have the same words.
enum class State {
  Ok,
  Degraded,     // works, but the last pass failed
  NeedsLogin,   // a person must log in
  Stale,        // no pass has completed for a long time: the service does not run, or fails
  NeverSynced,  // no pass has ever completed
  Unreadable,   // the archive cannot be read, so that nothing else is known
};
inline constexpr auto kStateNames = base::enum_names<State>({{State::Ok, "ok"},
                                                             {State::Degraded, "degraded"},
                                                             {State::NeedsLogin, "needs-login"},
                                                             {State::Stale, "stale"},
                                                             {State::NeverSynced, "never-synced"},
                                                             {State::Unreadable, "unreadable"}});
[[nodiscard]] constexpr std::string_view to_text(State state) {
  return kStateNames.text_of(state);
}

// Of an archive that can be read. stale_after: how old the last success may be.
[[nodiscard]] State state_of(const store::ServiceRecord& record, base::Instant now, base::Millis stale_after);

// Several missed polls, and long enough to tolerate a reboot.
[[nodiscard]] base::Millis stale_threshold(base::Millis poll_interval);

// A larger WAL (archive.db-wal) is one that checkpoints cannot shorten.
inline constexpr std::uintmax_t kLargeWalBytes = std::uintmax_t{256} << 20U;

// The warning for a WAL of that many bytes; std::nullopt up to kLargeWalBytes.
[[nodiscard]] std::optional<std::string> wal_size_warning(std::uintmax_t bytes);

}  // namespace wxcc::monitor
