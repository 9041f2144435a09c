// SPDX-License-Identifier: Apache-2.0
#include "webex/request_queue.h"

#include <utility>

namespace wxcc::webex {

RequestQueue::RequestQueue(int requests_per_minute, base::Timers& timers)
    : limiter_(requests_per_minute), timers_(timers), timer_(timers.add_timer([this] { dispatch(); })) {}

void RequestQueue::submit(Priority priority, std::weak_ptr<void> owner, std::function<void()> send) {
  entries_[static_cast<std::size_t>(priority)].push_back({std::move(owner), std::move(send)});
  dispatch();
}

void RequestQueue::pause_for(base::Millis delay) {
  limiter_.block_until(timers_.monotonic_now() + delay);
}

void RequestQueue::dispatch() {
  for (;;) {
    auto& queue = entries_[0].empty() ? entries_[1] : entries_[0];
    if (queue.empty()) return;
    if (queue.front().owner.expired()) {
      queue.pop_front();
      continue;
    }
    const base::Millis delay = limiter_.delay(timers_.monotonic_now());
    if (delay > base::Millis{0}) return timer_->start(delay);
    limiter_.acquire(timers_.monotonic_now());
    const Entry next = std::move(queue.front());
    queue.pop_front();
    const auto owner = next.owner.lock();
    next.send();
  }
}

}  // namespace wxcc::webex
