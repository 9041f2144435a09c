// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "tests/temporary_directory.h"

namespace wxcc::report {

using tests::TemporaryDirectory;

// A workbook as openpyxl, an independent reader, reads it; see read_back.py.
class ReadBack {
 public:
  explicit ReadBack(const base::Path& workbook) : document_(parse(workbook)) {}

  [[nodiscard]] base::JsonNode root() const { return document_.root(); }
  [[nodiscard]] base::JsonNode sheet(const char* name) const { return root()["sheets"][name]; }

  // The row's cells as text; empty cells are empty, times and durations as read_back.py prints them.
  [[nodiscard]] std::vector<std::string> row(const char* name, std::size_t index) const {
    std::vector<std::string> result;
    for (const auto cell : sheet(name)["rows"].at(index)) result.push_back(cell.scalar_text().value_or(""));
    return result;
  }
  [[nodiscard]] std::size_t row_count(const char* name) const { return sheet(name)["rows"].size(); }
  // The second cell of the row of a page that begins with this label.
  [[nodiscard]] std::string value_of(const char* name, std::string_view label) const {
    for (const auto row : sheet(name)["rows"])
      if (row.at(0).text() == label) return row.at(1).scalar_text().value_or("");
    return "no such line";
  }
  [[nodiscard]] std::string member(const char* name, const char* member) const {
    return sheet(name)[member].scalar_text().value_or("");
  }

 private:
  static base::JsonDocument parse(const base::Path& workbook) {
    const std::string command = std::string(WXCC_PYTHON) + " " + WXCC_READ_BACK + " " + workbook.string();
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string output;
    char buffer[65536];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
    EXPECT_EQ(::pclose(pipe), 0) << "reading back " << workbook << "; it requires python3-openpyxl";
    auto document = base::JsonDocument::parse(output);
    if (!document) throw std::runtime_error("read_back.py: " + document.error().message);
    return std::move(*document);
  }

  base::JsonDocument document_;
};

}  // namespace wxcc::report
