// SPDX-License-Identifier: Apache-2.0
#include "monitor/login_expiry.h"

#include <gtest/gtest.h>

#include <vector>

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(LoginExpiry, WarnsAheadOfExpiry) {
  struct Row {
    base::Millis left;
    std::optional<int> warning;
  };
  for (const Row& row : std::vector<Row>{{ch::days{90}, std::nullopt},
                                         {ch::days{30} + ch::seconds{1}, std::nullopt},
                                         {ch::days{30}, 30},
                                         {ch::days{14} + ch::seconds{1}, 30},
                                         {ch::days{14}, 14},
                                         {ch::days{7}, 7},
                                         {ch::days{4}, 7},
                                         {ch::days{3}, 3},
                                         {ch::days{1}, 1},
                                         {ch::seconds{1}, 1},
                                         {ch::seconds{0}, std::nullopt},
                                         {ch::days{-1}, std::nullopt}})
    EXPECT_EQ(login_warning_days(kNow + row.left, kNow), row.warning) << row.left.count();
  EXPECT_EQ(login_warning_days(std::nullopt, kNow), std::nullopt);
}

TEST(LoginExpiry, MessageIsOneLine) {
  EXPECT_EQ(login_expiry_message(kNow + ch::days{6}, kNow),
            "the login expires in 6d, on 2026-11-28 12:00:00 UTC, unless a refresh extends it; log in before then");
  EXPECT_FALSE(login_expiry_message(kNow + ch::days{60}, kNow));
}

TEST(LoginExpiry, GivesEachWarningOnce) {
  const base::Instant end = kNow + ch::days{40};
  LoginExpiryNotifier notifier;
  std::vector<long> warned;
  for (base::Instant now = kNow; now < end + ch::days{2}; now += ch::hours{1})
    if (notifier.next(end, now)) warned.push_back(ch::floor<ch::days>(end - now).count());
  EXPECT_EQ(warned, (std::vector<long>{30, 14, 7, 3, 1}));
  EXPECT_TRUE(LoginExpiryNotifier().next(end, end - ch::days{5})) << "at the start, whatever was warned before";
}

TEST(LoginExpiry, StartsAgainWhenLoginIsExtended) {
  LoginExpiryNotifier notifier;
  EXPECT_TRUE(notifier.next(kNow + ch::days{2}, kNow));
  EXPECT_FALSE(notifier.next(kNow + ch::days{90}, kNow));
  EXPECT_TRUE(notifier.next(kNow + ch::days{29}, kNow));
  EXPECT_FALSE(notifier.next(kNow + ch::days{29}, kNow));
}

}  // namespace
}  // namespace wxcc::monitor
