// SPDX-License-Identifier: Apache-2.0
// What the engine archives when data come late, in any order and change, compared with the ground truth.
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

// Only live tasks.
simulator::Options live_tasks(double per_minute) {
  simulator::Options options;
  options.tasks = 0;
  options.days = 1;
  options.live_rate = per_minute;
  return options;
}

TEST(Completeness, ArchivesEverythingOnceInOnePass) {
  SyncHarness harness(past_tasks(600, 14));
  harness.sleep(ch::minutes{1});
  const auto pass = harness.pass();
  EXPECT_FALSE(pass.failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_GT(harness.archive->reader().backlog()[model::TranscriptState::Pending], 0) << "a few have no transcript";
  EXPECT_EQ(harness.archive->reader().backlog()[model::TranscriptState::Pending],
            harness.archive->reader().counts()[model::TranscriptState::Pending]);
  const auto before = harness.archived();
  const auto messages = harness.archive->reader().counts().messages;

  harness.restart();
  const auto again = harness.pass();
  EXPECT_EQ(again.scanned.added, 0);
  EXPECT_EQ(again.fetched.messages, 0);
  EXPECT_EQ(harness.archived(), before);
  EXPECT_EQ(harness.archive->reader().counts().messages, messages);
}

TEST(Completeness, ReadsManyPagesWithEitherCursorKind) {
  for (const bool opaque : {false, true})
    for (const std::size_t page : {20U, 100U, 250U}) {
      simulator::Options options = past_tasks(520, 2);
      options.opaque_cursors = opaque;
      options.page_size = page;
      SyncHarness harness(options);
      harness.sleep(ch::minutes{1});
      EXPECT_FALSE(harness.pass().failure);
      EXPECT_THAT(harness.differences(), IsEmpty()) << page;
    }
}

TEST(Completeness, ReadsByTimeWithoutCursors) {
  simulator::Options options = past_tasks(400, 2);
  options.page_size = 50;
  SyncHarness harness(options);
  harness.simulator.add_fault("search:no-cursor:1");
  harness.sleep(ch::minutes{1});
  // Every page then says that there is another one, so the end of the range is only ever reached by halving: the mark
  // must not pass what was not read.
  const auto pass = harness.pass();
  ASSERT_TRUE(pass.failure);
  EXPECT_THAT(pass.failure->message, testing::HasSubstr("no cursor"));
  harness.simulator.clear_faults();
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(Completeness, ArchivesTasksThatEndAtOneInstant) {
  simulator::Options options = past_tasks(1200, 3);
  options.duplicate_timestamps = 400;
  options.no_transcript_share = 0;
  options.page_size = 100;
  SyncHarness harness(options);
  harness.simulator.add_fault("search:no-cursor:0.1");
  harness.sleep(ch::minutes{1});
  ASSERT_TRUE(harness.run_service(ch::hours{12}, [&] { return harness.is_settled(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(Completeness, ReconcileFindsTasksVisibleAfterOverlap) {
  simulator::Options options = live_tasks(2);
  options.search_lag = ch::minutes{30};  // up to an hour
  SyncHarness harness(options);
  harness.run_service(ch::hours{3});
  const std::size_t before = harness.archived().size();
  harness.reconcile();
  const std::size_t after = harness.archived().size();
  EXPECT_GT(after, before) << "the overlap alone misses these";
  std::size_t visible = 0;
  const auto archived = harness.archived();
  const auto mark = *harness.archive->reader().high_water_mark();
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (entry.ended >= mark) continue;
    ++visible;
    EXPECT_TRUE(archived.contains(entry.id)) << entry.id;
  }
  EXPECT_GT(visible, 200U);
}

TEST(Completeness, ArchivesInactiveTasksOnceTheyHaveEnd) {
  simulator::Options options = live_tasks(3);
  options.end_time_pending_share = 0.5;
  options.end_time_pending_for = ch::minutes{40};
  options.chat_share = 0.6;
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{5};
  harness.run_service(ch::hours{13});  // two reconciles
  const auto archived = harness.archived();
  const auto cut = *harness.archive->reader().high_water_mark() - ch::hours{2};
  std::size_t old = 0;
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (entry.ended >= cut) continue;
    ++old;
    EXPECT_TRUE(archived.contains(entry.id)) << entry.id;
  }
  EXPECT_GT(old, 900U);
  const auto truth = harness.ground_truth();
  for (const auto& [id, task] : archived) EXPECT_TRUE(truth.contains(id)) << "open, undated or of another channel";
}

TEST(Completeness, ArchivesLateAndVersionedTranscripts) {
  simulator::Options options = past_tasks(300, 1);
  options.transcript_lag = ch::hours{20};  // up to 40 hours
  options.no_transcript_share = 0.2;
  options.both_versions_share = 0.3;
  options.versioned_share = 0.1;
  options.malformed_share = 0.05;
  options.truncated_share = 0.05;
  options.empty_share = 0.05;
  options.invalid_utf8_share = 0.05;
  options.partial_share = 0.3;
  sync::Settings settings;
  settings.transcript_deadline = ch::hours{24};
  SyncHarness harness(options, settings);
  harness.poll_interval = ch::minutes{20};
  harness.run_service(ch::hours{24 * 8});
  EXPECT_THAT(harness.differences(), IsEmpty()) << "all versions, also those that came after the deadline";
  std::map<std::string, int> states;
  for (const auto& [id, task] : harness.archived()) ++states[task.state];
  EXPECT_EQ(harness.archive->reader().backlog()[model::TranscriptState::Pending], 0);
  EXPECT_GT(states["absent"], 20);
  EXPECT_GT(states["unparsed"], 5);
  EXPECT_GT(states["archived"], 150);
  EXPECT_EQ(states["pending"] + states["failed"], 0);
}

}  // namespace
}  // namespace wxcc::tests
