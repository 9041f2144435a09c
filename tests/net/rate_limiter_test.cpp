// SPDX-License-Identifier: Apache-2.0
#include "net/rate_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace wxcc::net {
namespace {

using base::Millis;

constexpr Millis kMinute{60'000};

// The largest number of these instants, which are in order, in any span of 60 seconds.
std::size_t busiest_minute(const std::vector<Millis>& sent) {
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < sent.size(); ++last) {
    while (sent[last] - sent[first] >= kMinute) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

// A client that always has another request, for this long.
std::vector<Millis> greedy(int per_minute, Millis length) {
  RateLimiter limiter(per_minute);
  std::vector<Millis> sent;
  for (Millis now{0}; now < length;) {
    const Millis wait = limiter.delay(now);
    if (wait > Millis(0)) {
      now += wait;
      continue;
    }
    limiter.acquire(now);
    sent.push_back(now);
  }
  return sent;
}

TEST(RateLimiter, UsesButNeverExceedsBudgetUnderContinuousDemand) {
  struct Row {
    int per_minute;
    double at_least;  // of the limiter
  };
  for (const auto& [per_minute, at_least] : {Row{60, 0.98}, Row{300, 0.97}, Row{600, 0.97}, Row{3'000, 0.97}}) {
    SCOPED_TRACE(per_minute);
    const auto sent = greedy(per_minute, kMinute * 60);
    EXPECT_LE(busiest_minute(sent), static_cast<std::size_t>(per_minute));
    EXPECT_GE(static_cast<double>(sent.size()) / 60, at_least * per_minute);
  }
}

TEST(RateLimiter, RespectsSmallestBudgets) {
  for (const int per_minute : {1, 2, 3, 10, 49, 50, 51, 149, 151}) {
    SCOPED_TRACE(per_minute);
    const auto sent = greedy(per_minute, kMinute * 30);
    EXPECT_LE(busiest_minute(sent), static_cast<std::size_t>(per_minute));
    EXPECT_GE(sent.size(), 29U);
  }
}

TEST(RateLimiter, NeverExceedsBudgetUnderIrregularDemand) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> idle(0, 20'000);
  std::uniform_int_distribution<int> demand(1, 400);
  RateLimiter limiter(300);
  std::vector<Millis> sent;
  for (Millis now{0}; now < kMinute * 60; now += Millis(idle(random)))
    for (int left = demand(random); left > 0; --left) {
      now += limiter.delay(now);
      limiter.acquire(now);
      sent.push_back(now);
    }
  EXPECT_LE(busiest_minute(sent), 300U);
}

TEST(RateLimiter, SendsFirstRequestAtOnceOnAnyClock) {
  for (const Millis now : {Millis(0), Millis(1), Millis(-1'000), Millis(1'767'225'600'000)})
    EXPECT_EQ(RateLimiter(300).delay(now), Millis(0)) << now.count();
}

TEST(RateLimiter, AllowsSmallBurstAfterIdleTime) {
  RateLimiter limiter(300);
  int at_once = 0;
  while (limiter.delay(Millis(5'000)) == Millis(0)) {
    limiter.acquire(Millis(5'000));
    ++at_once;
  }
  EXPECT_EQ(at_once, 6);
  EXPECT_EQ(limiter.delay(Millis(5'000)), Millis(206));  // 60 s / 292, rounded up
  EXPECT_EQ(limiter.delay(Millis(5'206)), Millis(0));
}

TEST(RateLimiter, BlocksUntilGivenTime) {
  RateLimiter limiter(300);
  limiter.block_until(Millis(4'000));
  EXPECT_EQ(limiter.delay(Millis(0)), Millis(4'000));
  EXPECT_EQ(limiter.delay(Millis(3'999)), Millis(1));
  EXPECT_EQ(limiter.delay(Millis(4'000)), Millis(0));
}

TEST(RateLimiter, AllowsNoBurstAfterBlock) {
  RateLimiter limiter(300);
  limiter.block_until(Millis(4'000));
  limiter.acquire(Millis(4'000));
  EXPECT_EQ(limiter.delay(Millis(4'000)), Millis(206)) << "60 s / 292, rounded up";
}

TEST(RateLimiter, ShorterBlockDoesNotEndLongerOne) {
  RateLimiter limiter(300);
  limiter.block_until(Millis(4'000));
  limiter.block_until(Millis(1'000));
  EXPECT_EQ(limiter.delay(Millis(2'000)), Millis(2'000));
}

TEST(RateLimiter, BlockDoesNotShortenInterval) {
  RateLimiter limiter(60);
  limiter.acquire(Millis(0));
  limiter.block_until(Millis(500));
  EXPECT_EQ(limiter.delay(Millis(0)), Millis(1'017));
}

}  // namespace
}  // namespace wxcc::net
