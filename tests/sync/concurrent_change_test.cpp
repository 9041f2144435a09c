// SPDX-License-Identifier: Apache-2.0
// Data that change while they are read, or after they were archived.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

simulator::Options live_tasks(double per_minute) {
  simulator::Options options;
  options.tasks = 0;
  options.days = 1;
  options.live_rate = per_minute;
  options.no_transcript_share = 0;
  return options;
}

using Ends = std::map<std::string, base::Instant>;

Ends ends_in(const SyncHarness& harness) {
  Ends ends;
  const store::Reader reader = store::Reader::open(harness.archive_path());
  store::ConversationCursor conversations = reader.conversations({});
  while (const auto row = conversations.next()) ends.emplace(row->task.id, row->task.ended.value());
  return ends;
}

Ends true_ends(SyncHarness& harness) {
  Ends ends;
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
    ends.emplace(entry.id, entry.ended);
  return ends;
}

TEST(ConcurrentChange, UpdatesRowWhenEndMoves) {
  simulator::Options options;
  options.tasks = 120;
  options.days = 2;
  options.no_transcript_share = 0;
  SyncHarness harness(options);
  harness.run_service(ch::minutes{10});
  EXPECT_EQ(ends_in(harness), true_ends(harness));
  const auto messages = harness.archive->reader().counts().messages;

  const Ends before = true_ends(harness);
  const base::Instant now = harness.server_clock.now();
  ASSERT_GT(before.size(), 30U);
  auto task = before.begin();
  const std::string to_now = task->first;
  ASSERT_TRUE(harness.simulator.move_end(to_now, now - ch::minutes{1}));
  const std::string to_the_past = std::next(task)->first;
  ASSERT_TRUE(harness.simulator.move_end(to_the_past, now - ch::hours{20}));
  harness.run_service(ch::minutes{5});
  EXPECT_EQ(ends_in(harness).at(to_now), now - ch::minutes{1}) << "a poll sees it";
  harness.reconcile();
  EXPECT_EQ(ends_in(harness), true_ends(harness)) << "no duplicate, and a reconcile sees the other";
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_EQ(harness.archive->reader().counts().messages, messages);
}

TEST(ConcurrentChange, ArchivesTasksOnceWhenPagesShift) {
  for (const bool opaque : {false, true}) {
    simulator::Options options = live_tasks(10);
    options.search_lag = ch::minutes{5};  // up to 10 minutes
    options.no_transcript_share = 1;
    options.page_size = 10;
    options.opaque_cursors = opaque;
    SyncHarness harness(options);
    int moved = 0;
    // Before each further page a task that the page before may have held leaves the window: what follows it moves up.
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      const bool further_page = request.url.find("/search") != std::string::npos &&
                                request.body.find(R"("cursor":"NA")") == std::string::npos;
      if (!further_page || harness.server_clock.now() > base::from_ms(1'767'225'600'000) + ch::minutes{70})
        return std::nullopt;
      if (++moved % 20 != 0) return std::nullopt;
      const auto truth = harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks);
      if (truth.size() > 60) harness.simulator.move_end(truth[truth.size() - 60].id, harness.server_clock.now());
      return std::nullopt;
    };
    harness.run_service(ch::minutes{100});
    EXPECT_GT(moved, 400);
    const base::Instant cut = harness.clock.now() - ch::minutes{11};
    const Ends archived = ends_in(harness);
    const Ends truth = true_ends(harness);
    std::size_t old = 0;
    for (const auto& [id, ended] : truth) {
      if (ended >= cut) continue;
      ++old;
      const auto found = archived.find(id);
      ASSERT_NE(found, archived.end()) << id;
      EXPECT_EQ(found->second, ended) << id;
    }
    EXPECT_GT(old, 500U);
    for (const auto& [id, ended] : archived) EXPECT_TRUE(truth.contains(id)) << id;
    EXPECT_EQ(harness.failures(), 0);
  }
}

TEST(ConcurrentChange, ArchivesFiveThousandLateUnorderedTasks) {
  simulator::Options options = live_tasks(50);
  options.chat_share = 1;
  options.search_lag = ch::minutes{5};  // up to 10 minutes; the overlap is 15
  options.transcript_lag = ch::minutes{1};
  options.page_size = 250;
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{3};
  harness.run_service(ch::minutes{110} + ch::minutes{20});
  Conversations first;
  const Conversations truth = harness.ground_truth();
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
    if (first.size() < 5'000) first.emplace(entry.id, truth.at(entry.id));
  ASSERT_EQ(first.size(), 5'000U);
  Conversations archived;
  for (const auto& [id, task] : harness.archived()) {
    EXPECT_TRUE(truth.contains(id)) << id;
    if (first.contains(id)) archived.emplace(id, task);
  }
  EXPECT_THAT(differences_between(archived, first), IsEmpty());
  EXPECT_EQ(harness.failures(), 0);
}

TEST(ConcurrentChange, StoresBothVersionsAndShowsLonger) {
  simulator::Options options = live_tasks(2);
  options.partial_share = 1;
  options.partial_for = ch::minutes{30};
  options.both_versions_share = 0;
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{5};
  harness.run_service(ch::hours{1});
  const Ends ended = ends_in(harness);
  harness.run_service(ch::hours{8});  // a recheck after six
  const Conversations archived = harness.archived();
  const Conversations truth = harness.ground_truth();
  const auto reader = store::Reader::open(harness.archive_path());
  EXPECT_GT(ended.size(), 60U);
  for (const auto& [id, end] : ended) {
    EXPECT_EQ(archived.at(id), truth.at(id));
    const auto versions = reader.raw_transcripts(id);
    ASSERT_EQ(versions.size(), 2U) << id;
    EXPECT_NE(versions[0].bytes, versions[1].bytes);
    EXPECT_NE(versions[0].current, versions[1].current);
  }
}

TEST(ConcurrentChange, StoresTwoSimultaneousVersionsAndShowsOne) {
  simulator::Options options;
  options.tasks = 80;
  options.days = 1;
  options.no_transcript_share = 0;
  options.both_versions_share = 1;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty()) << "messages twice";
  const auto reader = store::Reader::open(harness.archive_path());
  for (const auto& [id, task] : harness.archived()) {
    const auto versions = reader.raw_transcripts(id);
    ASSERT_EQ(versions.size(), 2U) << id;
    EXPECT_NE(versions[0].current, versions[1].current);
  }
}

}  // namespace
}  // namespace wxcc::tests
