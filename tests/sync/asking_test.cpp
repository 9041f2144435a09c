// SPDX-License-Identifier: Apache-2.0
#include "sync/asking.h"

#include <gtest/gtest.h>

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;
using base::Instant;
using base::Millis;

const Instant kEnded = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(Asking, PausesGrowWithTheTasksAge) {
  struct Row {
    Millis age;
    Millis pause;
  };
  const Row rows[] = {{ch::seconds{0}, ch::seconds{30}},
                      {ch::seconds{10}, ch::seconds{30}},
                      {ch::minutes{5}, ch::minutes{5}},
                      {ch::hours{2}, ch::hours{2}},
                      {ch::hours{20}, ch::hours{6}}};
  for (const Row& row : rows)
    EXPECT_EQ(next_asking(kEnded, kEnded + row.age, ch::hours{72}), kEnded + row.age + row.pause) << row.age.count();
  EXPECT_FALSE(next_asking(kEnded, kEnded + ch::hours{72}, ch::hours{72}));
}

TEST(Asking, ATranscriptThatNeverComesCostsFewAskings) {
  int askings = 1;
  std::optional<Instant> next = next_asking(kEnded, kEnded, ch::hours{72});
  while (next) {
    ++askings;
    next = next_asking(kEnded, *next, ch::hours{72});
  }
  EXPECT_LE(askings, 25);
  EXPECT_GE(askings, 15);
}

TEST(Asking, WhatWasFoundAfterTheDeadlineIsAskedForThreeTimes) {
  const Instant now = kEnded + ch::days{30};
  store::DueTask task{"t", kEnded, now, 0, false};
  EXPECT_EQ(next_asking(task, now, ch::hours{72}), now + ch::minutes{30});
  task.attempts = 1;
  EXPECT_EQ(next_asking(task, now, ch::hours{72}), now + ch::hours{2});
  task.attempts = 2;
  EXPECT_FALSE(next_asking(task, now, ch::hours{72}));
  task.attempts = 0;
  task.was_absent = true;
  EXPECT_FALSE(next_asking(task, now, ch::hours{72}));
  EXPECT_EQ(next_asking(task, kEnded + ch::hours{2}, ch::hours{72}), kEnded + ch::hours{4}) << "within the deadline";
}

TEST(Asking, FailuresBackOffFromWhenTheTranscriptWasFirstWanted) {
  store::DueTask task{"t", kEnded, kEnded + ch::days{30}, 0, false};  // found by a backfill
  const Instant now = kEnded + ch::days{30};
  EXPECT_EQ(next_try(task, now, ch::hours{72}), now + ch::minutes{1});
  task.attempts = 3;
  EXPECT_EQ(next_try(task, now, ch::hours{72}), now + ch::minutes{8});
  task.attempts = 1'000'000;
  EXPECT_EQ(next_try(task, now, ch::hours{72}), now + ch::hours{6});
  EXPECT_FALSE(next_try(task, now + ch::hours{72}, ch::hours{72}));
}

TEST(Asking, ASecondLookIsForRecentTasksAndHappensOnce) {
  store::DueTask task{"t", kEnded, kEnded, 0, false};
  const Instant now = kEnded + ch::minutes{2};
  EXPECT_EQ(second_look_at(task, std::nullopt, now, ch::hours{6}), now + ch::hours{6});
  EXPECT_FALSE(second_look_at(task, std::nullopt, kEnded + ch::hours{6}, ch::hours{6})) << "settled long ago";
  EXPECT_EQ(second_look_at(task, kEnded + ch::hours{40}, kEnded + ch::hours{41}, ch::hours{6}), kEnded + ch::hours{47})
      << "a transcript that came late";
  EXPECT_FALSE(second_look_at(task, std::nullopt, now, Millis{0})) << "switched off";
  task.second_look = true;
  EXPECT_FALSE(second_look_at(task, std::nullopt, now, ch::hours{6}));
}

TEST(Asking, WhatCouldNotBeReadIsLookedAtOnceMoreHoweverOldTheTask) {
  store::DueTask task{"t", kEnded, kEnded, 0, false};
  const Instant now = kEnded + ch::days{300};
  EXPECT_EQ(second_look_at(task, std::nullopt, now, ch::hours{6}, Readable::InPart), now + ch::hours{6});
  EXPECT_FALSE(second_look_at(task, std::nullopt, now, ch::hours{6}, Readable::Whole));
  EXPECT_FALSE(second_look_at(task, std::nullopt, now, Millis{0}, Readable::InPart)) << "switched off";
  task.second_look = true;
  EXPECT_FALSE(second_look_at(task, std::nullopt, now, ch::hours{6}, Readable::InPart));
}

}  // namespace
}  // namespace wxcc::sync
