// SPDX-License-Identifier: Apache-2.0
#include "monitor/service_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/zone.h"

namespace wxcc::monitor {
std::string_view to_text(State state) {
  switch (state) {
    case State::Ok:
      return "ok";
    case State::Degraded:
      return "degraded";
    case State::NeedsLogin:
      return "needs-login";
    case State::Stale:
      return "stale";
    case State::NeverSynced:
      return "never-synced";
  }
  return "";
}

State state_of(const store::ServiceRecord& record, base::Instant now, base::Millis stale_after) {
  if (!record.needs_login.empty()) return State::NeedsLogin;
  if (!record.last_success) return State::NeverSynced;
  if (now - *record.last_success > stale_after) return State::Stale;
  // After a clock was set back, stamps of before lie ahead and say nothing of what came first.
  const bool set_back = *record.last_success > now + std::chrono::minutes{1};
  if (record.last_error_at && (set_back || *record.last_error_at > *record.last_success)) return State::Degraded;
  return State::Ok;
}

base::Millis stale_after(base::Millis poll_interval) {
  return std::max<base::Millis>(poll_interval * 5, std::chrono::minutes{15});
}

std::string summary(State state, const store::ServiceRecord& record, const model::StateCounts& counts,
                    std::optional<base::Instant> mark) {
  std::string line(to_text(state));
  line += mark ? fmt::format(": archived until {} UTC", base::Zone::utc().format(*mark)) : ": nothing archived yet";
  if (counts[model::TranscriptState::Pending] > 0)
    line += fmt::format("; {} transcripts pending", counts[model::TranscriptState::Pending]);
  if (counts[model::TranscriptState::Failed] > 0)
    line += fmt::format("; {} failed", counts[model::TranscriptState::Failed]);
  if (state == State::NeedsLogin) return line + "; " + record.needs_login;
  if (state != State::Ok && !record.last_error.empty()) line += "; last error: " + record.last_error;
  return line;
}

std::optional<std::string> large_log_message(std::uintmax_t bytes) {
  if (bytes <= kLargeLog) return std::nullopt;
  return fmt::format(
      "the archive's log has {} MiB: a program that has been reading for long keeps it from being shortened",
      bytes >> 20U);
}

}  // namespace wxcc::monitor
