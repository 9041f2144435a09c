// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <type_traits>

#include "base/error.h"
#include "base/secret.h"
#include "tests/temporary_directory.h"

namespace wxcc::base {
namespace {

using tests::TemporaryDirectory;

mode_t mode_of(const Path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

TEST(File, ReplacesWholeFileWithPrivateMode) {
  const TemporaryDirectory directory;
  const Path file = directory.path() / "token";
  write_file_durably(file, "one", 0600);
  EXPECT_EQ(read_file(file), "one");
  EXPECT_EQ(mode_of(file), 0600U);
  ::chmod(file.c_str(), 0666);
  write_file_durably(file, "two", 0600);
  EXPECT_EQ(read_file(file), "two");
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(directory.names().size(), 1U) << "a temporary file was left";
}

TEST(File, ReplacesSymbolicLinkNotItsTarget) {
  const TemporaryDirectory directory;
  const Path victim = directory.path() / "victim";
  write_file_durably(victim, "untouched", 0644);
  const Path file = directory.path() / "token";
  ASSERT_EQ(::symlink(victim.c_str(), file.c_str()), 0);
  write_file_durably(file, "secret", 0600);
  EXPECT_EQ(read_file(victim), "untouched");
  EXPECT_EQ(read_file(file), "secret");
  EXPECT_FALSE(std::filesystem::is_symlink(file));
}

TEST(File, FailedWriteLeavesExistingFile) {
  const TemporaryDirectory directory;
  const Path file = directory.path() / "blocking-directory";
  std::filesystem::create_directories(file / "x");
  EXPECT_THROW(write_file_durably(file, "content", 0600), FileError);
  EXPECT_EQ(directory.names().size(), 1U);
  EXPECT_THROW(write_file_durably(directory.path() / "no" / "such", "x", 0600), FileError);
}

TEST(File, LimitsSizeAndNamesCauseOfReadErrors) {
  const TemporaryDirectory directory;
  const Path file = directory.path() / "large";
  write_file_durably(file, std::string(1000, 'x'), 0600);
  EXPECT_EQ(read_file(file, 1000).size(), 1000U);
  EXPECT_THROW(read_file(file, 999), FileError);
  EXPECT_THROW(read_file(directory.path()), FileError);
  EXPECT_FALSE(read_file_if_present(directory.path() / "none"));
  try {
    read_file(directory.path() / "none");
    FAIL();
  } catch (const FileError& error) {
    EXPECT_EQ(error.error_number(), ENOENT);
    EXPECT_NE(std::string(error.what()).find("none: No such file"), std::string::npos) << error.what();
  }
  const Path fifo = directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THROW(read_file(fifo), FileError) << "must not wait for a writer";
}

TEST(FileLock, ExcludesSecondOwnerAndNamesFirst) {
  const TemporaryDirectory directory;
  const Path file = directory.path() / "lock";
  {
    const auto first = FileLock::try_acquire(file);
    ASSERT_TRUE(first);
    first->write_owner("the service, pid 1");
    EXPECT_FALSE(FileLock::try_acquire(file));
    EXPECT_EQ(FileLock::read_owner(file), "the service, pid 1");
  }
  EXPECT_TRUE(FileLock::try_acquire(file));
}

TEST(FileLock, DoesNotFollowSymbolicLink) {
  const TemporaryDirectory directory;
  const Path victim = directory.path() / "victim";
  write_file_durably(victim, "untouched", 0600);
  const Path file = directory.path() / "lock";
  ASSERT_EQ(::symlink(victim.c_str(), file.c_str()), 0);
  EXPECT_THROW(FileLock::try_acquire(file), FileError);
}

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, CannotBePrintedAndIsWipedWhenMoved) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  Secret secret(std::string("short"));
  const Secret moved = std::move(secret);
  EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move): the point of the test
  EXPECT_EQ(moved.reveal(), "short");
  std::string text = "a secret";
  const char* memory = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(memory[0], '\0');
}

TEST(File, GiveFilesOfRootToDirectoryOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const TemporaryDirectory directory;
  constexpr uid_t kOtherUser = 65534;
  ASSERT_EQ(::chown(directory.path().c_str(), kOtherUser, kOtherUser), 0);
  const Path file = directory.path() / "token";
  write_file_durably(file, "secret", 0600);
  const auto lock = FileLock::try_acquire(directory.path() / "lock");
  for (const Path& each : {file, directory.path() / "lock"}) {
    struct stat info {};
    ASSERT_EQ(::stat(each.c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, kOtherUser) << each;
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << each;
  }
}

TEST(File, FindStaleTempFilesOfKilledWriter) {
  const TemporaryDirectory directory;
  const Path file = directory.path() / "token";
  write_file_durably(file, "whole", 0600);
  EXPECT_TRUE(find_stale_temp_files(file).empty());
  for (const char* name :
       {"token.0123456789ab.tmp", "token.lock", "token.tmp", "token.0123456789abc.tmp", "other.0123456789ab.tmp"})
    write_file_durably(directory.path() / name, "x", 0600);
  EXPECT_EQ(find_stale_temp_files(file), std::vector<Path>{file.string() + ".0123456789ab.tmp"});
  EXPECT_TRUE(find_stale_temp_files(directory.path() / "no" / "such").empty());
}

TEST(File, ReportReadAccessByMode) {
  const TemporaryDirectory directory;
  const Path file = directory.path() / "token";
  EXPECT_EQ(read_access(file), ReadAccess::Owner) << "missing file";
  write_file_durably(file, "x", 0600);
  EXPECT_EQ(read_access(file), ReadAccess::Owner);
  ::chmod(file.c_str(), 0640);
  EXPECT_EQ(read_access(file), ReadAccess::Group);
  ::chmod(file.c_str(), 0644);
  EXPECT_EQ(read_access(file), ReadAccess::World);
  ::chmod(file.c_str(), 0604);
  EXPECT_EQ(read_access(file), ReadAccess::World);
}

}  // namespace
}  // namespace wxcc::base
