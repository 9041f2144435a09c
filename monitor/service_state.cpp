// SPDX-License-Identifier: Apache-2.0
#include "monitor/service_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace wxcc::monitor {

State state_of(const store::ServiceRecord& record, base::Instant now, base::Millis stale_after) {
  if (!record.needs_login.empty()) return State::NeedsLogin;
  if (!record.last_success) return State::NeverSynced;
  if (now - *record.last_success > stale_after) return State::Stale;
  // After a clock was set back, timestamps from before lie ahead and do not say which came first.
  const bool set_back = *record.last_success > now + std::chrono::minutes{1};
  if (record.last_error_at && (set_back || *record.last_error_at > *record.last_success)) return State::Degraded;
  return State::Ok;
}

base::Millis stale_threshold(base::Millis poll_interval) {
  return std::max<base::Millis>(poll_interval * 5, std::chrono::minutes{15});
}

std::optional<std::string> wal_size_warning(std::uintmax_t bytes) {
  if (bytes <= kLargeWalBytes) return std::nullopt;
  return fmt::format("WAL is {} MiB: a long-running reader blocks the checkpoint", bytes >> 20U);
}

}  // namespace wxcc::monitor
