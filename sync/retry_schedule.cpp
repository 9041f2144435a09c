// SPDX-License-Identifier: Apache-2.0
#include "sync/retry_schedule.h"

#include <algorithm>
#include <chrono>

#include "net/retry_delays.h"

namespace wxcc::sync {

using base::Instant;
using base::Millis;

std::optional<Instant> next_availability_check(Instant ended, Instant now, Millis deadline) {
  const Millis age = now - ended;
  if (age >= deadline) return std::nullopt;
  return now + std::clamp(age, net::kMinAvailabilityDelay, net::kMaxAvailabilityDelay);
}

std::optional<Instant> next_retry(const store::DueTask& task, Instant now, Millis deadline) {
  if (now - std::max(task.ended, task.first_seen) >= deadline) return std::nullopt;
  constexpr int kMaxDoublings = 9;
  const Millis delay =
      std::min(net::kMaxFetchRetry, net::kInitialFetchRetry * (1 << std::clamp(task.attempts, 0, kMaxDoublings)));
  return std::chrono::ceil<std::chrono::minutes>(now + delay);
}

std::optional<Instant> recheck_time(const store::DueTask& task, std::optional<Instant> newest, Instant now,
                                    Millis recheck_delay, ParseOutcome outcome) {
  if (task.recheck || recheck_delay <= Millis{0}) return std::nullopt;
  const Instant last_change = std::max(task.ended, newest.value_or(task.ended));
  if (outcome == ParseOutcome::Complete && now - last_change >= recheck_delay) return std::nullopt;
  return now + recheck_delay;
}

}  // namespace wxcc::sync
