// SPDX-License-Identifier: Apache-2.0
#include "report/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "base/error.h"
#include "report/disk_space.h"

namespace wxcc::report {
namespace {

namespace ch = std::chrono;

constexpr lxw_color_t kBarFill = 0x2F5597;
constexpr std::size_t kMiB = 1024U * 1024U;

lxw_workbook* new_workbook(const SheetSettings& settings) {
  std::string scratch = settings.scratch_directory.string();
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = scratch.data();
  lxw_workbook* workbook = workbook_new_opt(settings.file.c_str(), &options);
  if (workbook == nullptr) throw base::Error("writing the extract: no memory for a workbook");
  return workbook;
}

std::string column_range(const Sheet& sheet, std::size_t column, const Chart& chart) {
  char range[LXW_MAX_FORMULA_RANGE_LENGTH];
  const auto col = static_cast<lxw_col_t>(column);
  lxw_rowcol_to_formula_abs(range, sheet.name().c_str(), chart.first_row, col, chart.last_row, col);
  return std::string("=") + range;
}

}  // namespace

struct Workbook::Impl {
  explicit Impl(Options given) : options(std::move(given)), workbook(new_workbook(options.settings)), styles(workbook) {
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

  void check(lxw_error error) const { check_result(error, options.settings.scratch_directory); }

  Sheet& add_sheet(const std::string& name, Sheet::Layout layout, const std::vector<SheetColumn>& columns,
                   std::size_t printed) {
    check(workbook_validate_sheet_name(workbook, name.c_str()));
    lxw_worksheet* sheet = workbook_add_worksheet(workbook, name.c_str());
    if (sheet == nullptr) check(LXW_ERROR_CREATING_TMPFILE);
    return sheets.emplace_back(options.settings, styles, sheet, name, layout, columns, printed);
  }

  Options options;
  lxw_workbook* workbook = nullptr;
  CellStyles styles;
  std::deque<Sheet> sheets;
};

Workbook::Workbook(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Workbook::~Workbook() = default;

Sheet& Workbook::add_table(const std::string& name, const std::vector<SheetColumn>& columns, std::size_t printed) {
  return impl_->add_sheet(name, Sheet::Layout::Table, columns, printed);
}

Sheet& Workbook::add_page(const std::string& name, const std::vector<SheetColumn>& columns) {
  return impl_->add_sheet(name, Sheet::Layout::Page, columns, columns.size());
}

void Workbook::add_chart(Sheet& sheet, const Chart& chart) {
  lxw_chart* drawn =
      workbook_add_chart(impl_->workbook, chart.kind == Chart::Kind::Bars ? LXW_CHART_BAR : LXW_CHART_COLUMN);
  if (drawn == nullptr) throw base::Error("writing the extract: no memory for a chart");
  lxw_chart_series* series = chart_add_series(drawn, column_range(sheet, chart.label_column, chart).c_str(),
                                              column_range(sheet, chart.value_column, chart).c_str());
  if (series == nullptr) throw base::Error("writing the extract: no memory for a chart");
  lxw_chart_fill fill{};
  fill.color = kBarFill;
  chart_series_set_fill(series, &fill);
  chart_title_set_name(drawn, chart.title.c_str());
  lxw_chart_font title{};
  title.size = 12;
  chart_title_set_name_font(drawn, &title);
  chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
  chart_series_set_name(series, chart.title.c_str());
  // The library names the axes by their direction, not by what they show.
  lxw_chart_axis* labels = chart.kind == Chart::Kind::Bars ? drawn->y_axis : drawn->x_axis;
  if (!chart.number_format.empty()) chart_axis_set_num_format(labels, chart.number_format.c_str());
  if (chart.kind == Chart::Kind::Bars) chart_axis_set_reverse(labels);  // the first at the top
  lxw_chart_options place{};
  constexpr double kWidth = 480;
  constexpr double kHeight = 288;
  place.x_scale = chart.width / kWidth;
  place.y_scale = chart.height / kHeight;
  impl_->check(
      worksheet_insert_chart_opt(sheet.handle(), chart.at_row, static_cast<lxw_col_t>(chart.at_column), drawn, &place));
}

void Workbook::close() {
  Impl& impl = *impl_;
  std::size_t largest = 0;
  for (Sheet& sheet : impl.sheets) largest = std::max(largest, sheet.finish());
  // Each sheet is copied once, unpacked, before it is packed: a copy that does not fit would be truncated without an
  // error. Packing frees more than it needs, so the largest is the measure.
  ensure_disk_space(impl.options.settings.scratch_directory, largest + kMiB);
  constexpr std::size_t kZip64From = 4'000'000'000U;
  impl.workbook->options.use_zip64 = largest > kZip64From ? LXW_TRUE : LXW_FALSE;
  impl.check(workbook_close(std::exchange(impl.workbook, nullptr)));
}

}  // namespace wxcc::report
