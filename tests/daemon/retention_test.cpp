// SPDX-License-Identifier: Apache-2.0
#include "daemon/retention.h"

#include <gtest/gtest.h>

#include "store/reader.h"
#include "tests/fakes.h"
#include "tests/temporary_directory.h"

namespace wxcc::daemon {
namespace {

namespace ch = std::chrono;

class RetentionRun : public testing::Test {
 protected:
  RetentionRun() {
    std::vector<model::Task> tasks;
    for (int age = 0; age < 200; ++age) {
      model::Task task;
      task.id = "task-" + std::to_string(age);
      task.ended = clock_.now() - ch::days(age);
      tasks.push_back(task);
    }
    archive_.commit_page(tasks, std::nullopt, std::nullopt, clock_.now());
  }
  std::int64_t tasks() const { return archive_.reader().counts().tasks(); }

  tests::TemporaryDirectory directory_;
  tests::FakeClock clock_;
  tests::FakeTimers timers_{clock_};
  store::Archive archive_ = store::Archive::open({directory_.path() / "archive.db", "org-1", "test"}, clock_.now());
};

TEST_F(RetentionRun, RemovesExpiredConversationsInSteps) {
  Retention retention(90, timers_, archive_, clock_);
  retention.start();
  timers_.advance(ch::minutes(1));
  EXPECT_EQ(tasks(), 150) << "one step";
  timers_.advance(ch::minutes(1));
  EXPECT_EQ(tasks(), 90);
  EXPECT_EQ(timers_.armed(), 1U);
}

TEST_F(RetentionRun, RunsEveryDay) {
  Retention retention(90, timers_, archive_, clock_);
  retention.start();
  timers_.advance(ch::hours(1));
  EXPECT_EQ(tasks(), 90);
  timers_.advance(ch::hours(49));
  EXPECT_EQ(tasks(), 88);
}

TEST_F(RetentionRun, RemovesNothingWithoutRetentionDays) {
  Retention retention(std::nullopt, timers_, archive_, clock_);
  retention.start();
  timers_.advance(ch::hours(30));
  EXPECT_EQ(tasks(), 200);
}

TEST_F(RetentionRun, CompletesPendingErasure) {
  archive_.removal().erase({"task-3"}, "task", clock_.now());
  Retention retention(std::nullopt, timers_, archive_, clock_);
  retention.start();
  timers_.advance(ch::minutes(5));
  EXPECT_EQ(archive_.removal().purge_step(1), store::Removal::PurgeResult::Done);
  EXPECT_FALSE(archive_.service().is_purge_pending());
}

TEST_F(RetentionRun, RetriesWhenReaderBlocksCheckpoint) {
  store::Reader reader = store::Reader::open(directory_.path() / "archive.db");
  reader.begin_snapshot();
  ASSERT_EQ(reader.counts().tasks(), 200);
  Retention retention(90, timers_, archive_, clock_);
  retention.start();
  timers_.advance(ch::minutes(10));
  EXPECT_EQ(tasks(), 90);
  EXPECT_TRUE(archive_.service().is_purge_pending());
  reader.end_snapshot();
  timers_.advance(ch::hours(2));
  EXPECT_FALSE(archive_.service().is_purge_pending());
}

}  // namespace
}  // namespace wxcc::daemon
