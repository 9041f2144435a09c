// SPDX-License-Identifier: Apache-2.0
#include "monitor/service_state.h"

#include <gtest/gtest.h>

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(ServiceState, FollowsServiceRecord) {
  store::ServiceRecord record;
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::NeverSynced);
  record.last_success = kNow - ch::minutes{1};
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Ok);
  record.last_error_at = kNow - ch::minutes{2};
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Ok) << "it worked since";
  record.last_error_at = kNow;
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Degraded);
  record.last_success = kNow - ch::hours{1};
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Stale);
  record.last_success = kNow - ch::minutes{15};
  record.last_error_at.reset();
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Ok) << "not older than the threshold";
  record.needs_login = "expired";
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::NeedsLogin);
}

TEST(ServiceState, IsDegradedWhenPollsFailAfterClockSetBack) {
  store::ServiceRecord record;
  record.last_success = kNow + ch::hours{1};
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Ok);
  record.last_error_at = kNow;
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Degraded);
  record.last_success = kNow + ch::seconds{30};
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Ok) << "a small step of the clock does not count";
}

TEST(ServiceState, WarnsOfLargeWal) {
  EXPECT_EQ(wal_size_warning(0), std::nullopt);
  EXPECT_EQ(wal_size_warning(256U << 20U), std::nullopt);
  EXPECT_NE(wal_size_warning(300U << 20U).value_or("").find("WAL is 300 MiB"), std::string::npos);
}

TEST(ServiceState, StaleThresholdGrowsWithPollInterval) {
  EXPECT_EQ(stale_threshold(ch::seconds{60}), ch::minutes{15});
  EXPECT_EQ(stale_threshold(ch::hours{1}), ch::hours{5});
}

}  // namespace
}  // namespace wxcc::monitor
