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

constexpr uid_t kAnalyst = 65534;
constexpr gid_t kGroup = 54321;

// An analyst of the archive's group, who may read the folder (2750) and the files (0640) and write nothing. The service
// is the user who runs the test.
class OtherUsers : public ArchiveFixture {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    ASSERT_EQ(::chown(folder_.c_str(), 0, kGroup), 0);
    ASSERT_EQ(::chmod(folder_.c_str(), 02750), 0);
  }

  static std::string as_analyst(gid_t group, const std::function<std::string()>& work) {
    return in_child([&]() -> std::string {
      if (::setgroups(0, nullptr) != 0 || ::setgid(group) != 0 || ::setuid(kAnalyst) != 0)
        return "could not change the user";
      return work();
    });
  }
  // What the analyst sees: how many tasks and messages, and the text found by full text search.
  std::string read(gid_t group = kGroup) const {
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

TEST_F(OtherUsers, ReadWhileTheServiceRuns) {
  Archive archive = open();
  fill(archive);
  EXPECT_EQ(read(), "2 2 1");
  commit(archive, {ended_task("t3")});
  EXPECT_EQ(read(), "3 2 1");
}

TEST_F(OtherUsers, ReadAfterTheServiceStopped) {
  {
    Archive archive = open();
    fill(archive);
  }
  EXPECT_EQ(read(), "2 2 1");
  Archive archive = open();
  EXPECT_EQ(commit(archive, {ended_task("t3")}).added, 1) << "the reader left something in the way";
}

TEST_F(OtherUsers, ReadAfterTheServiceWasKilled) {
  const pid_t child = ::fork();
  if (child == 0) {
    Archive archive = open();
    fill(archive);
    ::kill(::getpid(), SIGKILL);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(read(), "2 2 1");
}

TEST_F(OtherUsers, ReadACopyWithoutItsLogFiles) {
  {
    Archive archive = open();
    fill(archive);
  }
  std::filesystem::remove(path_.string() + "-wal");
  std::filesystem::remove(path_.string() + "-shm");
  EXPECT_EQ(read(), "2 2 1");
  EXPECT_FALSE(std::filesystem::exists(path_.string() + "-wal"));
}

TEST_F(OtherUsers, ReadACopyWhosePathNeedsEscapingInAUri) {
  path_ = folder_ / "odd ?#%41 name.db";
  {
    Archive archive = open();
    fill(archive);
  }
  std::filesystem::remove(path_.string() + "-wal");
  std::filesystem::remove(path_.string() + "-shm");
  EXPECT_EQ(read(), "2 2 1");
}

TEST_F(OtherUsers, AreToldWhatIsMissingOfACopyThatHasALogOnly) {
  Archive archive = open();
  fill(archive);
  const std::filesystem::path copies = folder_ / "copies";
  std::filesystem::create_directory(copies);
  for (const char* suffix : {"", "-wal"})
    std::filesystem::copy_file(path_.string() + suffix, (copies / "archive.db").string() + suffix);
  path_ = copies / "archive.db";
  ASSERT_EQ(::chmod(copies.c_str(), 0750), 0);
  // SQLite can read such a log into memory or not at all; what must not happen is an answer without the log's rows.
  const std::string said = read();
  EXPECT_TRUE(said == "2 2 1" || said.find("permissions") != std::string::npos) << said;
}

TEST_F(OtherUsers, VerifyAndBackUpWithoutWritePermission) {
  const std::filesystem::path shared = folder_ / "shared";
  std::filesystem::create_directory(shared);
  ASSERT_EQ(::chmod(shared.c_str(), 0777), 0);
  const auto verified_and_copied = [&] {
    return as_analyst(kGroup, [&] {
      std::string said;
      for (const Check& check : verify(path_, {}))
        if (check.outcome == Check::Outcome::Corrupt) said += check.name + " ";
      const BackupOptions replacing{base::OverwritePolicy::Overwrite, {}};
      return said + std::to_string(back_up(path_, shared / "copy.db", replacing, kNow).conversations);
    });
  };
  {
    Archive archive = open();
    fill(archive);
    EXPECT_EQ(verified_and_copied(), "2") << "while the service runs";
  }
  EXPECT_EQ(verified_and_copied(), "2") << "after it stopped";
  Archive archive = open();
  EXPECT_EQ(commit(archive, {ended_task("t3")}).added, 1) << "the reader left something in the way";
}

TEST_F(OtherUsers, OutsideTheGroupAreRefused) {
  { const Archive archive = open(); }
  EXPECT_NE(read(kAnalyst).find("Permission denied"), std::string::npos) << read(kAnalyst);
}

TEST_F(OtherUsers, CannotWrite) {
  { const Archive archive = open(); }
  const std::string said = as_analyst(kGroup, [&] {
    open();
    return std::string("opened");
  });
  EXPECT_NE(said.find("Permission denied"), std::string::npos) << said;
}

}  // namespace
}  // namespace wxcc::store
