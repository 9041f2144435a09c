// SPDX-License-Identifier: Apache-2.0
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>

#include "archive_fixture.h"
#include "base/error.h"
#include "child_process.h"
#include "store/migrations.h"

namespace wxcc::store {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

// What systemd's RestrictSUIDSGID= does to mkdir(2) and chmod(2): a mode with the set-user or set-group bit is refused.
bool refuse_set_id_bits() {
  std::vector<sock_filter> filter;
  const auto refuse = [&filter](std::uint32_t call, std::uint32_t mode_argument) {
    constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
    filter.push_back({kLoad, 0, 0, offsetof(seccomp_data, nr)});
    filter.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 3, call});
    filter.push_back({kLoad, 0, 0, static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8 * mode_argument});
    filter.push_back({BPF_JMP | BPF_JSET | BPF_K, 0, 1, 06000});
    filter.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM});
  };
#ifdef SYS_mkdir
  refuse(SYS_mkdir, 1);
  refuse(SYS_chmod, 1);
#endif
  refuse(SYS_mkdirat, 2);
  refuse(SYS_fchmodat, 2);
  filter.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW});
  const sock_fprog program{static_cast<std::uint16_t>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

class Opening : public ArchiveFixture {
 protected:
  void write(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }

  // Opening must fail as a configuration error that says this, and leave the file's bytes alone.
  AssertionResult refuses(const std::string& words, const std::string& org_id = "org-1") const {
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

  AssertionResult reader_refuses(const std::string& words) const {
    try {
      Reader::open(path_);
      return AssertionFailure() << "it was opened";
    } catch (const base::Error& error) {
      if (std::string(error.what()).find(words) == std::string::npos) return AssertionFailure() << error.what();
    }
    return AssertionSuccess();
  }
};

TEST_F(Opening, CreatesAnArchiveOfTheOrganisation) {
  { const Archive archive = open("org-1"); }
  EXPECT_EQ(row("PRAGMA application_id"), std::to_string(0x57584341));
  EXPECT_EQ(row("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(row("SELECT org_id, created_ms, program, length(tombstone_key) FROM organisation"),
            "org-1|1770825600000|wxcc-archive test|32");
  EXPECT_EQ(Reader::open(path_).org_id(), "org-1");
}

TEST_F(Opening, MakesFilesThatTheGroupReadsWhateverTheUmask) {
  const mode_t umask_before = ::umask(0077);
  path_ = folder_ / "a" / "b" / "archive.db";
  Archive archive = open();
  commit(archive, {ended_task("t1")});
  ::umask(umask_before);
  EXPECT_EQ(mode_of(folder_ / "a"), 02750U);
  EXPECT_EQ(mode_of(folder_ / "a" / "b"), 02750U);
  for (const char* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(path_.string() + suffix), 0640U) << suffix;
}

TEST_F(Opening, MakesFoldersWhereSystemdForbidsTheBitThatInheritsTheGroup) {
  for (const mode_t above : {mode_t{02750}, mode_t{0750}}) {
    ASSERT_EQ(::chmod(folder_.c_str(), above), 0);
    const base::Path made = folder_ / std::to_string(above);
    path_ = made / "archive.db";
    EXPECT_EQ(in_child([this]() -> std::string {
                ::umask(0027);
                if (!refuse_set_id_bits()) return "cannot be forbidden";
                if (::chmod(folder_.c_str(), 02750) == 0) return "is not forbidden";
                open();
                return "opened";
              }),
              "opened");
    EXPECT_EQ(mode_of(made), above) << "inherited";
  }
}

TEST_F(Opening, LeavesFoldersThatExistAsTheyAre) {
  ::chmod(folder_.c_str(), 0755);
  open();
  EXPECT_EQ(mode_of(folder_), 0755U);
}

TEST_F(Opening, KeepsTheLogFilesForReadersAfterACleanStop) {
  { const Archive archive = open(); }
  EXPECT_TRUE(std::filesystem::exists(path_.string() + "-shm"));
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), 0U);
}

TEST_F(Opening, LeavesNothingUnfinishedBehind) {
  { const Archive archive = open(); }
  for (const auto& entry : std::filesystem::directory_iterator(folder_))
    EXPECT_EQ(entry.path().filename().string().find(".new"), std::string::npos) << entry.path();
}

TEST_F(Opening, StartsAfreshWhereACreationWasKilled) {
  std::ofstream(path_.string() + ".new") << "half an archive";
  std::ofstream(path_.string() + ".new-journal") << "half a journal";
  Archive archive = open();
  EXPECT_EQ(commit(archive, {ended_task("t1")}).added, 1);
}

TEST_F(Opening, ChangesNothingWhenDoneAgain) {
  { const Archive archive = open(); }
  const std::string before = dump();
  { const Archive archive = open(); }
  EXPECT_EQ(dump(), before);
}

TEST_F(Opening, FindsWhatWasWrittenBefore) {
  {
    Archive archive = open();
    commit(archive, {ended_task("t1")});
  }
  EXPECT_EQ(open().reader().counts().tasks(), 1);
}

TEST_F(Opening, RefusesAFileThatIsNoDatabase) {
  write(
      "Dear diary, this is a text file of more than a hundred bytes, which is as long as the header of a SQLite file "
      "is.");
  EXPECT_TRUE(refuses("not a SQLite database"));
  EXPECT_TRUE(reader_refuses("not a SQLite database"));
}

TEST_F(Opening, RefusesAnEmptyFile) {
  write("");
  EXPECT_TRUE(refuses("an empty file"));
}

TEST_F(Opening, RefusesAnotherProgramsDatabase) {
  SQLite::Database(path_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("PRAGMA journal_mode = WAL; PRAGMA application_id = 7; CREATE TABLE recipe (name)");
  EXPECT_TRUE(refuses("application_id 7"));
  EXPECT_TRUE(reader_refuses("application_id 7"));
  EXPECT_FALSE(std::filesystem::exists(path_.string() + "-wal"));
}

TEST_F(Opening, RefusesASymbolicLink) {
  { const Archive archive = open(); }
  const std::filesystem::path target = path_;
  path_ = folder_ / "link.db";
  std::filesystem::create_symlink(target, path_);
  EXPECT_TRUE(refuses("symbolic link"));
  EXPECT_TRUE(reader_refuses("symbolic link"));
}

TEST_F(Opening, RefusesALinkToNowhereAndDoesNotCreateItsTarget) {
  std::filesystem::create_symlink(folder_ / "elsewhere.db", path_);
  EXPECT_TRUE(refuses("symbolic link"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "elsewhere.db"));
}

TEST_F(Opening, RefusesAFolderAndAPipe) {
  std::filesystem::create_directory(path_);
  EXPECT_THROW(open(), base::ConfigurationError);
  EXPECT_TRUE(reader_refuses("not a regular file"));
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THROW(open(), base::ConfigurationError);
  EXPECT_TRUE(reader_refuses("not a regular file"));
}

TEST_F(Opening, RefusesANewerSchemaAndNamesBothNumbers) {
  { const Archive archive = open(); }
  meddle("PRAGMA user_version = 4711");
  EXPECT_TRUE(refuses("has schema 4711, this program supports schemas up to " + std::to_string(newest_schema_version())));
  EXPECT_TRUE(reader_refuses("4711"));
}

TEST_F(Opening, RefusesAnotherOrganisationAndNamesBoth) {
  { const Archive archive = open("org-1"); }
  EXPECT_TRUE(refuses("belongs to organisation org-1, the configuration names org-2", "org-2"));
}

TEST_F(Opening, RefusesWithoutCheckpointingALogThatWasLeftBehind) {
  const pid_t child = ::fork();
  if (child == 0) {
    Archive archive = open("org-1");
    commit(archive, {ended_task("t1")});
    ::_exit(0);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  ASSERT_GT(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  const std::string log = bytes_of(path_.string() + "-wal");
  EXPECT_TRUE(refuses("org-2", "org-2"));
  EXPECT_EQ(bytes_of(path_.string() + "-wal"), log);
  EXPECT_EQ(open("org-1").reader().counts().tasks(), 1);
}

TEST_F(Opening, DoesNotPutTheLogOfALostArchiveIntoANewOne) {
  std::ofstream(path_.string() + "-wal") << "changes of an archive that is gone";
  EXPECT_TRUE(refuses("restore the archive"));
  std::filesystem::resize_file(path_.string() + "-wal", 0);
  EXPECT_EQ(open().reader().counts().tasks(), 0);
}

TEST_F(Opening, TellsAReaderThatThereIsNoArchive) {
  EXPECT_TRUE(reader_refuses("does not exist"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Opening, TellsAReaderToMigrateAnOlderSchema) {
  { const Archive archive = open(); }
  meddle("PRAGMA user_version = 0");
  EXPECT_TRUE(reader_refuses("has schema 0, this program reads schema " + std::to_string(newest_schema_version())));
}

TEST_F(Opening, NeedsAnOrganisation) {
  EXPECT_THROW(open(""), base::ConfigurationError);
}

// Holds the archive in another process until told to end.
TEST_F(Opening, RefusesASecondWriterInTheWordsOfTheFirst) {
  int ready[2];
  int finish[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(finish), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    char byte = 0;
    ::close(finish[1]);
    const Archive archive = open();
    const bool told = ::write(ready[1], "r", 1) == 1 && ::read(finish[0], &byte, 1) >= 0;
    ::_exit(told ? 0 : 1);
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
