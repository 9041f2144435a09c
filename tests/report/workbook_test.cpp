// SPDX-License-Identifier: Apache-2.0
#include "report/workbook.h"

#include <gmock/gmock.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/random.h"
#include "read_back.h"
#include "tests/file_size_limit.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::ElementsAre;

base::Instant at(std::string_view text) {
  return base::parse_iso8601(text).value();
}

struct Cut {
  std::string sheet;
  std::string cell;
  std::size_t characters;
  friend bool operator==(const Cut&, const Cut&) = default;
};

class WorkbookTest : public testing::Test {
 protected:
  Workbook::Options options() {
    return {.settings = {.file = file,
                         .scratch_directory = directory.path(),
                         .zone = base::Zone::find("Europe/Amsterdam").value(),
                         .on_truncated =
                             [this](const std::string& sheet, const std::string& cell, std::size_t characters) {
                               cuts.push_back({sheet, cell, characters});
                             }},
            .title = "A title",
            .comments = "Some comments",
            .created = at("2026-11-22T10:00:00Z")};
  }

  // One sheet with one column of these texts.
  void write_texts(const std::vector<std::string>& texts) {
    Workbook workbook(options());
    Sheet& sheet = workbook.add_table("Texts", {{"Text", 40}}, 1);
    for (const auto& text : texts) {
      sheet.begin_row();
      sheet.write(0, CellKind::LongText, std::string_view(text));
    }
    workbook.close();
  }

  TemporaryDirectory directory;
  base::Path file = directory / "book.xlsx";
  std::vector<Cut> cuts;
};

TEST_F(WorkbookTest, TextsSurviveIndependentReader) {
  const std::vector<std::string> texts = {
      "plain",
      "  blanks at both ends  ",
      "\ta tab and\nline\nends\n",
      "=cmd|' /C calc'!A0",
      "@SUM(A1)",
      "+1",
      "-1",
      "http://example.org/?a=1&b=<2>",
      "mailto:a@example.org",
      "<b>&amp;\"'",
      "שלום עולם مرحبا",
      "👩‍👩‍👧‍👦 🇳🇱",
      "e\u0301 a\u0308\u0323",
      "00123",
      "1e5",
      "TRUE",
  };
  write_texts(texts);
  const ReadBack book(file);
  ASSERT_EQ(book.row_count("Texts"), texts.size() + 1);
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_THAT(book.row("Texts", i + 1), ElementsAre(texts[i]));
}

TEST_F(WorkbookTest, RepairsTextsForXml) {
  write_texts({"a\0b\x1B"s, "\xFF\xFE", "caf\xC3", "\xED\xA0\x80", "a\xEF\xBF\xBF", "a\r\nb\rc"});
  const ReadBack book(file);
  std::vector<std::string> found;
  for (std::size_t i = 1; i < book.row_count("Texts"); ++i) found.push_back(book.row("Texts", i).at(0));
  EXPECT_THAT(found, ElementsAre("ab", "\uFFFD\uFFFD", "caf\uFFFD", "\uFFFD\uFFFD\uFFFD", "a\uFFFD", "a\nb\nc"));
}

TEST_F(WorkbookTest, ReportsTruncatedTexts) {
  write_texts({std::string(32767, 'a'), std::string(40000, 'b')});
  EXPECT_THAT(cuts, ElementsAre(Cut{"Texts", "A3", 40000}));
  const ReadBack book(file);
  EXPECT_EQ(book.row("Texts", 1).at(0), std::string(32767, 'a'));
  EXPECT_TRUE(book.row("Texts", 2).at(0).ends_with("b… [truncated, 40000 characters in total]"));
}

TEST_F(WorkbookTest, WritesTypedCells) {
  Workbook workbook(options());
  Sheet& sheet = workbook.add_table(
      "Cells", {{"Local", 20}, {"UTC", 20}, {"Long ago", 20}, {"Duration", 10}, {"Number", 8}, {"Flag", 8}}, 6);
  sheet.begin_row();
  sheet.write(0, CellKind::LocalTime, at("2026-10-25T01:30:00.118Z"));
  sheet.write(1, CellKind::UtcTime, at("2026-10-25T01:30:00.118Z"));
  sheet.write(2, CellKind::UtcTime, at("1815-06-18T11:35:00Z"));
  sheet.write(3, CellKind::Duration, base::Millis{25h + 1ms});
  sheet.write(4, CellKind::Number, std::int64_t{-7});
  sheet.write(5, CellKind::Flag, false);
  workbook.close();
  const ReadBack book(file);
  EXPECT_THAT(book.row("Cells", 1), ElementsAre("time 2026-10-25 02:30:00.118", "time 2026-10-25 01:30:00.118",
                                                "1815-06-18T11:35:00.000Z", "duration 90000001 ms", "-7", "false"));
  const auto formats = book.sheet("Cells")["formats"];
  EXPECT_EQ(formats.at(0).text(), "yyyy-mm-dd hh:mm:ss");
  EXPECT_EQ(formats.at(3).text(), "[h]:mm:ss");
}

