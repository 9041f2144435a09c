// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>

#include "read_back.h"
#include "report/extract.h"
#include "store/archive.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const base::Instant kNow = base::parse_iso8601("2026-10-27T12:00:00Z").value();

// What has broken extracts somewhere.
std::vector<std::string> nasty_texts() {
  std::string links;
  for (int i = 0; i < 5000; ++i) links += "http://";
  return {"plain",
          "שלום עולם مرحبا \u202Eabc",
          "👩‍👩‍👧‍👦 🇳🇱 e\u0301 a\u0308\u0323",
          "a\0b"s,
          "\xED\xA0\x80 and \xFF\xFE",
          std::string(40000, 'x'),
          "=cmd|' /C calc'!A0",
          "@SUM(A1)",
          links,
          "_x0041_",
          "\ttab\nand\r\nlines\n",
          "<a>&amp;]]>\"'",
          "+1",
          "-1"};
}

// The workbook of an archive that is the same in every run.
class RenderingTest : public testing::Test {
 protected:
  RenderingTest() : archive(store::Archive::open({directory / "archive.db", "org-1", "test"}, kNow)) {
    add("task-1", nasty_texts());
    add("task-2", {"Where is my parcel?", "On its way."});
    add("task-3", {});
    store::Reader reader = store::Reader::open(directory / "archive.db");
    ExtractRequest request;
    request.filter.range = base::TimeRange{kNow - 72h, kNow - 12h};
    request.zone = base::Zone::find("Europe/Amsterdam").value();
    request.output = workbook;
    request.program = "wxcc-archive test";
    write_extract(reader, request, kNow);
  }

  void add(const std::string& id, const std::vector<std::string>& texts) {
    model::Task task;
    task.id = id;
    task.channel = "chat";
    task.created = kNow - 60h + std::chrono::hours(tasks++);
    task.ended = *task.created + 9min;
    task.queue = {"q1", "Parcels"};
    task.agent = {"a1", "Arne Holm"};
    archive.commit_page({task}, std::nullopt, std::nullopt, kNow);
    if (texts.empty()) return;
    store::FetchedTranscript transcript;
    transcript.item.capture_id = id;
    transcript.raw = id;
    model::Conversation& conversation = transcript.conversation.emplace();
    conversation.format = "digital";
    conversation.participants = {{"Mira Visser", "customer", ""}, {"Arne Holm", "agent", "u-7"}};
    for (const std::string& text : texts) {
      model::Message& message = conversation.messages.emplace_back();
      message.participant = conversation.messages.size() % 2 == 0 ? 1 : 0;
      message.sent = *task.created + conversation.messages.size() * 5s;
      message.text = text;
    }
    archive.record_transcripts(id, {transcript}, std::nullopt, kNow);
  }

  TemporaryDirectory directory;
  base::Path workbook = directory / "extract.xlsx";
  store::Archive archive;
  int tasks = 0;
};

// After a change that is meant: run this with WXCC_WRITE_GOLDEN=1 in the environment, and look at the difference.
TEST_F(RenderingTest, GivesTheSameXmlPartsAsBefore) {
  const std::string command =
      fmt::format("{} {}/golden.py {} {}/golden {}", WXCC_PYTHON, WXCC_REPORT_TESTS, workbook.string(),
                  WXCC_REPORT_TESTS, std::getenv("WXCC_WRITE_GOLDEN") == nullptr ? "" : "--write");
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(RenderingTest, HoldsNoFormulaAndNoForeignLinkWhateverPeopleSay) {
  const ReadBack book(workbook);
  const std::string everything = book.root().to_json();
  EXPECT_THAT(everything, testing::Not(testing::HasSubstr("FORMULA")));
  EXPECT_THAT(everything, testing::Not(testing::HasSubstr("FOREIGN LINK")));
  EXPECT_EQ(book.row("Messages", 7).at(4), "=cmd|' /C calc'!A0");
  EXPECT_EQ(book.row("Messages", 4).at(4), "ab");
}

TEST_F(RenderingTest, PassesThroughLibreOfficeUnchanged) {
  if (std::system("command -v soffice > /dev/null") != 0) GTEST_SKIP() << "LibreOffice is not installed";
  const std::string command = fmt::format(
      "timeout 100 soffice -env:UserInstallation=file://{0}/profile --headless --convert-to xlsx --outdir {0}/out {1} "
      "> /dev/null 2>&1",
      directory.path().string(), workbook.string());
  ASSERT_EQ(std::system(command.c_str()), 0);
  const ReadBack before(workbook);
  const ReadBack after(directory / "out/extract.xlsx");
  for (const char* sheet : {"Summary", "Conversations", "Messages", "Gaps", "Info"}) {
    ASSERT_GE(after.row_count(sheet), before.row_count(sheet)) << sheet;
    if (sheet == std::string("Conversations") || sheet == std::string("Summary")) continue;  // links; computed shares
    for (std::size_t index = 0; index < before.row_count(sheet); ++index) {
      const auto row = before.row(sheet, index);
      const auto converted = after.row(sheet, index);
      // A spreadsheet shows the text that was escaped; openpyxl shows the escape.
      for (std::size_t column = 0; column < row.size(); ++column)
        EXPECT_EQ(converted.at(column), row[column] == "_x005F_x0041_" ? "_x0041_" : row[column])
            << sheet << " row " << index;
    }
  }
}

}  // namespace
}  // namespace wxcc::report
