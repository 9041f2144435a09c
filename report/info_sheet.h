// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "report/extract.h"
#include "report/workbook.h"

namespace wxcc::report {

// The states as a workbook explains them.
inline constexpr auto kStateLabels = base::enum_names<model::TranscriptState>(
    {{model::TranscriptState::Archived, "Archived"},
     {model::TranscriptState::Pending, "Pending: not available yet, will be requested again"},
     {model::TranscriptState::Unparsed, "Unparsed: stored as downloaded, format not recognised"},
     {model::TranscriptState::Absent, "Absent: not available until the deadline"},
     {model::TranscriptState::Failed, "Failed: given up after errors"}});

// A text that was too long for a cell of the workbook.
struct TruncatedCell {
  std::string sheet;
  std::string cell;            // "E17"
  std::size_t characters = 0;  // of the whole text
};

// The effects of the limits of workbooks.
struct WorkbookLimits {
  std::int64_t omitted_links = 0;
  std::int64_t truncated_cells = 0;
  std::vector<TruncatedCell> first_truncated_cells;  // a hundred at most
  int further_sheets = 0;                            // because one was full
};

// One line of the Info sheet. Without a value it is the heading of what follows.
struct InfoLine {
  std::string label;
  std::variant<std::monostate, std::string, std::int64_t> value;
  friend bool operator==(const InfoLine&, const InfoLine&) = default;
};

// The origin, the period, the filters and the gaps of the extract. Pure.
[[nodiscard]] std::vector<InfoLine> info_lines(const ExtractContext& context, const ExtractResult& result,
                                               const WorkbookLimits& limits);

// The sheet Info.
void write_info(Workbook& workbook, const std::vector<InfoLine>& lines);

}  // namespace wxcc::report
