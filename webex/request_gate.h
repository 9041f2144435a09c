// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>

#include "base/timers.h"
#include "net/request_budget.h"

namespace wxcc::webex {

// Live work goes before backfill.
enum class Priority { Live, Background };

// The queue in front of the one request budget that search and captures share.
class RequestGate {
 public:
  RequestGate(int requests_per_minute, base::Timers& timers);

  // Calls back when a request of this priority may leave; at once when one may now. A waiting call is dropped when what
  // the token refers to is gone.
  void enter(Priority priority, std::weak_ptr<void> alive, std::function<void()> go);
  // Nothing leaves for this long: the cloud said 429.
  void hold(base::Millis pause);

 private:
  struct Waiting {
    std::weak_ptr<void> alive;
    std::function<void()> go;
  };
  void release();

  net::RequestBudget budget_;
  base::Timers& timers_;
  std::array<std::deque<Waiting>, 2> waiting_;  // by Priority
  std::unique_ptr<base::Timer> timer_;
};

}  // namespace wxcc::webex
