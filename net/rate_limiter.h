// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/instant.h"

namespace wxcc::net {

// Decides when a request may leave so that no 60 seconds hold more than `per_minute` of them: a small burst, then an
// even pace (the generic cell rate algorithm), with a margin for requests that the network bunches together. The burst
// is a 50th of per_minute, the margin a 150th: continuous demand gets 97.3 % of 300. Pure: the time is a parameter, on
// any clock that does not step.
class RateLimiter {
 public:
  // At least 1.
  explicit RateLimiter(int per_minute);

  // How long until the next request may leave; zero: now.
  [[nodiscard]] base::Millis delay(base::Millis now) const;
  // A request leaves.
  void acquire(base::Millis now);
  // After a 429: nothing leaves before then, and no burst follows, since the burst may be what the server rejects.
  void block_until(base::Millis when);

 private:
  std::chrono::microseconds interval_;
  std::chrono::microseconds burst_tolerance_;
  std::chrono::microseconds next_due_;  // theoretical arrival time of the next request
  base::Millis blocked_until_;
};

}  // namespace wxcc::net
