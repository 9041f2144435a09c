// SPDX-License-Identifier: Apache-2.0
#include "sync/retry_schedule.h"

#include <gtest/gtest.h>

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;
using base::Instant;
using base::Millis;

const Instant kEnded = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(RetrySchedule, SpacesAvailabilityChecksByTaskAge) {
  struct Row {
    Millis age;
    Millis delay;
  };
  const Row rows[] = {{ch::seconds{0}, ch::seconds{30}},
                      {ch::seconds{10}, ch::seconds{30}},
                      {ch::minutes{5}, ch::minutes{5}},
                      {ch::hours{2}, ch::hours{2}},
                      {ch::hours{20}, ch::hours{6}}};
  for (const Row& row : rows)
    EXPECT_EQ(next_availability_check(kEnded, kEnded + row.age, ch::hours{72}), kEnded + row.age + row.delay)
        << row.age.count();
  EXPECT_FALSE(next_availability_check(kEnded, kEnded + ch::hours{72}, ch::hours{72}));
}

TEST(RetrySchedule, LimitsChecksForMissingTranscript) {
  int requests = 1;
  std::optional<Instant> next = next_availability_check(kEnded, kEnded, ch::hours{72});
  while (next) {
    ++requests;
    next = next_availability_check(kEnded, *next, ch::hours{72});
  }
  EXPECT_LE(requests, 25);
  EXPECT_GE(requests, 15);
}

TEST(RetrySchedule, BacksOffUntilDeadlineSinceFirstSeen) {
  store::DueTask task{"t", kEnded, kEnded + ch::days{30}, 0, false};  // found by a backfill
  const Instant now = kEnded + ch::days{30};
  EXPECT_EQ(next_retry(task, now, ch::hours{72}), now + ch::minutes{1});
  task.attempts = 3;
  EXPECT_EQ(next_retry(task, now, ch::hours{72}), now + ch::minutes{8});
  task.attempts = 1'000'000;
  EXPECT_EQ(next_retry(task, now, ch::hours{72}), now + ch::hours{6});
  EXPECT_FALSE(next_retry(task, now + ch::hours{72}, ch::hours{72}));
}

TEST(RetrySchedule, RetriesTasksTogetherWhenFailedWithinMinute) {
  const store::DueTask task{"t", kEnded, kEnded, 0, false};
  const Instant minute = kEnded + ch::minutes{10};
  EXPECT_EQ(next_retry(task, minute + ch::milliseconds{1}, ch::hours{72}), minute + ch::minutes{2});
  EXPECT_EQ(next_retry(task, minute + ch::seconds{59}, ch::hours{72}), minute + ch::minutes{2});
  EXPECT_EQ(next_retry(task, minute + ch::seconds{60}, ch::hours{72}), minute + ch::minutes{2});
  EXPECT_EQ(next_retry(task, minute + ch::seconds{61}, ch::hours{72}), minute + ch::minutes{3});
}

TEST(RetrySchedule, RechecksRecentTasksOnce) {
  store::DueTask task{"t", kEnded, kEnded, 0, false};
  const Instant now = kEnded + ch::minutes{2};
  EXPECT_EQ(recheck_time(task, std::nullopt, now, ch::hours{6}), now + ch::hours{6});
  EXPECT_FALSE(recheck_time(task, std::nullopt, kEnded + ch::hours{6}, ch::hours{6})) << "settled long ago";
  EXPECT_EQ(recheck_time(task, kEnded + ch::hours{40}, kEnded + ch::hours{41}, ch::hours{6}), kEnded + ch::hours{47})
      << "a transcript that came late";
  EXPECT_FALSE(recheck_time(task, std::nullopt, now, Millis{0})) << "switched off";
  task.recheck = true;
  EXPECT_FALSE(recheck_time(task, std::nullopt, now, ch::hours{6}));
}

TEST(RetrySchedule, RechecksUnparsedTranscriptAtAnyAge) {
  store::DueTask task{"t", kEnded, kEnded, 0, false};
  const Instant now = kEnded + ch::days{300};
  EXPECT_EQ(recheck_time(task, std::nullopt, now, ch::hours{6}, ParseOutcome::Partial), now + ch::hours{6});
  EXPECT_FALSE(recheck_time(task, std::nullopt, now, ch::hours{6}, ParseOutcome::Complete));
  EXPECT_FALSE(recheck_time(task, std::nullopt, now, Millis{0}, ParseOutcome::Partial)) << "switched off";
  task.recheck = true;
  EXPECT_FALSE(recheck_time(task, std::nullopt, now, ch::hours{6}, ParseOutcome::Partial));
}

}  // namespace
}  // namespace wxcc::sync
