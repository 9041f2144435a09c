// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"

namespace wxcc::report {

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() / ("wxcc-report-" + base::to_hex(base::random_bytes(8)))) {
    std::filesystem::create_directory(path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] base::Path operator/(const char* name) const { return path_ / name; }
  [[nodiscard]] const base::Path& path() const { return path_; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      result.push_back(entry.path().filename().string());
    return result;
  }

 private:
  base::Path path_;
};

// A workbook as openpyxl, an independent reader, sees it: see read_back.py.
class ReadBack {
 public:
  explicit ReadBack(const base::Path& workbook) : document_(parse(workbook)) {}

  [[nodiscard]] base::JsonNode root() const { return document_.root(); }
  [[nodiscard]] base::JsonNode sheet(const char* name) const { return root()["sheets"][name]; }

  // The row's cells as text; empty cells are empty, times and durations as read_back.py says.
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
    std::string answer;
    char buffer[65536];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) answer.append(buffer, got);
    EXPECT_EQ(::pclose(pipe), 0) << "reading back " << workbook << "; is python3-openpyxl installed?";
    auto document = base::JsonDocument::parse(answer);
    if (!document) throw std::runtime_error("read_back.py: " + document.error().message);
    return std::move(*document);
  }

  base::JsonDocument document_;
};

}  // namespace wxcc::report
