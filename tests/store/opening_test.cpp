// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include "archive_fixture.h"
#include "base/error.h"
#include "child_process.h"
#include "store/migrations.h"

namespace wxcc::store {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

class Opening : public ArchiveFixture {
 protected:
  void write(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }

  // Opening must fail with a configuration error that contains the words, and leave the file unchanged.
  AssertionResult is_rejected(const std::string& words, const std::string& org_id = "org-1") const {
    const std::string before = bytes_of(path_);
    try {
      open(org_id);
      return AssertionFailure() << "it was opened";
    } catch (const base::ConfigurationError& error) {
      if (std::string(error.what()).find(words) == std::string::npos) return AssertionFailure() << error.what();
    }
    if (bytes_of(path_) != before) return AssertionFailure() << "the file has changed";
    return AssertionSuccess();
  }

  AssertionResult reader_rejects(const std::string& words) const {
    try {
      Reader::open(path_);
      return AssertionFailure() << "it was opened";
    } catch (const base::Error& error) {
      if (std::string(error.what()).find(words) == std::string::npos) return AssertionFailure() << error.what();
    }
    return AssertionSuccess();
  }
};

TEST_F(Opening, RetainsWalFilesForReadersOnClose) {
  { const Archive archive = open(); }
  EXPECT_TRUE(std::filesystem::exists(path_.string() + "-shm"));
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
}

TEST_F(Opening, ChangesNothingWhenRepeated) {
  { const Archive archive = open(); }
  const std::string before = dump();
  { const Archive archive = open(); }
  EXPECT_EQ(dump(), before);
}

TEST_F(Opening, ReadsRowsOfEarlierRun) {
  {
    Archive archive = open();
    commit(archive, {ended_task("t1")});
  }
  EXPECT_EQ(open().reader().counts().tasks(), 1);
}

TEST_F(Opening, RejectsFileThatIsNoDatabase) {
  write(
      "Dear diary, this is a text file of more than a hundred bytes, which is as long as the header of a SQLite file "
      "is.");
  EXPECT_TRUE(is_rejected("not a SQLite database"));
  EXPECT_TRUE(reader_rejects("not a SQLite database"));
}

TEST_F(Opening, RejectsEmptyFile) {
  write("");
  EXPECT_TRUE(is_rejected("an empty file"));
}

TEST_F(Opening, RejectsDatabaseOfAnotherProgram) {
  SQLite::Database(path_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("PRAGMA journal_mode = WAL; PRAGMA application_id = 7; CREATE TABLE recipe (name)");
  EXPECT_TRUE(is_rejected("application_id 7"));
  EXPECT_TRUE(reader_rejects("application_id 7"));
  EXPECT_FALSE(std::filesystem::exists(path_.string() + "-wal"));
}

TEST_F(Opening, RejectsSymbolicLink) {
  { const Archive archive = open(); }
  const std::filesystem::path target = path_;
  path_ = root_ / "link.db";
  std::filesystem::create_symlink(target, path_);
  EXPECT_TRUE(is_rejected("symbolic link"));
  EXPECT_TRUE(reader_rejects("symbolic link"));
}

TEST_F(Opening, RejectsDanglingLinkWithoutCreatingTarget) {
  std::filesystem::create_symlink(root_ / "elsewhere.db", path_);
  EXPECT_TRUE(is_rejected("symbolic link"));
  EXPECT_FALSE(std::filesystem::exists(root_ / "elsewhere.db"));
}

TEST_F(Opening, RejectsDirectoryAndPipe) {
  std::filesystem::create_directory(path_);
  EXPECT_THROW(open(), base::ConfigurationError);
  EXPECT_TRUE(reader_rejects("not a regular file"));
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THROW(open(), base::ConfigurationError);
  EXPECT_TRUE(reader_rejects("not a regular file"));
}

TEST_F(Opening, RejectsNewerSchemaWithBothNumbers) {
  { const Archive archive = open(); }
  modify("PRAGMA user_version = 4711");
  EXPECT_TRUE(
      is_rejected("has schema 4711, this program supports schemas up to " + std::to_string(newest_schema_version())));
  EXPECT_TRUE(reader_rejects("4711"));
}

TEST_F(Opening, RejectsOtherOrganisationWithBothIds) {
  { const Archive archive = open("org-1"); }
  EXPECT_TRUE(is_rejected("belongs to organisation org-1, the configuration names org-2", "org-2"));
}

TEST_F(Opening, RejectsWithoutCheckpointOfRemainingWal) {
  const pid_t child = ::fork();
  if (child == 0) {
    Archive archive = open("org-1");
    commit(archive, {ended_task("t1")});
    ::_exit(0);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  ASSERT_GT(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  const std::string log = bytes_of(path_.string() + "-wal");
  EXPECT_TRUE(is_rejected("org-2", "org-2"));
  EXPECT_EQ(bytes_of(path_.string() + "-wal"), log);
  EXPECT_EQ(open("org-1").reader().counts().tasks(), 1);
}

TEST_F(Opening, RejectsWalOfMissingArchive) {
  std::ofstream(path_.string() + "-wal") << "changes of an archive that is gone";
  EXPECT_TRUE(is_rejected("restore the archive"));
  std::filesystem::resize_file(path_.string() + "-wal", 0);
  EXPECT_EQ(open().reader().counts().tasks(), 0);
}

TEST_F(Opening, ReportsMissingArchiveToReader) {
  EXPECT_TRUE(reader_rejects("does not exist"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Opening, ReportsOlderSchemaToReader) {
  { const Archive archive = open(); }
  modify("PRAGMA user_version = 0");
  EXPECT_TRUE(reader_rejects("has schema 0, this program reads schema " + std::to_string(newest_schema_version())));
}

TEST_F(Opening, RequiresOrganisation) {
  EXPECT_THROW(open(""), base::ConfigurationError);
}

// Another process has the archive open until it is signalled.
TEST_F(Opening, RejectsSecondWriterNamingTheFirst) {
  int ready[2];
  int finish[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(finish), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    char byte = 0;
    ::close(finish[1]);
    const Archive archive = open();
    const bool written = ::write(ready[1], "r", 1) == 1 && ::read(finish[0], &byte, 1) >= 0;
    ::_exit(written ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  std::string message;
  try {
    open();
  } catch (const base::TemporaryFailure& error) {
    message = error.what();
  }
  EXPECT_NE(message.find("wxcc-archive test, pid " + std::to_string(child) + ", since 2026-02-11T16:00:00Z"),
            std::string::npos)
      << message;
  EXPECT_EQ(Reader::open(path_).counts().tasks(), 0) << "readers do not need the lock";
  for (const int fd : {ready[0], ready[1], finish[0], finish[1]}) ::close(fd);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NO_THROW(open());
}

}  // namespace
}  // namespace wxcc::store
