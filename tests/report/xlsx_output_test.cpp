// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "extract_fixture.h"

namespace wxcc::report {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

using XlsxOutputTest = ExtractTest;

const base::Instant kNow = base::parse_iso8601("2026-10-27T12:00:00Z").value();

// Texts that have broken extracts of other programs.
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
    const auto result = store::FetchResult::fetched(id, {transcript});
    archive.commit_fetched({&result, 1}, kNow);
  }

  TemporaryDirectory directory;
  base::Path workbook = directory / "extract.xlsx";
  store::Archive archive;
  int tasks = 0;
};

// After an intended change, run this with WXCC_WRITE_GOLDEN=1 in the environment and review the difference.
TEST_F(RenderingTest, WritesGoldenXmlParts) {
  const std::string command =
      fmt::format("{} {}/golden.py {} {}/golden {}", WXCC_PYTHON, WXCC_REPORT_TESTS, workbook.string(),
                  WXCC_REPORT_TESTS, std::getenv("WXCC_WRITE_GOLDEN") == nullptr ? "" : "--write");
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(RenderingTest, ContainsNoFormulaAndNoExternalLink) {
  const ReadBack book(workbook);
  const std::string everything = book.root().to_json();
  EXPECT_THAT(everything, testing::Not(testing::HasSubstr("FORMULA")));
  EXPECT_THAT(everything, testing::Not(testing::HasSubstr("FOREIGN LINK")));
  EXPECT_EQ(book.row("Messages", 7).at(4), "=cmd|' /C calc'!A0");
  EXPECT_EQ(book.row("Messages", 4).at(4), "ab");
}

TEST_F(RenderingTest, SurvivesConversionByLibreOffice) {
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

TEST_F(XlsxOutputTest, WritesConversationsAndMessagesInColumns) {
  add("task-1", "2026-10-25T00:30:00.118Z", 2);
  add("task-2", "2026-10-25T01:30:00.118Z", 0);
  const ExtractResult counts = extract();
  EXPECT_EQ(counts.conversations, 2);
  EXPECT_EQ(counts.messages, 2);
  const ReadBack book(output);
  ASSERT_EQ(book.root()["order"].to_json(), "[\"Summary\",\"Conversations\",\"Messages\",\"Gaps\",\"Info\"]");
  ASSERT_EQ(book.row_count("Conversations"), 3U);
  auto first = book.row("Conversations", 1);
  first.resize(29);  // later columns are appended
  EXPECT_THAT(first, ElementsAre("task-1", "LINK Messages!A2", "time 2026-10-25 02:25:00.118", "duration 300000 ms",
                                 "duration 10000 ms", "Parcels", "Arne Holm", "Mira Visser", "1", "1", "", "4",
                                 "archived", "Hello 0", "mira@example.org", "+31201234567",
                                 "time 2026-10-25 00:25:00.118", "time 2026-10-25 02:30:00.118",
                                 "time 2026-10-25 00:30:00.118", "chat", "", "", "", "INBOUND", "", "", "", "0", "2"));
  const auto second = book.row("Conversations", 2);
  EXPECT_EQ(second.at(1), "") << "it has no messages";
  EXPECT_EQ(second.at(17), "time 2026-10-25 02:30:00.118") << "the same wall clock reading, an hour later";
  EXPECT_EQ(second.at(18), "time 2026-10-25 01:30:00.118");
  EXPECT_EQ(second.at(12), "pending");
  ASSERT_EQ(book.row_count("Messages"), 3U);
  EXPECT_THAT(book.row("Messages", 1),
              ElementsAre("task-1", "time 2026-10-25 02:25:00.118", "time 2026-10-25 00:25:00.118", "inbound",
                          "Hello 0", "Mira Visser", "customer", "", "alias-0", "false", "Parcels", "Arne Holm"));
  EXPECT_THAT(book.row("Messages", 2),
              ElementsAre("task-1", "time 2026-10-25 02:25:10.118", "time 2026-10-25 00:25:10.118", "outbound",
                          "Hello 1", "Arne Holm", "agent", "u-7", "alias-1", "true", "Parcels", "Arne Holm"));
}

TEST_F(XlsxOutputTest, ShowsGapsByDaysOfZone) {
  add("task-1", "2026-10-25T22:30:00Z", 1);  // still the 25th in Amsterdam, which has 25 hours
  add("task-2", "2026-10-25T23:30:00Z", 0);
  cover("2026-10-24T22:00:00Z", "2026-10-25T20:00:00Z");
  result = extract();
  EXPECT_EQ(result.transcripts,
            (model::StateCounts{model::TranscriptState::Archived, model::TranscriptState::Pending}));
  EXPECT_THAT(result.coverage_gaps,
              ElementsAre(base::TimeRange{at("2026-10-25T20:00:00Z"), at("2026-10-26T23:00:00Z")}));
  EXPECT_TRUE(result.has_gaps(now));
  const ReadBack book(output);
  std::vector<std::vector<std::string>> days;
  for (std::size_t i = 0; i < book.row_count("Summary"); ++i) {
    auto row = book.row("Summary", i);
    if (row.at(0).starts_with("time 2026-10-2")) days.push_back(row);
  }
  EXPECT_THAT(
      days,
      ElementsAre(ElementsAre("time 2026-10-25 00:00:00.000", "1", "1", "0", "0", "0", "0", "duration 10800000 ms"),
                  ElementsAre("time 2026-10-26 00:00:00.000", "1", "0", "1", "0", "0", "0", "duration 86400000 ms")));
  ASSERT_EQ(book.row_count("Gaps"), 3U);
  EXPECT_THAT(book.row("Gaps", 1),
              ElementsAre("coverage gap", "not covered by any scan", "time 2026-10-25 21:00:00.000",
                          "time 2026-10-27 00:00:00.000", "duration 97200000 ms", "", "", "", "", "", "",
                          "time 2026-10-26 23:00:00.000"));
  EXPECT_THAT(book.row("Gaps", 2),
              ElementsAre("transcript", "Pending: not available yet, will be requested again",
                          "time 2026-10-26 00:25:00.000", "time 2026-10-26 00:30:00.000", "duration 300000 ms",
                          "task-2", "Parcels", "Arne Holm", "", "", "", "time 2026-10-25 23:30:00.000"));
  EXPECT_THAT(book.value_of("Info", "Complete up to"), HasSubstr("2026-10-25T20:00:00.000Z"));
  EXPECT_THAT(book.value_of("Info", "Read from the Webex API up to"), HasSubstr("2026-10-25T20:00:00.000Z"));
  EXPECT_THAT(book.value_of("Info", "Gap 1"), HasSubstr("from 2026-10-25 21:00:00 +01:00"));
}

TEST_F(XlsxOutputTest, WritesValidWorkbookForEmptyPeriod) {
  result = extract();
  EXPECT_EQ(result.conversations, 0);
  const ReadBack book(output);
  EXPECT_EQ(book.row_count("Conversations"), 1U);
  EXPECT_THAT(book.member("Conversations", "filter"), testing::MatchesRegex("A1:[A-Z]+1"));
  EXPECT_EQ(book.row("Summary", 4).at(0), "This extract contains no conversations.");
  EXPECT_EQ(book.member("Summary", "charts"), "0");
  EXPECT_EQ(book.row_count("Messages"), 1U);
  EXPECT_EQ(book.value_of("Info", "Result"), "no conversations in this period");
}

TEST_F(XlsxOutputTest, ContinuesOnFurtherSheets) {
  request.rows_per_sheet = 3;
  for (int i = 0; i < 3; ++i) add(fmt::format("task-{}", i), "2026-10-25T12:00:00Z", 3);
  result = extract();
  EXPECT_EQ(result.messages, 9);
  const ReadBack book(output);
  EXPECT_EQ(book.root()["order"].to_json(),
            "[\"Summary\",\"Conversations\",\"Messages\",\"Messages 2\",\"Messages 3\",\"Gaps\",\"Info\"]");
  for (const char* sheet : {"Messages", "Messages 2", "Messages 3"}) {
    EXPECT_EQ(book.row_count(sheet), 4U) << sheet;
    EXPECT_EQ(book.row(sheet, 0).at(4), "Message") << sheet;
    EXPECT_EQ(book.member(sheet, "filter"), "A1:L4") << sheet;
  }
  EXPECT_EQ(book.row("Messages 3", 3).at(0), "task-2");
  EXPECT_EQ(book.row("Conversations", 3).at(1), "LINK 'Messages 3'!A2");
  EXPECT_THAT(book.value_of("Info", "Continued"), HasSubstr("2 further sheets"));
}

TEST_F(XlsxOutputTest, ListsTruncatedTexts) {
  add("task-1", "2026-10-25T12:00:00Z", 1, std::string(40000, 'x'));
  extract();
  const ReadBack book(output);
  EXPECT_THAT(book.row("Messages", 1).at(4), HasSubstr("… [truncated, 40002 characters in total]"));
  EXPECT_EQ(book.value_of("Info", "Messages!E2"), "40002 characters");
}

}  // namespace
}  // namespace wxcc::report
