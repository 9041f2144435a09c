// SPDX-License-Identifier: Apache-2.0
#include "report/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/error.h"
#include "report/cell_text.h"
#include "report/excel_time.h"
#include "report/output_file.h"

namespace wxcc::report {
namespace {

namespace ch = std::chrono;

// A dark blue on a pale one: readable on a screen, in grey on paper, and for those who do not tell red from green.
constexpr lxw_color_t kHeaderInk = 0x1F3864;
constexpr lxw_color_t kHeaderFill = 0xDDE6F3;
constexpr std::uint8_t kPaperA4 = 9;
constexpr double kLineHeight = 15;        // points
constexpr std::size_t kMostLines = 27;    // Excel's rows are 409 points high at most
constexpr std::size_t kFilterButton = 3;  // digits that the filter's button hides
constexpr std::size_t kMiB = 1024U * 1024U;

struct Formats {
  lxw_format* header = nullptr;
  lxw_format* heading = nullptr;
  lxw_format* text = nullptr;
  lxw_format* long_text = nullptr;
  lxw_format* time = nullptr;
  lxw_format* duration = nullptr;
  lxw_format* number = nullptr;
};

lxw_format* add_format(lxw_workbook* workbook, const char* number_format) {
  lxw_format* format = workbook_add_format(workbook);
  if (format == nullptr) throw base::Error("writing the extract: no memory for a cell format");
  format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
  if (number_format != nullptr) format_set_num_format(format, number_format);
  return format;
}

Formats add_formats(lxw_workbook* workbook) {
  Formats formats;
  formats.header = add_format(workbook, nullptr);
  format_set_bold(formats.header);
  format_set_font_color(formats.header, kHeaderInk);
  format_set_bg_color(formats.header, kHeaderFill);
  format_set_bottom(formats.header, LXW_BORDER_THIN);
  format_set_text_wrap(formats.header);
  formats.heading = add_format(workbook, nullptr);
  format_set_bold(formats.heading);
  format_set_font_color(formats.heading, kHeaderInk);
  formats.text = add_format(workbook, nullptr);
  formats.long_text = add_format(workbook, nullptr);
  format_set_text_wrap(formats.long_text);
  formats.time = add_format(workbook, "yyyy-mm-dd hh:mm:ss");
  formats.duration = add_format(workbook, "[h]:mm:ss");
  formats.number = add_format(workbook, "0");
  for (lxw_format* left : {formats.text, formats.long_text, formats.time, formats.duration, formats.number})
    format_set_align(left, LXW_ALIGN_LEFT);
  return formats;
}

}  // namespace

struct Workbook::Impl {
  explicit Impl(Options given) : options(std::move(given)) {
    std::string scratch = options.scratch_directory.string();
    lxw_workbook_options lxw_options{};
    lxw_options.constant_memory = LXW_TRUE;
    lxw_options.tmpdir = scratch.data();
    workbook = workbook_new_opt(options.file.c_str(), &lxw_options);
    if (workbook == nullptr) throw base::Error("writing the extract: no memory for a workbook");
    formats = add_formats(workbook);
    lxw_doc_properties properties{};
    properties.title = options.title.data();
    properties.comments = options.comments.data();
    properties.created = ch::floor<ch::seconds>(options.created).time_since_epoch().count();
    check(workbook_set_properties(workbook, &properties));
  }
  ~Impl() {
    if (workbook != nullptr) lxw_workbook_free(workbook);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void check(lxw_error error) const {
    if (error == LXW_NO_ERROR) return;
    // Most failures come from the disk, whose reason the library does not pass on.
    if (error <= LXW_ERROR_ZIP_CLOSE) require_space(options.scratch_directory, kMiB);
    throw base::Error(fmt::format("writing the extract to {}: {}", options.file.string(), lxw_strerror(error)));
  }

  // The library does not look whether it could write its temporary files.
  void check_scratch_file() const {
    if (std::ferror(sheet->optimize_tmpfile) == 0) return;
    require_space(options.scratch_directory, static_cast<std::size_t>(std::ftell(sheet->optimize_tmpfile)) + kMiB);
    throw base::Error(fmt::format("writing the extract's temporary files in {} failed; is there enough space?",
                                  options.scratch_directory.string()));
  }

  void put_string(std::size_t column, std::string_view text, lxw_format* format) {
    const auto cut_from = to_cell_text(text, cell);
    check(worksheet_write_string(sheet, row, static_cast<lxw_col_t>(column), cell.c_str(), format));
    if (!cut_from || !options.on_cut) return;
    char name[LXW_MAX_CELL_NAME_LENGTH];
    lxw_rowcol_to_cell(name, row, static_cast<lxw_col_t>(column));
    options.on_cut(sheet_name, name, *cut_from);
  }

  // Excel finds the height of wrapped rows by itself, LibreOffice believes what the file says.
  void make_room(std::size_t lines) {
    if (lines <= row_lines) return;
    row_lines = std::min(lines, kMostLines);
    check(worksheet_set_row(sheet, row, kLineHeight * static_cast<double>(row_lines), nullptr));
  }

  void put_number(std::size_t column, double number, lxw_format* format) {
    check(worksheet_write_number(sheet, row, static_cast<lxw_col_t>(column), number, format));
  }

  void put_instant(std::size_t column, CellKind kind, base::Instant instant) {
    const base::Zone zone = kind == CellKind::LocalTime ? options.zone : base::Zone::utc();
    if (const auto serial = excel_serial(zone.at(instant)))
      put_number(column, *serial, formats.time);
    else
      put_string(column, base::to_iso8601(instant), formats.text);
  }

  void begin_row() {
    row = next_row++;
    row_lines = 1;
  }

  void set_up_table() {
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_set_landscape(sheet);
    check(worksheet_repeat_rows(sheet, 0, 0));
    begin_row();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      put_string(i, columns[i].header, formats.header);
      make_room(lines_needed(columns[i].header, static_cast<std::size_t>(columns[i].width) - kFilterButton));
    }
  }

