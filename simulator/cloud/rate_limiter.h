// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <optional>

namespace wxcc::simulator {

// So many requests within any 60 seconds. A refused one does not count.
class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // 0: no limit.
  explicit RateLimiter(int per_minute) : per_minute_(per_minute) {}

  // Nothing when the request may pass; otherwise after how many whole seconds one may again, at least 1.
  std::optional<std::chrono::seconds> refuse(Time now) {
    if (per_minute_ <= 0) return std::nullopt;
    while (!passed_.empty() && passed_.front() + kWindow <= now) passed_.pop_front();
    if (passed_.size() < static_cast<std::size_t>(per_minute_)) {
      passed_.push_back(now);
      return std::nullopt;
    }
    return std::chrono::ceil<std::chrono::seconds>(passed_.front() + kWindow - now);
  }

 private:
  static constexpr std::chrono::seconds kWindow{60};
  int per_minute_;
  std::deque<Time> passed_;
};

}  // namespace wxcc::simulator
