// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

constexpr int kPages = 12;
constexpr int kPageSize = 5;

Instant page_end(int page) {
  return kStart + hours(page + 1);
}

std::string id_of(int page, int i) {
  return std::to_string(page) + "-" + std::to_string(i);
}

// A whole run; a byte into the pipe after each step. Starts where the mark is.
void run(Archive& archive, int progress) {
  const Instant mark = archive.reader().high_water_mark().value_or(kStart);
  for (int page = 0; page < kPages; ++page) {
    if (page_end(page) <= mark) continue;
    std::vector<model::Task> tasks;
    for (int i = 0; i < kPageSize; ++i) tasks.push_back(ended_task(id_of(page, i), page_end(page) - minutes(i)));
    archive.commit_page(tasks, Scan{model::TimeField::Ended, {page_end(page - 1), page_end(page)}, kNow},
                        page_end(page), kNow);
    if (progress >= 0 && ::write(progress, "p", 1) != 1) ::_exit(1);
  }
  for (const DueTask& due : archive.queue().due_tasks(kNow, 1000)) {
    store(archive, due.task_id, {transcript("c" + due.task_id, {"hello", "from " + due.task_id})}, std::nullopt, kNow);
    if (progress >= 0 && ::write(progress, "t", 1) != 1) ::_exit(1);
  }
}

class CrashRecovery : public ArchiveFixture, public testing::WithParamInterface<unsigned> {};

// Kills a writer after a random number of steps, repeatedly, until a run completes.
TEST_P(CrashRecovery, ResumesAfterKillAtAnyPoint) {
  const std::filesystem::path disturbed = path_;
  path_ = root_ / "undisturbed.db";
  {
    Archive archive = open();
    run(archive, -1);
  }
  const std::string expected = views();

  path_ = disturbed;
  std::mt19937 random(GetParam());
  for (bool finished = false; !finished;) {
    int progress[2];
    ASSERT_EQ(::pipe(progress), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(progress[0]);
      Archive archive = open();
      run(archive, progress[1]);
      ::_exit(0);
    }
    ::close(progress[1]);
    char byte = 0;
    for (auto steps = random() % 20U; steps > 0 && !finished; --steps) finished = ::read(progress[0], &byte, 1) != 1;
    if (!finished) ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ::close(progress[0]);
    // It may also have ended by itself just before the signal.
    const bool completed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    EXPECT_TRUE(completed || (!finished && WIFSIGNALED(status)));
    finished = completed;

    Archive archive = open();
    const Instant mark = archive.reader().high_water_mark().value_or(kStart);
    EXPECT_EQ(archive.reader().counts().tasks(), (mark - kStart) / hours(1) * kPageSize)
        << "the mark and its tasks are committed together";
    const Counts counts = archive.reader().counts();
    EXPECT_EQ(counts.messages, 2 * counts[model::TranscriptState::Archived])
        << "a transcript is stored completely or not at all";
    EXPECT_TRUE(archive.reader().uncovered(model::TimeField::Ended, {kStart, mark}).empty());
  }
  EXPECT_EQ(views(), expected);
  EXPECT_EQ(row("PRAGMA integrity_check"), "ok");
}

INSTANTIATE_TEST_SUITE_P(Seeds, CrashRecovery, testing::Range(1U, 4U));

}  // namespace
}  // namespace wxcc::store
