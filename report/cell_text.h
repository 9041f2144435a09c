// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "report/csv_options.h"

namespace wxcc::report {

// The capacity of a workbook's cell in UTF-16 code units.
inline constexpr std::size_t kCellLimit = 32767;

// Well-formed UTF-8 that XML 1.0 can hold: ill-formed sequences and the noncharacters U+FFFE and U+FFFF become U+FFFD,
// line ends become \n, other control characters except tabs go.
std::string sanitize_text(std::string_view text);

// The text as it is written into a cell so that a spreadsheet shows it unchanged: sanitized, "_xHHHH_" escaped as
// "_x005F_xHHHH_" (ECMA-376 part 1, 22.9.2.19, reads it as a character otherwise), and truncated at the limit with a
// visible marker. Replaces `cell`. Returns the length of the whole text in characters if it was truncated.
std::optional<std::size_t> to_cell_text(std::string_view text, std::string& cell, std::size_t limit = kCellLimit);

// How many lines the text takes, wrapped in a column of that many digits' width; an estimate on the large side. At
// least 1.
std::size_t lines_needed(std::string_view text, std::size_t width);

// The text as one field of RFC 4180 CSV: sanitized, and quoted where needed. A text that a spreadsheet would read as a
// formula gets a leading apostrophe, except in the plain style.
std::string csv_field(std::string_view text, CsvOptions::Style style = CsvOptions::Style::Spreadsheet);

}  // namespace wxcc::report
