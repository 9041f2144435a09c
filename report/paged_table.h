// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/columns.h"
#include "report/workbook.h"

namespace wxcc::report {

// Rows of one kind, on as many sheets as they need: "Messages", "Messages 2", ... The workbook must outlive it.
class PagedTable {
 public:
  struct Options {
    std::string name;
    std::size_t printed;          // number of leading columns that are printed
    std::int64_t rows_per_sheet;  // without the header
  };
  template <typename Row>
  PagedTable(Workbook& workbook, Options options, std::span<const Column<Row>> columns, const base::Zone& zone)
      : workbook_(workbook), options_(std::move(options)) {
    for (const Column<Row>& column : columns) {
      kinds_.push_back(column.kind);
      headers_.push_back({header_of(column.header, column.kind, zone), column.width});
    }
    sheet_ = &workbook_.add_table(options_.name, headers_, options_.printed);
  }

  // Cells in the order of the columns. The link goes into the column of kind Link; empty: none.
  void add(std::span<const CellValue> cells, std::string_view link = {});

  // "'Messages 2'!A17": the row that was added last.
  [[nodiscard]] std::string last_row_ref() const { return first_cell(sheet_->name(), sheet_->next_row() - 1); }
  [[nodiscard]] int further_sheets() const { return sheets_ - 1; }
  [[nodiscard]] std::int64_t omitted_links() const {
    return omitted_links_ + static_cast<std::int64_t>(sheet_->omitted_links());
  }

 private:
  void continue_on_next_sheet();

  Workbook& workbook_;
  Options options_;
  std::vector<CellKind> kinds_;
  std::vector<SheetColumn> headers_;
  Sheet* sheet_ = nullptr;
  std::int64_t rows_ = 0;
  std::int64_t omitted_links_ = 0;  // on the sheets before
  int sheets_ = 1;
};

}  // namespace wxcc::report