TEST_F(WorkbookTest, FormatsTablesForScreenAndPrint) {
  write_texts({"one line", "three\nlines\nof text"});
  const ReadBack book(file);
  EXPECT_EQ(book.member("Texts", "frozen"), "A2");
  EXPECT_EQ(book.member("Texts", "filter"), "A1:A3");
  EXPECT_EQ(book.member("Texts", "orientation"), "landscape");
  EXPECT_EQ(book.member("Texts", "repeated"), "$1:$1");
  EXPECT_EQ(book.member("Texts", "fits_width"), "true");
  EXPECT_EQ(book.sheet("Texts")["heights"]["3"].number(), 45.0);
  EXPECT_FALSE(book.sheet("Texts")["heights"]["2"].exists());
  EXPECT_EQ(book.root()["title"].text(), "A title");
  EXPECT_EQ(book.root()["creator"].text(), "");
  EXPECT_EQ(book.root()["created"].text(), "2026-11-22T10:00:00");
}

TEST_F(WorkbookTest, WritesSheetsInParallelAndInOrder) {
  Workbook workbook(options());
  Sheet& first = workbook.add_page("First", {{"", 10}});
  Sheet& second = workbook.add_table("Second", {{"A", 10}}, 1);
  for (int i = 0; i < 3; ++i) {
    second.begin_row();
    second.write(0, CellKind::Number, std::int64_t{i});
    first.begin_row();
    first.write(0, CellKind::Number, std::int64_t{10 + i});
  }
  workbook.close();
  const ReadBack book(file);
  EXPECT_EQ(book.root()["order"].to_json(), "[\"First\",\"Second\"]");
  EXPECT_THAT(book.row("First", 2), ElementsAre("12"));
  EXPECT_THAT(book.row("Second", 3), ElementsAre("2"));
}

TEST_F(WorkbookTest, WritesTextInsteadOfLinkAboveLimit) {
  Workbook::Options limited = options();
  limited.settings.links_per_sheet = 2;
  Workbook workbook(limited);
  Sheet& sheet = workbook.add_table("Links", {{"Place", 20}}, 1);
  for (std::uint32_t row = 1; row <= 3; ++row) {
    sheet.begin_row();
    const std::string place = first_cell("Messages 2", row);
    sheet.write(0, CellKind::Link, std::string_view(place));
  }
  EXPECT_EQ(sheet.omitted_links(), 1U);
  workbook.close();
  const ReadBack book(file);
  EXPECT_THAT(book.row("Links", 1), ElementsAre("LINK 'Messages 2'!A2"));
  EXPECT_THAT(book.row("Links", 2), ElementsAre("LINK 'Messages 2'!A3"));
  EXPECT_THAT(book.row("Links", 3), ElementsAre("'Messages 2'!A4"));
}

TEST_F(WorkbookTest, ExcludesColumnsFromPrint) {
  Workbook workbook(options());
  workbook.add_table("Wide", {{"A", 10}, {"B", 10}, {"C", 10}}, 2).begin_row();
  workbook.close();
  EXPECT_THAT(ReadBack(file).member("Wide", "printed"), testing::HasSubstr("$A$1:$B$2"));
}

TEST_F(WorkbookTest, RejectsInvalidSheetNames) {
  Workbook workbook(options());
  EXPECT_THROW(workbook.add_page("a/b", {}), base::Error);
  EXPECT_THROW(workbook.add_page(std::string(32, 'a'), {}), base::Error);
}

TEST_F(WorkbookTest, IsCompleteOrFailsOnFullDisk) {
  const std::vector<std::string> texts(4000, "a text that takes some room, " + base::SystemRandom().uuid());
  write_texts(texts);
  const std::string complete = base::read_file(file);
  const auto fits = [&](rlim_t limit) {
    const tests::FileSizeLimit full(limit);
    try {
      write_texts(texts);
    } catch (const base::FileError& error) {
      EXPECT_EQ(error.error_number(), EFBIG) << error.what();
      return false;
    }
    EXPECT_EQ(base::read_file(file), complete) << "with room for " << limit << " bytes";
    return true;
  };
  // The search for the smallest sufficient size covers every place where writing can fail.
  rlim_t too_small = 0;
  rlim_t enough = 8'000'000;
  ASSERT_FALSE(fits(too_small));
  ASSERT_TRUE(fits(enough));
  while (enough - too_small > 1) {
    const rlim_t middle = (too_small + enough) / 2;
    (fits(middle) ? enough : too_small) = middle;
  }
  EXPECT_GT(enough, complete.size());
  EXPECT_THAT(directory.names(), ElementsAre("book.xlsx"));
}

}  // namespace
}  // namespace wxcc::report
