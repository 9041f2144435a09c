// SPDX-License-Identifier: Apache-2.0
// What single settings of sync::Settings do, with the whole engine; service_test has those of reconciles.
#include "sync/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.h"
#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using model::TranscriptState;

std::set<std::string> archived_ids(const SyncHarness& harness) {
  std::set<std::string> ids;
  for (const auto& [id, task] : harness.archived()) ids.insert(id);
  return ids;
}

TEST(Settings, IgnoresTasksOfOtherQueues) {
  simulator::Options options;
  options.tasks = 60;
  options.days = 2;
  options.chat_share = 1;
  std::string queue;
  std::set<std::string> wanted;
  SyncHarness all(options);
  for (const auto& task : all.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (queue.empty()) queue = task.queue;
    if (!queue.empty() && task.queue == queue) wanted.insert(task.id);
  }
  ASSERT_FALSE(queue.empty());
  sync::Settings settings;
  settings.queues = {base::to_lower(queue)};
  SyncHarness harness(options, settings);
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(archived_ids(harness), wanted);
  EXPECT_LT(wanted.size(), 60U);
}

TEST(Settings, MarksTaskAbsentAfterTranscriptDeadline) {
  simulator::Options options;
  options.tasks = 40;
  options.days = 2;
  options.chat_share = 1;
  options.no_transcript_share = 1;
  for (const ch::hours deadline : {ch::hours{1}, ch::hours{24}, ch::hours{72}}) {
    sync::Settings settings;
    settings.transcript_deadline = deadline;
    SyncHarness harness(options, settings);
    harness.sleep(ch::minutes{1});
    EXPECT_FALSE(harness.pass().failure);
    const auto tasks = harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks);
    const auto older = std::count_if(tasks.begin(), tasks.end(),
                                     [&](const auto& task) { return harness.clock.now() - task.ended >= deadline; });
    EXPECT_EQ(harness.archive->reader().counts()[TranscriptState::Absent], older) << deadline.count();
  }
}

}  // namespace
}  // namespace wxcc::tests
