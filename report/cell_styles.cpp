// SPDX-License-Identifier: Apache-2.0
#include "report/cell_styles.h"

#include <xlsxwriter.h>

#include "base/error.h"

namespace wxcc::report {
namespace {

constexpr lxw_color_t kInkColor = 0x1F3864;
constexpr lxw_color_t kHeaderFill = 0xDDE6F3;
constexpr lxw_color_t kFigureFill = 0xF2F6FB;
constexpr lxw_color_t kNoteColor = 0x595959;
constexpr lxw_color_t kLinkColor = 0x1F4E9E;

enum class Look { Row, Page, Header, Heading, Title, Note, Warning, FigureName, Figure };

struct Definition {
  Style style;
  Look look;
  lxw_format_alignments align;
  const char* number_format;
};

constexpr Definition kDefinitions[] = {
    {Style::Text, Look::Row, LXW_ALIGN_LEFT, nullptr},
    {Style::LongText, Look::Row, LXW_ALIGN_LEFT, nullptr},
    {Style::Time, Look::Row, LXW_ALIGN_LEFT, "yyyy-mm-dd hh:mm:ss"},
    {Style::Duration, Look::Row, LXW_ALIGN_LEFT, "[h]:mm:ss"},
    {Style::Number, Look::Row, LXW_ALIGN_LEFT, "0"},
    {Style::Link, Look::Row, LXW_ALIGN_LEFT, nullptr},
    {Style::Label, Look::Page, LXW_ALIGN_LEFT, nullptr},
    {Style::Count, Look::Page, LXW_ALIGN_RIGHT, "#,##0"},
    {Style::Share, Look::Page, LXW_ALIGN_RIGHT, "0.0%"},
    {Style::Decimal, Look::Page, LXW_ALIGN_RIGHT, "0.0"},
    {Style::Span, Look::Page, LXW_ALIGN_RIGHT, "[h]:mm:ss"},
    {Style::Day, Look::Page, LXW_ALIGN_LEFT, "ddd yyyy-mm-dd"},
    {Style::Heat, Look::Page, LXW_ALIGN_CENTER, "#,##0;;"},
    {Style::Header, Look::Header, LXW_ALIGN_LEFT, nullptr},
    {Style::RightHeader, Look::Header, LXW_ALIGN_RIGHT, nullptr},
    {Style::Heading, Look::Heading, LXW_ALIGN_LEFT, nullptr},
    {Style::Title, Look::Title, LXW_ALIGN_LEFT, nullptr},
    {Style::Note, Look::Note, LXW_ALIGN_LEFT, nullptr},
    {Style::Warning, Look::Warning, LXW_ALIGN_LEFT, nullptr},
    {Style::FigureName, Look::FigureName, LXW_ALIGN_LEFT, nullptr},
    {Style::FigureCount, Look::Figure, LXW_ALIGN_LEFT, "#,##0"},
    {Style::FigureShare, Look::Figure, LXW_ALIGN_LEFT, "0.0%"},
    {Style::FigureDecimal, Look::Figure, LXW_ALIGN_LEFT, "0.0"},
    {Style::FigureSpan, Look::Figure, LXW_ALIGN_LEFT, "[h]:mm:ss"},
};
static_assert(std::size(kDefinitions) == kStyles);

void set_header(lxw_format* format) {
  format_set_bold(format);
  format_set_font_color(format, kInkColor);
  format_set_bg_color(format, kHeaderFill);
  format_set_bottom(format, LXW_BORDER_THIN);
  format_set_text_wrap(format);
}

void set_letters(lxw_format* format, lxw_color_t ink, double points) {
  format_set_bold(format);
  format_set_font_color(format, ink);
  format_set_font_size(format, points);
}

void set_look(lxw_format* format, Look look) {
  switch (look) {
    case Look::Row:
    case Look::Page:
      return;
    case Look::Header:
      return set_header(format);
    case Look::Heading:
      return set_letters(format, kInkColor, 13);
    case Look::Title:
      return set_letters(format, kInkColor, 18);
    case Look::Note:
      format_set_font_color(format, kNoteColor);
      return;
    case Look::Warning:
      return set_letters(format, kInkColor, 11);
    case Look::FigureName:
      format_set_font_color(format, kNoteColor);
      format_set_font_size(format, 9);
      format_set_bg_color(format, kFigureFill);
      format_set_text_wrap(format);
      return;
    case Look::Figure:
      set_letters(format, kInkColor, 14);
      format_set_bg_color(format, kFigureFill);
      format_set_bottom(format, LXW_BORDER_THIN);
      return;
  }
}

}  // namespace

CellStyles::CellStyles(lxw_workbook* workbook) {
  for (const Definition& definition : kDefinitions) {
    lxw_format* format = workbook_add_format(workbook);
    if (format == nullptr) throw base::Error("writing the extract: no memory for a cell format");
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_align(format, definition.align);
    if (definition.number_format != nullptr) format_set_num_format(format, definition.number_format);
    if (definition.style == Style::LongText) format_set_text_wrap(format);
    if (definition.style == Style::Link) {
      format_set_font_color(format, kLinkColor);
      format_set_underline(format, LXW_UNDERLINE_SINGLE);
    }
    set_look(format, definition.look);
    formats_[static_cast<std::size_t>(definition.style)] = format;
  }
}

}  // namespace wxcc::report