  Options options;
  lxw_workbook* workbook = nullptr;
  Formats formats;
  lxw_worksheet* sheet = nullptr;
  std::string sheet_name;
  Layout layout = Layout::Page;
  std::vector<SheetColumn> columns;
  lxw_row_t row = 0;
  std::size_t row_lines = 1;
  lxw_row_t next_row = 0;
  std::string cell;               // used again for every text
  std::size_t largest_sheet = 0;  // in bytes, unpacked
};

Workbook::Workbook(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Workbook::~Workbook() = default;

void Workbook::begin_sheet(const std::string& name, Layout layout, const std::vector<SheetColumn>& columns) {
  Impl& impl = *impl_;
  impl.check(workbook_validate_sheet_name(impl.workbook, name.c_str()));
  impl.sheet = workbook_add_worksheet(impl.workbook, name.c_str());
  if (impl.sheet == nullptr) impl.check(LXW_ERROR_CREATING_TMPFILE);
  impl.sheet_name = name;
  impl.layout = layout;
  impl.columns = columns;
  impl.next_row = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto column = static_cast<lxw_col_t>(i);
    impl.check(worksheet_set_column(impl.sheet, column, column, columns[i].width, nullptr));
  }
  worksheet_set_paper(impl.sheet, kPaperA4);
  worksheet_fit_to_pages(impl.sheet, 1, 0);
  worksheet_set_margins(impl.sheet, 0.4, 0.4, 0.5, 0.6);  // inches
  impl.check(worksheet_set_footer(impl.sheet, "&L&A&R&P / &N"));
  // Telephone numbers and ids of digits only are meant to be text.
  impl.check(worksheet_ignore_errors(impl.sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576"));
  if (layout == Layout::Table) impl.set_up_table();
}

void Workbook::end_sheet() {
  Impl& impl = *impl_;
  if (impl.layout == Layout::Table)
    impl.check(
        worksheet_autofilter(impl.sheet, 0, 0, impl.next_row - 1, static_cast<lxw_col_t>(impl.columns.size() - 1)));
  lxw_worksheet_write_single_row(impl.sheet);
  std::fflush(impl.sheet->optimize_tmpfile);
  impl.check_scratch_file();
  impl.largest_sheet = std::max(impl.largest_sheet, static_cast<std::size_t>(std::ftell(impl.sheet->optimize_tmpfile)));
  impl.sheet = nullptr;
}

void Workbook::begin_row() {
  impl_->check_scratch_file();
  impl_->begin_row();
}

void Workbook::put(std::size_t column, CellKind kind, const CellValue& value) {
  Impl& impl = *impl_;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    const bool wrapped = kind == CellKind::LongText;
    impl.put_string(column, *text, wrapped ? impl.formats.long_text : impl.formats.text);
    if (wrapped) impl.make_room(lines_needed(impl.cell, static_cast<std::size_t>(impl.columns[column].width)));
  } else if (const auto* instant = std::get_if<base::Instant>(&value)) {
    impl.put_instant(column, kind, *instant);
  } else if (const auto* duration = std::get_if<base::Millis>(&value)) {
    impl.put_number(column, excel_days(*duration), impl.formats.duration);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    impl.put_number(column, static_cast<double>(*number), impl.formats.number);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    impl.check(worksheet_write_boolean(impl.sheet, impl.row, static_cast<lxw_col_t>(column), *flag ? 1 : 0,
                                       impl.formats.text));
  }
}

void Workbook::put_heading(std::size_t column, const std::string& text) {
  impl_->put_string(column, text, impl_->formats.heading);
}

void Workbook::close() {
  // Each sheet is copied once, unpacked, before it is packed: a copy that does not fit would be cut off in silence.
  // Packing frees more than it needs, so the largest is the measure.
  require_space(impl_->options.scratch_directory, impl_->largest_sheet + kMiB);
  constexpr std::size_t kZip64From = 4'000'000'000U;
  impl_->workbook->options.use_zip64 = impl_->largest_sheet > kZip64From ? LXW_TRUE : LXW_FALSE;
  impl_->check(workbook_close(std::exchange(impl_->workbook, nullptr)));
}

}  // namespace wxcc::report
