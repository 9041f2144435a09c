// SPDX-License-Identifier: Apache-2.0
#include "report/sheet.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/error.h"
#include "report/cell_text.h"
#include "report/disk_space.h"
#include "report/excel_time.h"

namespace wxcc::report {
namespace {

constexpr lxw_color_t kLightestFill = 0xFFFFFF;
constexpr lxw_color_t kDarkestFill = 0x7FA7D6;
constexpr std::uint8_t kPaperA4 = 9;
constexpr double kLineHeight = 15;             // points
constexpr std::size_t kMaxLines = 27;          // Excel's rows are 409 points high at most
constexpr std::size_t kFilterButtonWidth = 3;  // digits that the filter's button hides
constexpr std::size_t kMiB = 1024U * 1024U;

lxw_col_t col(std::size_t column) {
  return static_cast<lxw_col_t>(column);
}

}  // namespace

Sheet::Sheet(const SheetSettings& settings, const CellStyles& styles, lxw_worksheet* sheet, std::string name,
             Layout layout, std::vector<SheetColumn> columns, std::size_t printed)
    : settings_(settings),
      styles_(styles),
      sheet_(sheet),
      name_(std::move(name)),
      layout_(layout),
      columns_(std::move(columns)),
      printed_(printed) {
  set_up_page();
  if (layout_ == Layout::Table) set_up_table();
}

// The library does not check its writes to temporary files.
void Sheet::check_scratch_file() const {
  if (std::ferror(sheet_->optimize_tmpfile) == 0) return;
  ensure_disk_space(settings_.scratch_directory, static_cast<std::size_t>(std::ftell(sheet_->optimize_tmpfile)) + kMiB);
  throw base::Error(fmt::format("writing the extract's temporary files in {} failed; check the free disk space",
                                settings_.scratch_directory.string()));
}

void Sheet::set_up_page() {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    check(worksheet_set_column(sheet_, col(i), col(i), columns_[i].width, nullptr));
  worksheet_set_paper(sheet_, kPaperA4);
  worksheet_fit_to_pages(sheet_, 1, 0);
  worksheet_set_margins(sheet_, 0.4, 0.4, 0.5, 0.6);  // inches
  check(worksheet_set_footer(sheet_, "&L&A&R&P / &N"));
  // Telephone numbers and ids of digits only are meant to be text.
  check(worksheet_ignore_errors(sheet_, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576"));
}

void Sheet::set_up_table() {
  worksheet_freeze_panes(sheet_, 1, 0);
  worksheet_set_landscape(sheet_);
  check(worksheet_repeat_rows(sheet_, 0, 0));
  begin_row();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    write_text(i, Style::Header, columns_[i].header);
    reserve_lines(lines_needed(columns_[i].header, width_of(i) - kFilterButtonWidth));
  }
}

std::size_t Sheet::width_of(std::size_t column) const {
  return static_cast<std::size_t>(columns_[column].width);
}

void Sheet::begin_row() {
  check_scratch_file();
  row_ = next_row_++;
  row_lines_ = 1;
}

// Excel finds the height of wrapped rows by itself, LibreOffice takes it from the file.
void Sheet::reserve_lines(std::size_t lines) {
  if (lines <= row_lines_) return;
  row_lines_ = std::min(lines, kMaxLines);
  check(worksheet_set_row(sheet_, row_, kLineHeight * static_cast<double>(row_lines_), nullptr));
}

void Sheet::write_text(std::size_t column, Style style, std::string_view text) {
  const auto whole_length = to_cell_text(text, cell_);
  check(worksheet_write_string(sheet_, row_, col(column), cell_.c_str(), styles_[style]));
  if (!whole_length || !settings_.on_truncated) return;
  char name[LXW_MAX_CELL_NAME_LENGTH];
  lxw_rowcol_to_cell(name, row_, col(column));
  settings_.on_truncated(name_, name, *whole_length);
}

void Sheet::write_number(std::size_t column, Style style, double number) {
  check(worksheet_write_number(sheet_, row_, col(column), number, styles_[style]));
}

void Sheet::write_instant(std::size_t column, CellKind kind, base::Instant instant) {
  const base::Zone zone = kind == CellKind::LocalTime ? settings_.zone : base::Zone::utc();
  if (const auto serial = excel_serial(zone.at(instant)))
    write_number(column, Style::Time, *serial);
  else
    write_text(column, Style::Text, base::to_iso8601(instant));
}

void Sheet::write_link(std::size_t column, std::string_view target) {
  if (links_ == settings_.links_per_sheet) {
    ++omitted_links_;
    write_text(column, Style::Text, target);
    return;
  }
  ++links_;
  const std::string text(target);
  check(worksheet_write_url_opt(sheet_, row_, col(column), ("internal:" + text).c_str(), styles_[Style::Link],
                                text.c_str(), nullptr));
}

void Sheet::write(std::size_t column, CellKind kind, const CellValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (kind == CellKind::Link) return write_link(column, *text);
    const bool wrapped = kind == CellKind::LongText;
    write_text(column, wrapped ? Style::LongText : Style::Text, *text);
    if (wrapped) reserve_lines(lines_needed(cell_, width_of(column)));
  } else if (const auto* instant = std::get_if<base::Instant>(&value)) {
    write_instant(column, kind, *instant);
  } else if (const auto* duration = std::get_if<base::Millis>(&value)) {
    write_number(column, Style::Duration, excel_days(*duration));
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    write_number(column, Style::Number, static_cast<double>(*number));
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    check(worksheet_write_boolean(sheet_, row_, col(column), *flag ? 1 : 0, styles_[Style::Text]));
  }
}

void Sheet::add_color_scale(std::uint32_t first_row, std::uint32_t last_row, std::size_t first_column,
                            std::size_t last_column) {
  lxw_conditional_format scale{};
  scale.type = LXW_CONDITIONAL_2_COLOR_SCALE;
  scale.min_color = kLightestFill;
  scale.max_color = kDarkestFill;
  check(worksheet_conditional_format_range(sheet_, first_row, col(first_column), last_row, col(last_column), &scale));
}

std::size_t Sheet::finish() {
  const lxw_row_t last_row = next_row_ == 0 ? 0 : next_row_ - 1;
  if (layout_ == Layout::Table) check(worksheet_autofilter(sheet_, 0, 0, last_row, col(columns_.size() - 1)));
  if (printed_ < columns_.size()) check(worksheet_print_area(sheet_, 0, 0, last_row, col(printed_ - 1)));
  lxw_worksheet_write_single_row(sheet_);
  std::fflush(sheet_->optimize_tmpfile);
  check_scratch_file();
  return static_cast<std::size_t>(std::ftell(sheet_->optimize_tmpfile));
}

void check_result(int error, const base::Path& scratch_directory) {
  if (error == LXW_NO_ERROR) return;
  // Most failures come from the disk; the library does not pass on its error.
  if (error <= LXW_ERROR_ZIP_CLOSE) ensure_disk_space(scratch_directory, kMiB);
  throw base::Error(fmt::format("writing the extract in {}: {}", scratch_directory.string(),
                                lxw_strerror(static_cast<lxw_error>(error))));
}

std::string first_cell(std::string_view sheet, std::uint32_t row) {
  const bool quoted = sheet.find(' ') != std::string_view::npos;
  return fmt::format("{0}{1}{0}!A{2}", quoted ? "'" : "", sheet, row + 1);
}

}  // namespace wxcc::report
