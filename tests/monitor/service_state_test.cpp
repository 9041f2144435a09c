// SPDX-License-Identifier: Apache-2.0
#include "monitor/service_state.h"

#include <gtest/gtest.h>

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(Health, FollowsTheServicesRecord) {
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
  record.needs_login = "expired";
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::NeedsLogin);
}

TEST(Health, IsNotGoodAfterTheClockWasSetBackAndPollsFail) {
  store::ServiceRecord record;
  record.last_success = kNow + ch::hours{1};
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Ok);
  record.last_error_at = kNow;
  EXPECT_EQ(state_of(record, kNow, ch::minutes{15}), State::Degraded);
}

TEST(Health, IsToldInOneLine) {
  store::ServiceRecord record;
  record.last_success = kNow;
  model::StateCounts counts;
  counts[model::TranscriptState::Pending] = 12;
  EXPECT_EQ(summary(State::Ok, record, counts, kNow),
            "ok: archived until 2026-11-22 12:00:00 UTC; 12 transcripts pending");
  record.last_error = "search: answered 503: (no text)";
  EXPECT_EQ(summary(State::Degraded, record, {}, std::nullopt),
            "degraded: nothing archived yet; last error: search: answered 503: (no text)");
  record.needs_login = "no usable token: log in";
  EXPECT_EQ(summary(State::NeedsLogin, record, {}, kNow),
            "needs-login: archived until 2026-11-22 12:00:00 UTC; no usable token: log in");
}

TEST(Health, TellsOfALogThatIsNotShortened) {
  EXPECT_EQ(large_log_message(0), std::nullopt);
  EXPECT_EQ(large_log_message(256U << 20U), std::nullopt);
  EXPECT_NE(large_log_message(300U << 20U).value_or("").find("has 300 MiB"), std::string::npos);
}

TEST(Health, PatienceGrowsWithThePollInterval) {
  EXPECT_EQ(stale_after(ch::seconds{60}), ch::minutes{15});
  EXPECT_EQ(stale_after(ch::hours{1}), ch::hours{5});
}

}  // namespace
}  // namespace wxcc::monitor
