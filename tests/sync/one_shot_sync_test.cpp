// SPDX-License-Identifier: Apache-2.0
// Archives that only passes maintain, as the command `sync` makes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

TEST(OneShotSync, ReadsEverythingWithoutOverlap) {
  sync::Settings settings;
  settings.overlap = base::Millis{0};
  SyncHarness harness(tasks_with_transcripts(40, 10), settings);
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_TRUE(harness.archive->reader().high_water_mark());
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_GT(harness.archived().size(), 20U);
}

TEST(OneShotSync, ReconcileFindsTasksWithLateEnd) {
  simulator::Options options = tasks_with_transcripts(0, 1);
  options.live_rate = 2;
  options.search_lag = ch::minutes{30};  // up to an hour; the overlap is 15 minutes
  SyncHarness harness(options);
  harness.sleep(ch::hours{1});
  const auto until = harness.clock.now() + ch::hours{8};
  while (harness.clock.now() < until) {
    EXPECT_FALSE(harness.pass().failure);
    harness.sleep(ch::minutes{20});
  }
  std::size_t missing = 0;
  std::size_t old = 0;
  const auto archived = harness.archived();
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (entry.ended > until - ch::hours{4} || entry.ended < until - ch::hours{9}) continue;
    ++old;
    if (!archived.contains(entry.id)) ++missing;
  }
  EXPECT_GT(old, 200U);
  EXPECT_EQ(missing, 0U);
}

TEST(OneShotSync, SendsOneSearchPerPassBetweenReconciles) {
  SyncHarness harness(tasks_with_transcripts(50, 2));
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  for (int pass = 0; pass < 20; ++pass) {
    harness.restart();
    harness.sleep(ch::minutes{10});
    EXPECT_FALSE(harness.pass().failure);
    EXPECT_EQ(harness.budgeted_requests(), 1);
  }
  harness.restart();
  harness.sleep(ch::hours{3});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_GT(harness.api->request_counts().searches, 3) << "six hours after the first";
}

}  // namespace
}  // namespace wxcc::tests
