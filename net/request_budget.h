// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/instant.h"

namespace wxcc::net {

// Decides when a request may leave so that no 60 seconds hold more than `per_minute` of them: a small burst, then an
// even pace (the generic cell rate algorithm), with a margin for requests that the network bunches together. The burst
// is a 50th of the budget, the margin a 150th: whoever always has something to send gets 97.3 % of 300. Pure: the time
// is a parameter, on any clock that does not step.
class RequestBudget {
 public:
  // At least 1.
  explicit RequestBudget(int per_minute);

  // How long to wait before the next request may leave; zero: now.
  [[nodiscard]] base::Millis wait(base::Millis now) const;
  // A request leaves.
  void take(base::Millis now);
  // The server said 429: nothing leaves before then, and no burst follows: it may be what the server does not take.
  void hold_until(base::Millis when);

 private:
  std::chrono::microseconds interval_;
  std::chrono::microseconds burst_tolerance_;
  std::chrono::microseconds next_due_;  // theoretical arrival time of the next request
  base::Millis held_until_;
};

}  // namespace wxcc::net
