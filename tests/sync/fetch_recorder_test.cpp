// SPDX-License-Identifier: Apache-2.0
#include "sync/fetch_recorder.h"

#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using Outcome = store::FetchResult::Outcome;

class FetchRecorder : public testing::Test {
 protected:
  FetchRecorder() {
    store::Archive& archive = *harness_.archive;
    model::Task task;
    for (int i = 0; i < 12; ++i) {
      task.id = "t" + std::to_string(i);
      task.ended = harness_.clock.now();
      tasks_.push_back(task);
    }
    archive.commit_page(tasks_, std::nullopt, std::nullopt, harness_.clock.now());
  }

  static store::FetchResult absent(const std::string& id) {
    store::FetchResult result;
    result.task_id = id;
    result.outcome = Outcome::Absent;
    return result;
  }
  static store::FetchResult fetched(const std::string& id, std::string bytes) {
    store::FetchResult result;
    result.task_id = id;
    result.outcome = Outcome::Fetched;
    result.transcripts.push_back({{}, std::move(bytes), std::nullopt, "not JSON"});
    return result;
  }
  [[nodiscard]] std::int64_t absent_tasks() const {
    return harness_.archive->reader().counts()[model::TranscriptState::Absent];
  }

  SyncHarness harness_;
  std::vector<model::Task> tasks_;
  sync::EngineDeps deps_{harness_.settings, *harness_.archive, *harness_.api, harness_.time, harness_.clock};
};

TEST_F(FetchRecorder, IsDueAtTenTasksFourMebibytesOrOneSecond) {
  sync::FetchRecorder recorder(deps_);
  EXPECT_FALSE(recorder.is_due()) << "empty";
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(recorder.is_due()) << i;
    recorder.add(absent(tasks_[static_cast<std::size_t>(i)].id), false);
  }
  EXPECT_TRUE(recorder.is_due());
  EXPECT_EQ(recorder.commit().task_ids.size(), 10U);
  EXPECT_EQ(absent_tasks(), 10);
  EXPECT_TRUE(recorder.empty());

  recorder.add(fetched("t10", std::string(4U << 20U, 'x')), false);
  EXPECT_TRUE(recorder.is_due());
  recorder.commit();

  recorder.add(absent("t11"), false);
  harness_.sleep(ch::milliseconds{999});
  EXPECT_FALSE(recorder.is_due());
  harness_.sleep(ch::milliseconds{1});
  EXPECT_TRUE(recorder.is_due());
  EXPECT_EQ(recorder.commit().task_ids, std::vector<std::string>{"t11"});
  EXPECT_EQ(absent_tasks(), 11);
}

TEST_F(FetchRecorder, CountsStoredResultsOnceAndIgnoresRemovedTasks) {
  sync::FetchRecorder recorder(deps_);
  recorder.add(fetched("t0", "?"), false);
  recorder.add(absent("t1"), false);
  recorder.add(absent("t2"), true);
  recorder.add(absent("removed"), false);
  recorder.commit();
  const model::FetchStats stats = recorder.take_stats();
  EXPECT_EQ(stats.archived, 1);
  EXPECT_EQ(stats.unparsed, 1);
  EXPECT_EQ(stats.absent, 1) << "of a recheck nothing is new";
  EXPECT_EQ(recorder.take_stats().archived, 0);
  EXPECT_TRUE(harness_.logged("task t0: transcript"));
}

TEST_F(FetchRecorder, StoresOpenGroupOnDestruction) {
  {
    sync::FetchRecorder recorder(deps_);
    recorder.add(absent("t0"), false);
  }
  EXPECT_EQ(absent_tasks(), 1);
}

TEST_F(FetchRecorder, LeavesTasksDueWhenArchiveFails) {
  sync::FetchRecorder recorder(deps_);
  recorder.add(absent("t0"), false);
  const base::Path aside = harness_.directory.path() / "aside.db";
  std::filesystem::rename(harness_.archive_path(), aside);
  const auto committed = recorder.commit();
  std::filesystem::rename(aside, harness_.archive_path());
  ASSERT_TRUE(committed.failure);
  EXPECT_EQ(committed.failure->source, model::Failure::Source::Archive);
  EXPECT_EQ(committed.task_ids, std::vector<std::string>{"t0"});
  EXPECT_TRUE(recorder.empty());
  EXPECT_EQ(absent_tasks(), 0);
  EXPECT_EQ(harness_.archive->queue().due_tasks(harness_.clock.now(), 100).size(), 12U);
}

}  // namespace
}  // namespace wxcc::tests
