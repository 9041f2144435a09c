// SPDX-License-Identifier: Apache-2.0
// Exact ranges, and that live work goes before a long backfill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

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

TEST(ExactRange, ReadsOnlyGivenRange) {
  SyncHarness harness(past_tasks(400, 10));
  harness.sleep(ch::minutes{1});
  const base::TimeRange range{harness.clock.now() - ch::days{5}, harness.clock.now() - ch::days{3}};
  EXPECT_FALSE(harness.pass(range).failure);
  Conversations wanted;
  const auto truth = harness.ground_truth();
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
    if (entry.ended >= range.from && entry.ended <= range.to) wanted.emplace(entry.id, truth.at(entry.id));
  EXPECT_THAT(differences_between(harness.archived(), wanted), IsEmpty());
  EXPECT_GT(wanted.size(), 20U);
  EXPECT_FALSE(harness.archive->reader().high_water_mark()) << "windows before and after it stay open";
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(ExactRange, ReadsManyQuietDaysWithFewSearches) {
  SyncHarness harness(past_tasks(300, 90));
  harness.sleep(ch::minutes{1});
  const auto now = harness.clock.now();
  EXPECT_FALSE(harness.pass(base::TimeRange{now - ch::days{100}, now}).failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_LE(harness.api->request_counts().searches, 9) << "100 days";
}

TEST(ExactRange, IsClampedToSearchablePart) {
  SyncHarness harness(past_tasks(50, 2));
  harness.sleep(ch::minutes{1});
  const auto now = harness.clock.now();
  EXPECT_FALSE(harness.pass(base::TimeRange{now - ch::days{4000}, now + ch::days{4000}}).failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_THAT(harness.simulator.statistics().violations, IsEmpty());
  EXPECT_FALSE(harness.pass(base::TimeRange{now + ch::days{1}, now + ch::days{2}}).failure) << "nothing to be read";
}

// Chats show up minutes after their end; without a mark nothing would read these minutes again.
TEST(ExactRange, LeavesLastMinutesUncovered) {
  simulator::Options options = past_tasks(0, 1);
  options.live_rate = 5;
  options.search_lag = ch::minutes{5};  // up to 10 minutes
  options.no_transcript_share = 0;
  SyncHarness harness(options);
  harness.sleep(ch::hours{2});
  const auto until = harness.clock.now();
  EXPECT_FALSE(harness.pass(base::TimeRange{until - ch::hours{2}, until}).failure);
  const std::size_t before = harness.archived().size();
  harness.sleep(ch::hours{3});
  EXPECT_FALSE(harness.pass().failure);
  const auto archived = harness.archived();
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
    EXPECT_TRUE(entry.ended >= until || archived.contains(entry.id)) << entry.id;
  EXPECT_GT(before, 300U);
}

TEST(Backfill, YieldsToPolls) {
  simulator::Options options = past_tasks(6'000, 300);
  options.page_size = 5;
  options.no_transcript_share = 1;
  sync::Settings settings;
  settings.backfill_from.lookback = ch::days{300};
  SyncHarness harness(options, settings);
  for (int minute = 0; minute < 5; ++minute) {
    harness.run_service(ch::minutes{1});
    const auto mark = harness.archive->reader().high_water_mark();
    ASSERT_TRUE(mark);
    EXPECT_LE(harness.clock.now() - *mark, ch::minutes{2} + ch::seconds{30}) << minute;
  }
  EXPECT_FALSE(harness.is_settled()) << "the backfill is too small to compete with polls";
}

}  // namespace
}  // namespace wxcc::tests
