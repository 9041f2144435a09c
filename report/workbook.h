// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/zone.h"
#include "report/columns.h"

namespace wxcc::report {

struct SheetColumn {
  std::string header;  // unused on a Page
  double width;
};

// A workbook that is written forward only, sheet by sheet and row by row, in constant memory. The one use of
// libxlsxwriter. All calls throw base::Error or base::FileError; then the file is worthless.
class Workbook {
 public:
  struct Options {
    base::Path file;               // an existing, empty file; keeps its mode
    base::Path scratch_directory;  // for temporary files about as large as the workbook unpacked
    std::string title;
    std::string comments;
    base::Zone zone;
    base::Instant created;
    // Told of every text that was too long for its cell.
    std::function<void(const std::string& sheet, const std::string& cell, std::size_t characters)> on_cut;
  };
  explicit Workbook(Options options);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  // Table: a header row, frozen, repeated on paper, with a filter; landscape. Page: rows only; portrait.
  enum class Layout { Table, Page };
  void begin_sheet(const std::string& name, Layout layout, const std::vector<SheetColumn>& columns);
  void end_sheet();

  // Rows follow each other; cells may be left out, but go from left to right.
  void begin_row();
  void put(std::size_t column, CellKind kind, const CellValue& value);
  void put_heading(std::size_t column, const std::string& text);

  // Writes the file.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::report
