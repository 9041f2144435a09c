// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/file.h"
#include "base/log.h"
#include "tests/temporary_directory.h"

namespace wxcc::base::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class LogOutputs : public testing::Test {
 protected:
  ~LogOutputs() override {
    set_journal_sink(nullptr);
    configure({});
  }
  static std::string standard_error_of(const std::function<void()>& work) {
    testing::internal::CaptureStderr();
    work();
    return testing::internal::GetCapturedStderr();
  }

  tests::TemporaryDirectory directory_;
  std::vector<std::string> entries_;
  JournalSink journal_ = [this](Level, std::string_view line, const Fields& fields) {
    entries_.emplace_back(line);
    for (const auto& [name, value] : fields) entries_.push_back(std::string(name) + "=" + value);
    return true;
  };
};

TEST_F(LogOutputs, JournalReplacesStandardError) {
  set_journal_sink(journal_);
  EXPECT_EQ(standard_error_of([] { write(Level::Warning, "given up", {{"WXCC_TASK_ID", "t1"}}); }), "");
  EXPECT_THAT(entries_, ElementsAre("given up", "WXCC_TASK_ID=t1"));
}

TEST_F(LogOutputs, FallsBackToStandardErrorWhenJournalFails) {
  set_journal_sink([](Level, std::string_view, const Fields&) { return false; });
  EXPECT_THAT(standard_error_of([] { info("a line"); }), HasSubstr("a line\n"));
}

TEST_F(LogOutputs, FiltersJournalByLevel) {
  set_journal_sink(journal_);
  set_level(Level::Warning);
  info("too quiet");
  EXPECT_FALSE(enabled(Level::Info));
  set_level(Level::Debug);
  debug("loud enough");
  EXPECT_THAT(entries_, ElementsAre("loud enough"));
}

TEST_F(LogOutputs, WritesEveryLineToFileToo) {
  const Path file = directory_.path() / "service.log";
  set_journal_sink(journal_);
  configure({Level::Info, file});
  write(Level::Info, "one", {{"WXCC_ACTIVITY", "poll"}});
  set_level(Level::Error);
  write(Level::Info, "two", {});
  EXPECT_THAT(read_file(file), HasSubstr(" info one\n"));
  EXPECT_THAT(read_file(file), Not(HasSubstr("two")));
  EXPECT_THAT(entries_, ElementsAre("one", "WXCC_ACTIVITY=poll"));
}

TEST_F(LogOutputs, RotatesFileAndRetainsFive) {
  const Path file = directory_.path() / "service.log";
  set_journal_sink(journal_);
  configure({Level::Info, file});
  const std::string line(1'000'000, 'x');
  for (int i = 0; i < 75; ++i) info("{}", line);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 6);
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
    EXPECT_LE(entry.file_size(), 10U << 20U) << entry.path();
}

}  // namespace
}  // namespace wxcc::base::log
