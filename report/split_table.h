// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/columns.h"
#include "report/extract.h"
#include "report/workbook.h"

namespace wxcc::report {

// Rows of one kind, on as many sheets as they need: "Messages", "Messages 2", ...
template <typename Row>
class SplitTable {
 public:
  SplitTable(Workbook& workbook, std::string name, std::span<const Column<Row>> columns, std::size_t printed,
             const ExtractRequest& request)
      : workbook_(workbook),
        name_(std::move(name)),
        columns_(columns),
        printed_(printed),
        room_(request.rows_per_sheet) {
    for (const auto& column : columns_)
      headers_.push_back({header_of(column.header, column.kind, request.zone), column.width});
    sheet_ = &workbook_.add_table(name_, headers_, printed_);
  }

  void add(const Row& row) {
    if (rows_ == room_) continue_on_next_sheet();
    ++rows_;
    sheet_->begin_row();
    for (std::size_t i = 0; i < columns_.size(); ++i) sheet_->put(i, columns_[i].kind, columns_[i].value(row));
  }

  // "'Messages 2'!A17": the row that was added last.
  [[nodiscard]] std::string place_of_last() const { return first_cell(sheet_->name(), sheet_->next_row() - 1); }
  [[nodiscard]] int further_sheets() const { return sheets_ - 1; }
  [[nodiscard]] std::int64_t links_left_out() const {
    return links_left_out_ + static_cast<std::int64_t>(sheet_->links_left_out());
  }

 private:
  void continue_on_next_sheet() {
    links_left_out_ = links_left_out();
    sheet_ = &workbook_.add_table(fmt::format("{} {}", name_, ++sheets_), headers_, printed_);
    rows_ = 0;
  }

  Workbook& workbook_;
  std::string name_;
  std::span<const Column<Row>> columns_;
  std::size_t printed_;
  std::vector<SheetColumn> headers_;
  Sheet* sheet_ = nullptr;
  std::int64_t room_;
  std::int64_t rows_ = 0;
  std::int64_t links_left_out_ = 0;
  int sheets_ = 1;
};

}  // namespace wxcc::report
