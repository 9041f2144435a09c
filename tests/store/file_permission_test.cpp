// SPDX-License-Identifier: Apache-2.0
#include <grp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive_fixture.h"
#include "child_process.h"
#include "store/backup.h"
#include "store/verify.h"

namespace wxcc::store {
namespace {

constexpr uid_t kAnalystUser = 65534;
constexpr gid_t kArchiveGroup = 54321;

// An analyst of the archive's group, who may read the directory (2750) and the files (0640) but not write. The service
// is the user who runs the test.
class FilePermissions : public ArchiveFixture {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    ASSERT_EQ(::chown(root_.c_str(), 0, kArchiveGroup), 0);
    ASSERT_EQ(::chmod(root_.c_str(), 02750), 0);
  }

  static std::string as_analyst(gid_t group, const std::function<std::string()>& work) {
    return in_child([&]() -> std::string {
      if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(kAnalystUser) != 0)
        return "cannot change the user";
      return work();
    });
  }
  // The numbers of tasks, messages and full text matches that the analyst reads.
  std::string read(gid_t group = kArchiveGroup) const {
    return as_analyst(group, [&] {
      const Reader reader = Reader::open(path_);
      const Counts counts = reader.counts();
      ConversationFilter filter;
      filter.text = "hello";
      return std::to_string(counts.tasks()) + " " + std::to_string(counts.messages) + " " +
             std::to_string(reader.size_of(filter).conversations);
    });
  }
  static void fill(Archive& archive) {
    commit(archive, {ended_task("t1"), ended_task("t2")});
    store(archive, "t1", {transcript("c1", {"hello", "goodbye"})}, std::nullopt, kNow);
  }
};

TEST_F(FilePermissions, AllowGroupToReadWhileServiceRuns) {
  Archive archive = open();
  fill(archive);
  EXPECT_EQ(read(), "2 2 1");
  commit(archive, {ended_task("t3")});
  EXPECT_EQ(read(), "3 2 1");
}

TEST_F(FilePermissions, AllowGroupToReadAfterServiceStopped) {
  {
    Archive archive = open();
    fill(archive);
  }
  EXPECT_EQ(read(), "2 2 1");
  Archive archive = open();
  EXPECT_EQ(commit(archive, {ended_task("t3")}).added, 1) << "the reader does not block the writer";
}

TEST_F(FilePermissions, AllowGroupToReadAfterServiceWasKilled) {
  const pid_t child = ::fork();
  if (child == 0) {
    Archive archive = open();
    fill(archive);
    ::kill(::getpid(), SIGKILL);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(read(), "2 2 1");
}

TEST_F(FilePermissions, AllowReadingCopyWithoutWalFiles) {
  {
    Archive archive = open();
    fill(archive);
  }
  std::filesystem::remove(path_.string() + "-wal");
  std::filesystem::remove(path_.string() + "-shm");
  EXPECT_EQ(read(), "2 2 1");
  EXPECT_FALSE(std::filesystem::exists(path_.string() + "-wal"));
}

TEST_F(FilePermissions, AllowReadingCopyWithSpecialCharactersInPath) {
  path_ = root_ / "odd ?#%41 name.db";
  {
    Archive archive = open();
    fill(archive);
  }
  std::filesystem::remove(path_.string() + "-wal");
  std::filesystem::remove(path_.string() + "-shm");
  EXPECT_EQ(read(), "2 2 1");
}

TEST_F(FilePermissions, ExplainCopyWithWalButWithoutShm) {
  Archive archive = open();
  fill(archive);
  const std::filesystem::path copies = root_ / "copies";
  std::filesystem::create_directory(copies);
  for (const char* suffix : {"", "-wal"})
    std::filesystem::copy_file(path_.string() + suffix, (copies / "archive.db").string() + suffix);
  path_ = copies / "archive.db";
  ASSERT_EQ(::chmod(copies.c_str(), 0750), 0);
  // SQLite either reads the WAL or fails; it must not return a result without the rows of the WAL.
  const std::string output = read();
  EXPECT_TRUE(output == "2 2 1" || output.find("permissions") != std::string::npos) << output;
}

TEST_F(FilePermissions, AllowVerifyAndBackupWithoutWritePermission) {
  const std::filesystem::path shared = root_ / "shared";
  std::filesystem::create_directory(shared);
  ASSERT_EQ(::chmod(shared.c_str(), 0777), 0);
  const auto verified_and_copied = [&] {
    return as_analyst(kArchiveGroup, [&] {
      std::string output;
      for (const Check& check : verify(path_, {}))
        if (check.outcome == Check::Outcome::Corrupt) output += check.name + " ";
      const BackupOptions replacing{base::OverwritePolicy::Overwrite, {}};
      return output + std::to_string(back_up(path_, shared / "copy.db", replacing, kNow).conversations);
    });
  };
  {
    Archive archive = open();
    fill(archive);
    EXPECT_EQ(verified_and_copied(), "2") << "while the service runs";
  }
  EXPECT_EQ(verified_and_copied(), "2") << "after it stopped";
  Archive archive = open();
  EXPECT_EQ(commit(archive, {ended_task("t3")}).added, 1) << "the reader does not block the writer";
}

TEST_F(FilePermissions, DenyUsersOutsideGroup) {
  { const Archive archive = open(); }
  EXPECT_NE(read(kAnalystUser).find("Permission denied"), std::string::npos) << read(kAnalystUser);
}

TEST_F(FilePermissions, DenyWriting) {
  { const Archive archive = open(); }
  const std::string output = as_analyst(kArchiveGroup, [&] {
    open();
    return std::string("opened");
  });
  EXPECT_NE(output.find("Permission denied"), std::string::npos) << output;
}

}  // namespace
}  // namespace wxcc::store
