// SPDX-License-Identifier: Apache-2.0
#include "monitor/login_expiry.h"

#include <gtest/gtest.h>

#include <vector>

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(LoginEnd, IsWarnedOfAheadOfTime) {
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
    EXPECT_EQ(login_warning(kNow + row.left, kNow), row.warning) << row.left.count();
  EXPECT_EQ(login_warning(std::nullopt, kNow), std::nullopt);
}

TEST(LoginEnd, IsSaidInOneLine) {
  EXPECT_EQ(login_end_message(kNow + ch::days{6}, kNow),
            "the login ends in 6d, on 2026-11-28 12:00:00 UTC, unless a refresh extends it; log in before then");
  EXPECT_FALSE(login_end_message(kNow + ch::days{60}, kNow));
}

TEST(LoginEnd, EachWarningIsSaidOnceAndTheFirstAtTheStart) {
  const base::Instant end = kNow + ch::days{40};
  LoginWarnings warnings;
  std::vector<long> said;
  for (base::Instant now = kNow; now < end + ch::days{2}; now += ch::hours{1})
    if (warnings.next(end, now)) said.push_back(ch::floor<ch::days>(end - now).count());
  EXPECT_EQ(said, (std::vector<long>{30, 14, 7, 3, 1}));
  EXPECT_TRUE(LoginWarnings().next(end, end - ch::days{5})) << "at the start, whatever was said before";
}

TEST(LoginEnd, AnExtendedLoginStartsAnew) {
  LoginWarnings warnings;
  EXPECT_TRUE(warnings.next(kNow + ch::days{2}, kNow));
  EXPECT_FALSE(warnings.next(kNow + ch::days{90}, kNow));
  EXPECT_TRUE(warnings.next(kNow + ch::days{29}, kNow));
  EXPECT_FALSE(warnings.next(kNow + ch::days{29}, kNow));
}

}  // namespace
}  // namespace wxcc::monitor
