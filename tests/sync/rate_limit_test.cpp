// SPDX-License-Identifier: Apache-2.0
// A long backlog against the ways in which an API may count 300 requests a minute.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

constexpr int kPerMinute = 300;

// Counts anew at each full minute.
class FixedWindow {
 public:
  std::optional<ch::seconds> reject(base::Millis now) {
    const auto minute = ch::floor<ch::minutes>(now);
    if (minute != minute_) passed_ = 0;
    minute_ = minute;
    if (++passed_ <= kPerMinute) return std::nullopt;
    return ch::ceil<ch::seconds>(minute + ch::minutes{1} - now);
  }

 private:
  ch::minutes minute_{0};
  int passed_ = 0;
};

// Refills evenly and holds so many requests at the most.
class TokenBucket {
 public:
  explicit TokenBucket(double size) : size_(size), tokens_(size) {}
  std::optional<ch::seconds> reject(base::Millis now) {
    tokens_ = std::min(size_, tokens_ + static_cast<double>((now - last_).count()) * kPerMinute / 60'000);
    last_ = now;
    if (tokens_ < 1) return ch::seconds{1};
    tokens_ -= 1;
    return std::nullopt;
  }

 private:
  double size_;
  double tokens_;
  base::Millis last_{};
};

net::Response too_many(ch::seconds wait) {
  net::Response response;
  response.status = 429;
  response.headers = {{"Retry-After", std::to_string(wait.count())}};
  return response;
}

// What came of a backlog of 6,000 tasks.
struct Outcome {
  std::int64_t rejected = 0;
  base::Millis last_rejection{};  // since the start
  double per_minute = 0;          // requests that were let through
};

template <typename Limiter>
Outcome archive_backlog(Limiter limiter) {
  simulator::Options options;
  options.tasks = 7'000;
  options.days = 14;
  options.no_transcript_share = 1;  // downloads do not count
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  Outcome outcome;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (request.url.find("/search") == std::string::npos && request.url.find("/captures/query") == std::string::npos)
      return std::nullopt;
    const auto wait = limiter.reject(harness.time.monotonic_now());
    if (!wait) return std::nullopt;
    ++outcome.rejected;
    outcome.last_rejection = harness.time.monotonic_now() - began;
    return too_many(*wait);
  };
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_GT(harness.archive->reader().counts().tasks(), 5'500);
  EXPECT_GE(harness.api->request_counts().captures, harness.archive->reader().counts().tasks() / 10);
  const double minutes = static_cast<double>((harness.time.monotonic_now() - began).count()) / 60'000;
  outcome.per_minute = static_cast<double>(harness.budgeted_requests() - outcome.rejected) / minutes;
  return outcome;
}

TEST(RateLimit, UsesFixedWindowWithoutExceedingIt) {
  const Outcome outcome = archive_backlog(FixedWindow{});
  EXPECT_EQ(outcome.rejected, 0);
  EXPECT_GE(outcome.per_minute, 0.97 * kPerMinute);
}

TEST(RateLimit, UsesTokenBucketWithoutExceedingIt) {
  for (const double size : {300.0, 10.0}) {
    const Outcome outcome = archive_backlog(TokenBucket{size});
    EXPECT_EQ(outcome.rejected, 0) << size;
    EXPECT_GE(outcome.per_minute, 0.97 * kPerMinute) << size;
  }
}

TEST(RateLimit, ExceedsSmallBucketOnlyAtStart) {
  const Outcome outcome = archive_backlog(TokenBucket{2});
  EXPECT_LE(outcome.rejected, 6);
  EXPECT_LE(outcome.last_rejection, ch::seconds{10});
  EXPECT_GE(outcome.per_minute, 0.96 * kPerMinute);
}

}  // namespace
}  // namespace wxcc::tests
