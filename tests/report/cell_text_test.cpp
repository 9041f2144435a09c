// SPDX-License-Identifier: Apache-2.0
#include "report/cell_text.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace wxcc::report {
namespace {

using namespace std::string_literals;

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::string cell_of(std::string_view text, std::size_t limit = kCellLimit) {
  std::string cell = "left over";
  to_cell_text(text, cell, limit);
  return cell;
}

struct Row {
  const char* what;
  std::string text;
  std::string expected;
};

TEST(SanitizeText, RepairsTextForXml) {
  const Row rows[] = {
      {"empty", "", ""},
      {"plain", "Hello, world.", "Hello, world."},
      {"tabs and line feeds", "a\tb\nc", "a\tb\nc"},
      {"Windows line ends", "a\r\nb\r\n", "a\nb\n"},
      {"old Macintosh line ends", "a\rb\r", "a\nb\n"},
      {"carriage return twice", "a\r\r\nb", "a\n\nb"},
      {"NUL in the middle", "a\0b"s, "ab"},
      {"control characters", "\x01\x02 a\x1B[31m\x7F", " a[31m"},
      {"C1 control characters", "a\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0z", "a\xC2\xA0z"},
      {"right to left", "שלום עולם مرحبا", "שלום עולם مرحبا"},
      {"an emoji of several with joiners", "👩‍👩‍👧‍👦!", "👩‍👩‍👧‍👦!"},
      {"combining marks", "e\u0301 a\u0308\u0323", "e\u0301 a\u0308\u0323"},
      {"ill-formed bytes", "a\xFF\xC3(b", "a\uFFFD\uFFFD(b"},
      {"a surrogate in UTF-8", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {"a character cut off", "caf\xC3", "caf\uFFFD"},
      {"noncharacters that XML forbids", "a\xEF\xBF\xBE\xEF\xBF\xBFz", "a\uFFFD\uFFFDz"},
  };
  for (const Row& row : rows) EXPECT_EQ(sanitize_text(row.text), row.expected) << row.what;
}

TEST(CellText, EscapesCharacterEscapes) {
  const Row rows[] = {
      {"an escape", "_x0041_", "_x005F_x0041_"},
      {"in small letters", "a_x00af_b", "a_x005F_x00af_b"},
      {"two that share an underscore", "_x0041_x0042_", "_x005F_x0041_x005F_x0042_"},
      {"already escaped", "_x005F_x0041_", "_x005F_x005F_x005F_x0041_"},
      {"capital X", "_X0041_", "_X0041_"},
      {"not hexadecimal", "_x00G1_", "_x00G1_"},
      {"too short", "_x041_", "_x041_"},
      {"not closed", "_x0041", "_x0041"},
      {"an identifier", "max_x_value", "max_x_value"},
      {"a formula stays as it is", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"},
      {"beside other characters", "é_x0041_", "é_x005F_x0041_"},
  };
  for (const Row& row : rows) EXPECT_EQ(cell_of(row.text), row.expected) << row.what;
}

TEST(CellText, CopiesTextsUpToLimit) {
  std::string cell;
  const std::string ascii(kCellLimit, 'a');
  EXPECT_FALSE(to_cell_text(ascii, cell));
  EXPECT_EQ(cell, ascii);
  const std::string pairs = repeated("😀", kCellLimit / 2);  // two UTF-16 units each
  EXPECT_FALSE(to_cell_text(pairs, cell));
  EXPECT_EQ(cell, pairs);
}

TEST(CellText, TruncatesLongTextsWithMarker) {
  std::string cell;
  EXPECT_EQ(to_cell_text(std::string(40000, 'a'), cell), 40000U);
  EXPECT_EQ(base::utf16_length(cell), kCellLimit);
  EXPECT_TRUE(cell.ends_with("a… [truncated, 40000 characters in total]"));
}

TEST(CellText, CountsUtf16UnitsAndKeepsCharactersWhole) {
  std::string cell;
  const std::string text = repeated("😀", 20000);  // 20,000 characters, but 40,000 units
  EXPECT_EQ(to_cell_text(text, cell), 20000U);
  EXPECT_LE(base::utf16_length(cell), kCellLimit);
  EXPECT_GE(base::utf16_length(cell), kCellLimit - 1);
  EXPECT_TRUE(base::is_utf8(cell));
  EXPECT_TRUE(cell.ends_with("😀… [truncated, 20000 characters in total]"));
}

TEST(CellText, CountsEscapesAndKeepsThemWhole) {
  for (std::size_t limit = 60; limit < 75; ++limit) {
    std::string cell;
    const std::string text = repeated("_x0041_", 20);
    EXPECT_EQ(to_cell_text(text, cell, limit), text.size());
    EXPECT_LE(base::utf16_length(cell), limit);
    const std::string written = cell.substr(0, cell.find("…"));
    const auto last_underscore = written.rfind('_');
    ASSERT_NE(last_underscore, std::string::npos);
    // At every limit, the written part reads back as a prefix of the text.
    std::string read_back = written;
    for (auto at = read_back.find("_x005F_"); at != std::string::npos; at = read_back.find("_x005F_", at + 1))
      read_back.replace(at, 7, "_");
    EXPECT_TRUE(text.starts_with(read_back)) << written;
  }
}

TEST(LinesNeeded, CountsLineEndsAndWrappedLines) {
  EXPECT_EQ(lines_needed("", 10), 1U);
  EXPECT_EQ(lines_needed("0123456789", 10), 1U);
  EXPECT_EQ(lines_needed("0123456789a", 10), 2U);
  EXPECT_EQ(lines_needed("a\nb\n", 10), 3U);
  EXPECT_EQ(lines_needed("漢字漢字漢字", 10), 2U) << "wide characters count twice";
  EXPECT_EQ(lines_needed("ééééééééééé", 11), 1U) << "characters count, not bytes";
}

TEST(CsvField, QuotesAndDisarmsFormulas) {
  const Row rows[] = {
      {"plain", "Hello", "Hello"},
      {"empty", "", ""},
      {"a comma", "a,b", "\"a,b\""},
      {"quotes", "say \"hi\"", "\"say \"\"hi\"\"\""},
      {"a line end", "a\r\nb", "\"a\nb\""},
      {"a formula", "=1+1", "'=1+1"},
      {"a formula with quotes", "=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
      {"plus", "+31201234567", "'+31201234567"},
      {"minus", "-2+3", "'-2+3"},
      {"at", "@SUM(A1)", "'@SUM(A1)"},
      {"a tab", "\t=1", "'\t=1"},
      {"a carriage return", "\r=1", "\"'\n=1\""},
      {"a control character before a formula", "\x01=1", "'=1"},
      {"within the text", "1=1", "1=1"},
      {"ill-formed bytes", "\xFF", "\uFFFD"},
  };
  for (const Row& row : rows) EXPECT_EQ(csv_field(row.text), row.expected) << row.what;
}

}  // namespace
}  // namespace wxcc::report
