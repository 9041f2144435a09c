// SPDX-License-Identifier: Apache-2.0
#include "webex/request_gate.h"

#include <utility>

namespace wxcc::webex {

RequestGate::RequestGate(int requests_per_minute, base::Timers& timers)
    : budget_(requests_per_minute), timers_(timers), timer_(timers.add_timer([this] { release(); })) {}

void RequestGate::enter(Priority priority, std::weak_ptr<void> alive, std::function<void()> go) {
  waiting_[static_cast<std::size_t>(priority)].push_back({std::move(alive), std::move(go)});
  release();
}

void RequestGate::hold(base::Millis pause) {
  budget_.hold_until(timers_.monotonic_now() + pause);
}

void RequestGate::release() {
  for (;;) {
    auto& queue = waiting_[0].empty() ? waiting_[1] : waiting_[0];
    if (queue.empty()) return;
    if (queue.front().alive.expired()) {
      queue.pop_front();
      continue;
    }
    const base::Millis wait = budget_.wait(timers_.monotonic_now());
    if (wait > base::Millis{0}) return timer_->start(wait);
    budget_.take(timers_.monotonic_now());
    const Waiting next = std::move(queue.front());
    queue.pop_front();
    const auto alive = next.alive.lock();
    next.go();
  }
}

}  // namespace wxcc::webex
