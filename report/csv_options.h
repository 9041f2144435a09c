// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/enum_names.h"

namespace wxcc::report {

// Options of CSV only.
struct CsvOptions {
  enum class Rows { Messages, Conversations } rows = Rows::Messages;
  enum class Style {
    Spreadsheet,  // with a byte order mark, and an apostrophe before text that reads as a formula
    Plain,        // texts as they are, for other programs
  } style = Style::Spreadsheet;
};
inline constexpr auto kCsvRowsNames = base::enum_names<CsvOptions::Rows>(
    {{CsvOptions::Rows::Messages, "messages"}, {CsvOptions::Rows::Conversations, "conversations"}});

}  // namespace wxcc::report
