// SPDX-License-Identifier: Apache-2.0
#include "net/rate_limiter.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace wxcc::net {
namespace {

using Micros = std::chrono::microseconds;

constexpr Micros kMinute = std::chrono::minutes(1);
// Before any reading of any clock, and far enough from the type's limits to be calculated with.
constexpr Micros kLongAgo{std::numeric_limits<std::int64_t>::min() / 4};

}  // namespace

// In any span of 60 s at most burst + ceil(60 s / interval) - 1 requests leave, which is below per_minute - margin.
RateLimiter::RateLimiter(int per_minute)
    : next_due_(kLongAgo), blocked_until_(std::chrono::duration_cast<base::Millis>(kLongAgo)) {
  const int burst = std::max(1, per_minute / 50);
  const int margin = per_minute / 150;
  const int pace = std::max(1, per_minute - burst - margin);
  interval_ = (kMinute + Micros(pace - 1)) / pace;
  burst_tolerance_ = interval_ * (burst - 1);
}

base::Millis RateLimiter::delay(base::Millis now) const {
  const Micros earliest = std::max(next_due_ - burst_tolerance_, Micros(blocked_until_));
  return std::max(base::Millis(0), std::chrono::ceil<base::Millis>(earliest - Micros(now)));
}

void RateLimiter::acquire(base::Millis now) {
  next_due_ = std::max(next_due_, Micros(now)) + interval_;
}

void RateLimiter::block_until(base::Millis when) {
  blocked_until_ = std::max(blocked_until_, when);
  next_due_ = std::max(next_due_, Micros(blocked_until_) + burst_tolerance_);
}

}  // namespace wxcc::net
