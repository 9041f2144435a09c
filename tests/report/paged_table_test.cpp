// SPDX-License-Identifier: Apache-2.0
#include "report/paged_table.h"

#include <gmock/gmock.h>

#include <vector>

#include "read_back.h"

namespace wxcc::report {
namespace {

using testing::ElementsAre;

TEST(PagedTable, ContinuesOnFurtherSheetsAndCountsOmittedLinks) {
  const std::vector<Column<int>> columns = {
      {"number", "Number", 10, CellKind::Number, [](int row) { return CellValue(std::int64_t{row}); }},
      {"at", "At", 10, CellKind::Link, [](int) { return CellValue{}; }}};
  const TemporaryDirectory directory;
  const base::Path file = directory / "book.xlsx";
  base::write_file_durably(file, "", 0600);
  Workbook workbook({.settings = {.file = file,
                                  .scratch_directory = directory.path(),
                                  .zone = base::Zone::utc(),
                                  .on_truncated = {},
                                  .links_per_sheet = 1},
                     .title = "",
                     .comments = "",
                     .created = {}});
  PagedTable table(workbook, {"Rows", 2, 2}, std::span<const Column<int>>(columns), base::Zone::utc());
  for (int row = 1; row <= 5; ++row) {
    const CellValue cells[] = {CellValue(std::int64_t{row}), {}};
    table.add(cells, row == 5 ? "" : "Rows!A1");
  }
  EXPECT_EQ(table.further_sheets(), 2);
  EXPECT_EQ(table.omitted_links(), 2);
  EXPECT_EQ(table.last_row_ref(), "'Rows 3'!A2");
  workbook.close();
  const ReadBack book(file);
  EXPECT_EQ(book.root()["order"].to_json(), "[\"Rows\",\"Rows 2\",\"Rows 3\"]");
  EXPECT_THAT(book.row("Rows 2", 0), ElementsAre("Number", "At"));
  EXPECT_THAT(book.row("Rows 2", 1), ElementsAre("3", "LINK Rows!A1"));
  EXPECT_THAT(book.row("Rows 2", 2), ElementsAre("4", "Rows!A1"));
  EXPECT_THAT(book.row("Rows 3", 1), ElementsAre("5", ""));
}

}  // namespace
}  // namespace wxcc::report
