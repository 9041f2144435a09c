// SPDX-License-Identifier: Apache-2.0
#include "net/retry_policy.h"

#include <algorithm>

namespace wxcc::net {

base::Millis RetryPolicy::backoff(int attempts, double jitter) const {
  base::Millis step = std::min(initial_delay, max_delay);
  for (int i = 1; i < attempts && step < max_delay; ++i) step = std::min(step * 2, max_delay);
  const double share = 0.5 + std::clamp(jitter, 0.0, 1.0) / 2;
  return base::Millis(static_cast<base::Millis::rep>(static_cast<double>(step.count()) * share));
}

std::optional<base::Millis> RetryPolicy::next_delay(int attempts, double jitter,
                                                    std::optional<base::Millis> server_delay) const {
  if (attempts >= max_attempts) return std::nullopt;
  const base::Millis own = backoff(attempts, jitter);
  return std::max(own, server_delay.value_or(own));
}

}  // namespace wxcc::net
