// SPDX-License-Identifier: Apache-2.0
#include "report/output_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "read_back.h"

namespace wxcc::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OutputFileTest : public testing::Test {
 protected:
  void write(const char* text, Existing existing) {
    OutputFile output(target, existing);
    TextSink sink(output.fd(), target);
    sink.write(text);
    sink.flush();
    output.commit();
  }

  TemporaryDirectory directory;
  base::Path target = directory / "extract.csv";
};

TEST_F(OutputFileTest, AppearsCompleteAndReadableForTheGroup) {
  write("content", Existing::Refuse);
  EXPECT_EQ(base::read_file(target), "content");
  struct stat info {};
  ASSERT_EQ(::stat(target.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0640U);
  EXPECT_THAT(directory.names(), ElementsAre("extract.csv"));
}

TEST_F(OutputFileTest, LeavesNothingWithoutCommit) {
  {
    const OutputFile output(target, Existing::Refuse);
    struct stat info {};
    ASSERT_EQ(::stat(output.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0600U) << "nobody else reads half a file";
    EXPECT_THAT(directory.names(), IsEmpty()) << "a killed process leaves nothing";
  }
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST_F(OutputFileTest, RefusesAnExistingFileAndLeavesItAlone) {
  write("old", Existing::Refuse);
  try {
    write("new", Existing::Refuse);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(target.string()));
  }
  EXPECT_EQ(base::read_file(target), "old");
  EXPECT_THAT(directory.names(), ElementsAre("extract.csv"));
}

TEST_F(OutputFileTest, RefusesAFileThatAppearsMeanwhile) {
  OutputFile output(target, Existing::Refuse);
  base::write_file_durably(target, "somebody else's", 0600);
  EXPECT_THROW(output.commit(), base::Error);
  EXPECT_EQ(base::read_file(target), "somebody else's");
}

TEST_F(OutputFileTest, ReplacesAnExistingFileWhenAskedTo) {
  write("old", Existing::Refuse);
  write("new", Existing::Replace);
  EXPECT_EQ(base::read_file(target), "new");
}

TEST_F(OutputFileTest, ReplacesASymbolicLinkAndNotItsTarget) {
  const base::Path precious = directory / "precious";
  base::write_file_durably(precious, "precious", 0600);
  std::filesystem::create_symlink(precious, target);
  EXPECT_THROW(write("new", Existing::Refuse), base::Error);
  write("new", Existing::Replace);
  EXPECT_EQ(base::read_file(precious), "precious");
  EXPECT_FALSE(std::filesystem::is_symlink(target));
  EXPECT_EQ(base::read_file(target), "new");
}

TEST_F(OutputFileTest, NamesADirectoryThatIsInTheWayOrMissing) {
  EXPECT_THROW(OutputFile(directory.path(), Existing::Replace), base::FileError);
  EXPECT_THROW(OutputFile(directory / "missing" / "extract.csv", Existing::Refuse), base::FileError);
}

TEST_F(OutputFileTest, TellsWhenTheDiskIsFull) {
  const base::FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.valid());
  TextSink sink(full.get(), "/dev/full");
  sink.write("text");
  try {
    sink.flush();
    FAIL();
  } catch (const base::FileError& error) {
    EXPECT_EQ(error.error_number(), ENOSPC);
  }
}

}  // namespace
}  // namespace wxcc::report
