// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/rate_limiter.h"

#include <gtest/gtest.h>

namespace wxcc::simulator {
namespace {

using namespace std::chrono_literals;

TEST(RateLimiter, SlidesOverSixtySeconds) {
  RateLimiter limiter(3);
  const base::Instant start{};
  EXPECT_FALSE(limiter.reject(start));
  EXPECT_FALSE(limiter.reject(start + 10s));
  EXPECT_FALSE(limiter.reject(start + 20s));
  EXPECT_EQ(limiter.reject(start + 20500ms), 40s) << "rounded up to whole seconds";
  EXPECT_EQ(limiter.reject(start + 59999ms), 1s);
  EXPECT_FALSE(limiter.reject(start + 60s)) << "a rejected request does not count";
  EXPECT_EQ(limiter.reject(start + 61s), 9s);
}

TEST(RateLimiter, ZeroMeansNoLimit) {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limiter.reject({}));
}

}  // namespace
}  // namespace wxcc::simulator
