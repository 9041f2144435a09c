// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "tests/temporary_directory.h"

namespace wxcc::base {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AtomicFileTest : public testing::Test {
 protected:
  void write(const char* text, OverwritePolicy policy) {
    AtomicFile file(target, policy, 0640);
    write_all(file.fd(), text, target);
    file.commit();
  }

  const tests::TemporaryDirectory directory;
  Path target = directory / "extract.csv";
};

TEST_F(AtomicFileTest, AppearsCompleteAndGroupReadable) {
  write("content", OverwritePolicy::Fail);
  EXPECT_EQ(read_file(target), "content");
  struct stat info {};
  ASSERT_EQ(::stat(target.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0640U);
  EXPECT_THAT(directory.names(), ElementsAre("extract.csv"));
}

TEST_F(AtomicFileTest, LeavesNoFileWithoutCommit) {
  {
    const AtomicFile output(target, OverwritePolicy::Fail, 0640);
    struct stat info {};
    ASSERT_EQ(::stat(output.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0600U) << "only the owner can read an incomplete file";
    EXPECT_THAT(directory.names(), IsEmpty()) << "a killed process leaves nothing";
  }
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST_F(AtomicFileTest, RejectsExistingFileAndLeavesItUnchanged) {
  write("old", OverwritePolicy::Fail);
  try {
    write("new", OverwritePolicy::Fail);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(target.string()));
  }
  EXPECT_EQ(read_file(target), "old");
  EXPECT_THAT(directory.names(), ElementsAre("extract.csv"));
}

TEST_F(AtomicFileTest, RejectsFileCreatedMeanwhile) {
  AtomicFile output(target, OverwritePolicy::Fail, 0640);
  write_file_durably(target, "another writer's", 0600);
  EXPECT_THROW(output.commit(), Error);
  EXPECT_EQ(read_file(target), "another writer's");
}

TEST_F(AtomicFileTest, OverwritesExistingFileByPolicy) {
  write("old", OverwritePolicy::Fail);
  write("new", OverwritePolicy::Overwrite);
  EXPECT_EQ(read_file(target), "new");
}

TEST_F(AtomicFileTest, ReplacesSymbolicLinkNotItsTarget) {
  const Path precious = directory / "precious";
  write_file_durably(precious, "precious", 0600);
  std::filesystem::create_symlink(precious, target);
  EXPECT_THROW(write("new", OverwritePolicy::Fail), Error);
  write("new", OverwritePolicy::Overwrite);
  EXPECT_EQ(read_file(precious), "precious");
  EXPECT_FALSE(std::filesystem::is_symlink(target));
  EXPECT_EQ(read_file(target), "new");
}

TEST_F(AtomicFileTest, NamesBlockingOrMissingDirectory) {
  EXPECT_THROW(AtomicFile(directory.path(), OverwritePolicy::Overwrite, 0640), FileError);
  EXPECT_THROW(AtomicFile(directory / "missing" / "extract.csv", OverwritePolicy::Fail, 0640), FileError);
}

}  // namespace
}  // namespace wxcc::base
