// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "archive_fixture.h"
#include "child_process.h"
#include "tests/file_size_limit.h"

namespace wxcc::store {
namespace {

class DiskFull : public ArchiveFixture {
 protected:
  static std::vector<model::Task> page(const std::string& prefix, int size) {
    std::vector<model::Task> tasks;
    for (int i = 0; i < size; ++i) {
      tasks.push_back(ended_task(prefix + std::to_string(i), kStart + minutes(i)));
      tasks.back().wrapup_code = std::string(500, 'x');
    }
    return tasks;
  }
};

TEST_F(DiskFull, RetainsMarkAndContinuesWithFreeSpace) {
  const TimeRange day{kStart, kStart + hours(24)};
  const std::string output = in_child([&] {
    Archive archive = open();
    archive.commit_page(page("early", 10), std::nullopt, kStart, kNow);
    std::optional<tests::FileSizeLimit> full(std::filesystem::file_size(path_.string() + "-wal") + 20000);
    std::string text;
    for (int attempt = 0; attempt < 3; ++attempt) {
      try {
        archive.commit_page(page("late", 400), Scan{model::TimeField::Ended, day, kNow}, day.to, kNow);
        text += "written ";
      } catch (const StoreError& error) {
        text += error.kind() == StoreError::Kind::Full ? "full " : error.what();
      }
    }
    if (archive.reader().high_water_mark() == kStart && archive.reader().counts().tasks() == 10) text += "unchanged ";
    if (archive.reader().uncovered(model::TimeField::Ended, day) == std::vector{day}) text += "uncovered ";
    full.reset();
    archive.commit_page(page("late", 400), Scan{model::TimeField::Ended, day, kNow}, day.to, kNow);
    return text + std::to_string(archive.reader().counts().tasks());
  });
  EXPECT_EQ(output, "full full full unchanged uncovered 410");
  EXPECT_EQ(open().reader().high_water_mark(), day.to);
  EXPECT_EQ(row("PRAGMA integrity_check"), "ok");
}

TEST_F(DiskFull, StoresTranscriptCompletelyOrNotAtAll) {
  FetchedTranscript large = transcript("c1", {"hello"});
  large.raw = std::string(300000, 'x');
  const std::string output = in_child([&] {
    Archive archive = open();
    commit(archive, {ended_task("t1")});
    std::optional<tests::FileSizeLimit> full(std::filesystem::file_size(path_.string() + "-wal") + 50000);
    std::string text;
    try {
      store(archive, "t1", {large}, std::nullopt, kNow);
    } catch (const StoreError& error) {
      text = error.kind() == StoreError::Kind::Full ? "full " : error.what();
    }
    text += archive.queue().next_due() ? "still queued " : "lost ";
    full.reset();
    store(archive, "t1", {large}, std::nullopt, kNow);
    return text + std::to_string(archive.reader().counts()[model::TranscriptState::Archived]);
  });
  EXPECT_EQ(output, "full still queued 1");
}

TEST_F(DiskFull, LeavesNoPartialArchiveOnCreation) {
  const std::string output = in_child([&] {
    const tests::FileSizeLimit full(8192);
    try {
      open();
      return std::string("opened");
    } catch (const StoreError& error) {
      return std::string(error.kind() == StoreError::Kind::Full ? "full" : error.what());
    }
  });
  EXPECT_EQ(output, "full");
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".new"));
  EXPECT_NO_THROW(open());
}

TEST_F(DiskFull, NamesOperationPathAndRemedy) {
  const std::string output = in_child([&] {
    Archive archive = open();
    const tests::FileSizeLimit full(1);
    commit(archive, page("t", 400));
    return std::string("written");
  });
  EXPECT_EQ(output.find("exception: storing a page of tasks in " + path_.string() + ": "), 0U) << output;
  EXPECT_NE(output.find("free disk space"), std::string::npos) << output;
}

}  // namespace
}  // namespace wxcc::store
