// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wxcc::report {

// What only CSV has.
struct CsvOptions {
  enum class Rows { Messages, Conversations } rows = Rows::Messages;
  // Without it, spreadsheets take UTF-8 for the machine's old code page; other programs may stumble over it.
  enum class ByteOrderMark { With, Without } byte_order_mark = ByteOrderMark::With;
  // What a spreadsheet would take for a formula gets an apostrophe, or stays as it is, for other programs.
  enum class Formulas { Neutralised, Raw } formulas = Formulas::Neutralised;
};

}  // namespace wxcc::report
