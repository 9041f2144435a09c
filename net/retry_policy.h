// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>

#include "base/instant.h"

namespace wxcc::net {

// Exponential backoff with equal jitter: half of the step plus a random half, so that many waiting clients do not come
// back together. Steps double from initial_delay to max_delay. All policies in use stand in net/retry_delays.h.
struct RetryPolicy {
  static constexpr int kUnlimitedAttempts = std::numeric_limits<int>::max();

  base::Millis initial_delay;
  base::Millis max_delay;
  int max_attempts;

  // The delay after `attempts` failures in a row (at least 1); jitter is in [0, 1).
  [[nodiscard]] base::Millis backoff(int attempts, double jitter) const;
  // The same, or server_delay (Retry-After) when that is longer. std::nullopt: give up.
  [[nodiscard]] std::optional<base::Millis> next_delay(int attempts, double jitter,
                                                       std::optional<base::Millis> server_delay) const;
};

}  // namespace wxcc::net
