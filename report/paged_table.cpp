// SPDX-License-Identifier: Apache-2.0
#include "report/paged_table.h"

#include <fmt/format.h>

namespace wxcc::report {

void PagedTable::add(std::span<const CellValue> cells, std::string_view link) {
  if (rows_ == options_.rows_per_sheet) continue_on_next_sheet();
  ++rows_;
  sheet_->begin_row();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (kinds_[i] != CellKind::Link)
      sheet_->write(i, kinds_[i], cells[i]);
    else if (!link.empty())
      sheet_->write(i, CellKind::Link, CellValue(link));
  }
}

void PagedTable::continue_on_next_sheet() {
  omitted_links_ = omitted_links();
  sheet_ = &workbook_.add_table(fmt::format("{} {}", options_.name, ++sheets_), headers_, options_.printed);
  rows_ = 0;
}

}  // namespace wxcc::report
