// SPDX-License-Identifier: Apache-2.0
#include "systemd/journal.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/environment_variable.h"

namespace wxcc::systemd {
namespace {

using base::log::Level;
using testing::ElementsAre;
using tests::EnvironmentVariable;

TEST(Journal, EntryHasMessagePriorityAndFields) {
  EXPECT_THAT(journal_entry(Level::Warning, "search: status 503",
                            {{"WXCC_ACTIVITY", "poll"}, {"WXCC_HTTP_STATUS", "503"}, {"WXCC_TRACKING_ID", ""}}),
              ElementsAre("MESSAGE=search: status 503", "PRIORITY=4", "WXCC_ACTIVITY=poll", "WXCC_HTTP_STATUS=503"));
}

TEST(Journal, MapsLevelsToPriorities) {
  for (const auto& [level, priority] : {std::pair{Level::Trace, "7"},
                                        {Level::Debug, "7"},
                                        {Level::Info, "6"},
                                        {Level::Warning, "4"},
                                        {Level::Error, "3"}})
    EXPECT_THAT(journal_entry(level, "x", {}), ElementsAre("MESSAGE=x", std::string("PRIORITY=") + priority));
}

TEST(Journal, IsDetectedByDeviceAndInodeOfStandardError) {
  struct stat info {};
  ASSERT_EQ(::fstat(STDERR_FILENO, &info), 0);
  const std::string here = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
  {
    const EnvironmentVariable journal("JOURNAL_STREAM", here);
    EXPECT_TRUE(stderr_is_journal());
  }
  // Inherited from a parent with another standard error.
  const EnvironmentVariable inherited("JOURNAL_STREAM", here + "0");
  EXPECT_FALSE(stderr_is_journal());
  EXPECT_FALSE(stderr_is_journal());
}

}  // namespace
}  // namespace wxcc::systemd
