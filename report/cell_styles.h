// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

struct lxw_format;
struct lxw_workbook;

namespace wxcc::report {

// How a cell looks. Colours are blues of clearly different lightness, which stay distinguishable in grey and to
// colour-blind readers.
enum class Style {
  // In tables of rows, all at the left.
  Text,
  LongText,  // wrapped
  Time,
  Duration,
  Number,
  Link,
  // Of tables on pages, numbers at the right.
  Label,
  Count,
  Share,
  Decimal,
  Span,  // a duration
  Day,
  Heat,
  // Headings.
  Header,
  RightHeader,
  Heading,
  Title,
  Note,
  Warning,
  // Single figures in large type, and their names.
  FigureName,
  FigureCount,
  FigureShare,
  FigureDecimal,
  FigureSpan,
};
inline constexpr std::size_t kStyles = static_cast<std::size_t>(Style::FigureSpan) + 1;

// The formats of a workbook, which owns them.
class CellStyles {
 public:
  // Throws base::Error when there is no memory.
  explicit CellStyles(lxw_workbook* workbook);

  [[nodiscard]] lxw_format* operator[](Style style) const { return formats_[static_cast<std::size_t>(style)]; }

 private:
  std::array<lxw_format*, kStyles> formats_{};
};

}  // namespace wxcc::report
