// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>

#include "base/timers.h"
#include "net/rate_limiter.h"

namespace wxcc::webex {

// Live work goes before backfill.
enum class Priority { Live, Background };

// The queue in front of the one request budget that search and captures share. Strict: background requests are sent
// only while no live one waits.
class RequestQueue {
 public:
  RequestQueue(int requests_per_minute, base::Timers& timers);

  // Calls `send` when a request of this priority may leave; at once when one may now. The entry is dropped when its
  // owner is destroyed before.
  void submit(Priority priority, std::weak_ptr<void> owner, std::function<void()> send);
  // Nothing leaves for this long: the API responded 429. An armed timer stays as it is; dispatch() computes the delay
  // again when it fires.
  void pause_for(base::Millis delay);

 private:
  struct Entry {
    std::weak_ptr<void> owner;
    std::function<void()> send;
  };
  void dispatch();

  net::RateLimiter limiter_;
  base::Timers& timers_;
  std::array<std::deque<Entry>, 2> entries_;  // by Priority
  std::unique_ptr<base::Timer> timer_;
};

}  // namespace wxcc::webex
