// SPDX-License-Identifier: Apache-2.0
#include "net/retry_policy.h"

#include <gtest/gtest.h>

namespace wxcc::net {
namespace {

using base::Millis;

TEST(RetryPolicy, DoublesUpToTheMaxDelay) {
  const RetryPolicy policy{Millis(1'000), Millis(60'000), 100};
  struct Row {
    int attempts;
    int whole;
  };
  for (const auto& [attempts, whole] : {Row{1, 1'000}, Row{2, 2'000}, Row{3, 4'000}, Row{6, 32'000}, Row{7, 60'000},
                                        Row{8, 60'000}, Row{1'000'000, 60'000}}) {
    EXPECT_EQ(policy.backoff(attempts, 0.0), Millis(whole / 2)) << attempts;
    EXPECT_GE(policy.backoff(attempts, 0.999999), Millis(whole - 1)) << attempts;
    EXPECT_LE(policy.backoff(attempts, 0.999999), Millis(whole)) << attempts;
    EXPECT_EQ(policy.backoff(attempts, 0.5), Millis(whole * 3 / 4)) << attempts;
  }
}

TEST(RetryPolicy, CapsInitialDelay) {
  EXPECT_EQ((RetryPolicy{Millis(90'000), Millis(60'000), 5}.backoff(1, 0.0)), Millis(30'000));
}

TEST(RetryPolicy, GivesUpAfterMaxAttempts) {
  const RetryPolicy policy{Millis(1'000), Millis(60'000), 3};
  EXPECT_EQ(policy.next_delay(1, 0.0, std::nullopt), Millis(500));
  EXPECT_EQ(policy.next_delay(2, 0.0, std::nullopt), Millis(1'000));
  EXPECT_EQ(policy.next_delay(3, 0.0, std::nullopt), std::nullopt);
  EXPECT_EQ(policy.next_delay(3, 0.0, Millis(1)), std::nullopt);
}

TEST(RetryPolicy, UsesLongerRetryAfter) {
  const RetryPolicy policy{Millis(1'000), Millis(60'000), 5};
  EXPECT_EQ(policy.next_delay(1, 0.0, Millis(4'000)), Millis(4'000));
  EXPECT_EQ(policy.next_delay(1, 0.0, Millis(90'000)), Millis(90'000));
  EXPECT_EQ(policy.next_delay(4, 0.0, Millis(1'000)), Millis(4'000));
}

}  // namespace
}  // namespace wxcc::net
