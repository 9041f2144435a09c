// SPDX-License-Identifier: Apache-2.0
// What the engine costs, and what it does when clocks step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;

TEST(Economy, UsesFewRequestsForTenThousandTasks) {
  SyncHarness harness(tasks_with_transcripts(10'000, 7));
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  EXPECT_FALSE(harness.pass().failure);
  const double minutes = static_cast<double>((harness.time.monotonic_now() - began).count()) / 60'000;
  EXPECT_LE(harness.budgeted_requests(), 1'050);
  EXPECT_GE(static_cast<double>(harness.budgeted_requests()) / minutes, 0.97 * 300) << "of the budget";
  const auto counts = harness.archive->reader().counts();
  EXPECT_EQ(counts[model::TranscriptState::Archived], counts.tasks());
  EXPECT_EQ(counts.tasks(),
            static_cast<std::int64_t>(harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks).size()));

  const auto before = harness.budgeted_requests();
  harness.run_service(ch::minutes{59} + ch::seconds{30});
  EXPECT_EQ(harness.budgeted_requests() - before, 60) << "quiet polls";
}

TEST(Clock, SkipsNothingWhenSteppedAnHour) {
  simulator::Options options = tasks_with_transcripts(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{2};
  for (const auto step : {ch::hours{1}, ch::hours{-1}, ch::hours{-1}, ch::hours{1}}) {
    harness.run_service(ch::minutes{95});
    harness.clock.step(step);
  }
  harness.run_service(ch::minutes{125});
  expect_rows_before_mark(harness);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), harness.server_clock.now() - ch::minutes{5});
  EXPECT_GT(harness.archived().size(), 700U);
  EXPECT_TRUE(harness.logged("clock is ahead"));
}

TEST(Clock, CompletesArchiveStartedWithClockAhead) {
  simulator::Options options = tasks_with_transcripts(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.clock.step(ch::hours{2});
  harness.run_service(ch::minutes{30});
  EXPECT_LE(harness.budgeted_requests(), 30 + 30) << "no window of the future is read again and again";
  harness.clock.step(ch::hours{-2});
  harness.run_service(ch::minutes{60});
  expect_rows_before_mark(harness);
  EXPECT_GT(harness.archived().size(), 100U);
}

TEST(Clock, FailsPollsUntilSetBackClockCatchesUp) {
  simulator::Options options = tasks_with_transcripts(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.run_service(ch::minutes{60});
  EXPECT_EQ(harness.failures(), 0);
  const auto mark = harness.archive->reader().high_water_mark();
  const auto requests = harness.api->request_counts().searches;
  harness.clock.step(ch::hours{-1});
  harness.run_service(ch::minutes{50});
  EXPECT_GE(harness.failures("poll"), 45) << "each poll";
  EXPECT_EQ(harness.times_logged("the local clock was set back"), 1);
  EXPECT_EQ(harness.archive->reader().high_water_mark(), mark);
  EXPECT_EQ(harness.api->request_counts().searches, requests);
  const int failures = harness.failures();
  harness.run_service(ch::minutes{20});
  EXPECT_LE(harness.failures(), failures + 11);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), *mark);
  harness.clock.step(ch::hours{1});
  harness.run_service(ch::minutes{30});
  expect_rows_before_mark(harness);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), harness.server_clock.now() - ch::minutes{3});
  EXPECT_GT(harness.archived().size(), 250U);
}

TEST(Clock, SendsNoSearchesForFutureDays) {
  simulator::Options options = tasks_with_transcripts(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.run_service(ch::minutes{10});
  const auto before = harness.api->request_counts().searches;
  harness.clock.step(ch::days{30});
  harness.run_service(ch::minutes{10});
  EXPECT_LE(harness.api->request_counts().searches, before + 12);
  expect_rows_before_mark(harness);
}

}  // namespace
}  // namespace wxcc::tests
