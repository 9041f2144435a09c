// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/zone.h"
#include "report/cell_styles.h"
#include "report/columns.h"

struct lxw_worksheet;

namespace wxcc::report {

struct SheetColumn {
  std::string header;  // unused on a page
  double width;
};

// Excel's limit.
inline constexpr std::size_t kLinksPerSheet = 65'530;

// What the sheets of a workbook share.
struct SheetSettings {
  base::Path file;               // for messages
  base::Path scratch_directory;  // where the library keeps the sheets until the workbook is closed
  base::Zone zone;
  // Called for each text that was too long for its cell.
  std::function<void(const std::string& sheet, const std::string& cell, std::size_t characters)> on_truncated;
  std::size_t links_per_sheet = kLinksPerSheet;
};

// Throws unless the library's result is LXW_NO_ERROR.
void check_result(int error, const base::Path& scratch_directory);

// One sheet of a workbook, which owns it. Written forward only, row by row, in constant memory; several sheets may grow
// side by side. All calls throw base::Error or base::FileError; then the workbook is worthless.
class Sheet {
 public:
  // Table: a header row, frozen, repeated on paper, with a filter; landscape. Page: rows only; portrait.
  enum class Layout { Table, Page };
  // Columns beyond `printed` are on the screen only.
  Sheet(const SheetSettings& settings, const CellStyles& styles, lxw_worksheet* sheet, std::string name, Layout layout,
        std::vector<SheetColumn> columns, std::size_t printed);

  // Rows and cells are written in order; both can be skipped.
  void begin_row();
  void skip_rows(std::uint32_t count) { next_row_ += count; }
  void write(std::size_t column, CellKind kind, const CellValue& value);
  void write_text(std::size_t column, Style style, std::string_view text);
  void write_number(std::size_t column, Style style, double number);

  // Makes the present row at least that many lines high.
  void reserve_lines(std::size_t lines);

  // The larger the number, the darker the cell, over these rows and columns, all inclusive.
  void add_color_scale(std::uint32_t first_row, std::uint32_t last_row, std::size_t first_column,
                       std::size_t last_column);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint32_t next_row() const { return next_row_; }  // from 0
  [[nodiscard]] std::size_t omitted_links() const { return omitted_links_; }
  [[nodiscard]] lxw_worksheet* handle() const { return sheet_; }

  // After the last row. Returns the sheet's size in bytes, unpacked.
  std::size_t finish();

 private:
  void check(int error) const { check_result(error, settings_.scratch_directory); }
  void check_scratch_file() const;
  void set_up_page();
  void set_up_table();
  void write_instant(std::size_t column, CellKind kind, base::Instant instant);
  void write_link(std::size_t column, std::string_view target);
  [[nodiscard]] std::size_t width_of(std::size_t column) const;

  const SheetSettings& settings_;
  const CellStyles& styles_;
  lxw_worksheet* sheet_;
  std::string name_;
  Layout layout_;
  std::vector<SheetColumn> columns_;
  std::size_t printed_;
  std::uint32_t row_ = 0;
  std::uint32_t next_row_ = 0;
  std::size_t row_lines_ = 1;
  std::size_t links_ = 0;
  std::size_t omitted_links_ = 0;
  std::string cell_;  // used again for every text
};

// "Messages!A17", "'Messages 2'!A17": the first cell of a row, counted from 0.
std::string first_cell(std::string_view sheet, std::uint32_t row);

}  // namespace wxcc::report
