// SPDX-License-Identifier: Apache-2.0
// Exact ranges, and that live work goes before a long backfill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/world.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

simulator::Options past_tasks(std::size_t tasks, int days) {
  simulator::Options options;
  options.tasks = tasks;
  options.days = days;
  return options;
}

TEST(ExactRange, ReadsThatRangeOnly) {
  World world(past_tasks(400, 10));
  world.sleep(ch::minutes{1});
  const base::TimeRange range{world.clock.now() - ch::days{5}, world.clock.now() - ch::days{3}};
  EXPECT_FALSE(world.pass(range).failure);
  Conversations wanted;
  const auto truth = world.truth();
  for (const auto& entry : world.simulator.truth(simulator::TruthDetail::Tasks))
    if (entry.ended >= range.from && entry.ended <= range.to) wanted.emplace(entry.id, truth.at(entry.id));
  EXPECT_THAT(differences_between(world.archived(), wanted), IsEmpty());
  EXPECT_GT(wanted.size(), 20U);
  EXPECT_FALSE(world.archive->reader().high_water_mark()) << "windows before and after it stay open";
  EXPECT_FALSE(world.pass().failure);
  EXPECT_THAT(world.differences(), IsEmpty());
}

TEST(ExactRange, OfManyQuietDaysCostsFewSearches) {
  World world(past_tasks(300, 90));
  world.sleep(ch::minutes{1});
  const auto now = world.clock.now();
  EXPECT_FALSE(world.pass(base::TimeRange{now - ch::days{100}, now}).failure);
  EXPECT_THAT(world.differences(), IsEmpty());
  EXPECT_LE(world.cloud->request_counts().searches, 9) << "100 days";
}

TEST(ExactRange, ThatReachesIntoTheFutureOrBeyondTheCloudIsReadAsFarAsItGoes) {
  World world(past_tasks(50, 2));
  world.sleep(ch::minutes{1});
  const auto now = world.clock.now();
  EXPECT_FALSE(world.pass(base::TimeRange{now - ch::days{4000}, now + ch::days{4000}}).failure);
  EXPECT_THAT(world.differences(), IsEmpty());
  EXPECT_THAT(world.simulator.statistics().violations, IsEmpty());
  EXPECT_FALSE(world.pass(base::TimeRange{now + ch::days{1}, now + ch::days{2}}).failure) << "nothing to be read";
}

// Chats show up minutes after their end; without a mark nothing would read these minutes again.
TEST(ExactRange, LeavesTheLastMinutesOpen) {
  simulator::Options options = past_tasks(0, 1);
  options.live_rate = 5;
  options.search_lag = ch::minutes{5};  // up to 10 minutes
  options.no_transcript_share = 0;
  World world(options);
  world.sleep(ch::hours{2});
  const auto until = world.clock.now();
  EXPECT_FALSE(world.pass(base::TimeRange{until - ch::hours{2}, until}).failure);
  const std::size_t before = world.archived().size();
  world.sleep(ch::hours{3});
  EXPECT_FALSE(world.pass().failure);
  const auto kept = world.archived();
  for (const auto& entry : world.simulator.truth(simulator::TruthDetail::Tasks))
    EXPECT_TRUE(entry.ended >= until || kept.contains(entry.id)) << entry.id;
  EXPECT_GT(before, 300U);
}

TEST(Backfill, GivesWayToPolls) {
  simulator::Options options = past_tasks(6'000, 300);
  options.page_size = 5;
  options.no_transcript_share = 1;
  sync::Settings settings;
  settings.backfill_from.lookback = ch::days{300};
  World world(options, settings);
  for (int minute = 0; minute < 5; ++minute) {
    world.live(ch::minutes{1});
    const auto mark = world.archive->reader().high_water_mark();
    ASSERT_TRUE(mark);
    EXPECT_LE(world.clock.now() - *mark, ch::minutes{2} + ch::seconds{30}) << minute;
  }
  EXPECT_FALSE(world.drained()) << "too small a backfill to be in the way";
}

}  // namespace
}  // namespace wxcc::tests
