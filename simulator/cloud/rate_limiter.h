// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "base/instant.h"

namespace wxcc::simulator {

// Limits the requests within any 60 seconds. Rejected requests do not count.
class RateLimiter {
 public:
  // 0: no limit.
  explicit RateLimiter(int per_minute) : per_minute_(per_minute) {}

  // std::nullopt for an accepted request; otherwise the whole seconds until the next one is accepted, at least 1.
  std::optional<std::chrono::seconds> reject(base::Instant now) {
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
  std::deque<base::Instant> passed_;
};

}  // namespace wxcc::simulator
