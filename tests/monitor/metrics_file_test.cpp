// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/log.h"
#include "tests/fakes.h"
#include "tests/temporary_directory.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;

class MetricsFileTest : public testing::Test {
 protected:
  tests::FakeClock clock_;
  tests::FakeTimers timers_{clock_};
  tests::TemporaryDirectory directory_;
  base::Path path_ = directory_.path() / "wxcc.prom";
  std::vector<std::string> logged_;
  base::log::Capture capture_{[this](base::log::Level, std::string_view line) { logged_.emplace_back(line); }};
};

TEST_F(MetricsFileTest, WritesAtStartAndInEachInterval) {
  base::write_file_durably(path_.string() + ".0123456789ab.tmp", "of a killed process", 0644);
  int writes = 0;
  const MetricsFile file(path_, ch::minutes(1), timers_, [&] { return std::to_string(++writes); });
  EXPECT_EQ(base::read_file(path_), "1");
  timers_.advance(ch::minutes(3));
  EXPECT_EQ(base::read_file(path_), "4");
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0644U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1) << "stale files";
}

TEST_F(MetricsFileTest, LogsFailureOnceAtStartAndEnd) {
  const base::Path later = directory_.path() / "later";
  const MetricsFile file(later / "wxcc.prom", ch::minutes(1), timers_, [] { return "x"; });
  timers_.advance(ch::minutes(5));
  ASSERT_EQ(logged_.size(), 1U);
  EXPECT_THAT(logged_[0], HasSubstr("metrics_file: creating"));
  std::filesystem::create_directory(later);
  timers_.advance(ch::minutes(5));
  ASSERT_EQ(logged_.size(), 2U);
  EXPECT_EQ(logged_[1], "metrics_file: recovered");
}

}  // namespace
}  // namespace wxcc::monitor
