// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "report/sheet.h"

namespace wxcc::report {

// One series of numbers in a column of a sheet, drawn over the labels of another column.
struct Chart {
  enum class Kind { Columns, Bars };
  Kind kind = Kind::Columns;
  std::string title;
  std::string number_format;  // of the labels; empty: as in the cells
  std::size_t label_column = 0;
  std::size_t value_column = 1;
  std::uint32_t first_row = 0;  // both inclusive
  std::uint32_t last_row = 0;
  std::uint32_t at_row = 0;  // position of its upper left corner
  std::size_t at_column = 0;
  int width = 480;  // pixels
  int height = 288;
};

// A workbook that is written forward only, in constant memory. With Sheet and CellStyles the one use of libxlsxwriter.
// All calls throw base::Error or base::FileError; then the file is worthless.
class Workbook {
 public:
  struct Options {
    SheetSettings settings;  // its file is an existing, empty one, whose mode is preserved
    std::string title;
    std::string comments;
    base::Instant created;
  };
  explicit Workbook(Options options);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  // The sheets are in the order in which they are added, and are valid as long as the workbook.
  // The columns from `printed` on are left out on paper.
  Sheet& add_table(const std::string& name, const std::vector<SheetColumn>& columns, std::size_t printed);
  Sheet& add_page(const std::string& name, const std::vector<SheetColumn>& columns);

  // The rows may be written before or after.
  void add_chart(Sheet& sheet, const Chart& chart);

  // Writes the file.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::report
