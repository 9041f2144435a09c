// SPDX-License-Identifier: Apache-2.0
#include "report/gaps_sheet.h"

#include <array>

#include "report/extract.h"
#include "report/info_sheet.h"

namespace wxcc::report {
namespace {

// A conversation without its transcript, or a coverage gap.
struct Gap {
  std::string_view what;
  std::string_view reason;
  base::Instant from;
  base::Instant to;
  const store::StoredTask* conversation;  // nullptr: a coverage gap
  const store::TaskFailure* failure;      // the last; nullptr: none
};

CellValue of(const Gap& gap, const std::string& (*text)(const model::Task&)) {
  if (gap.conversation == nullptr || text(gap.conversation->task).empty()) return {};
  return std::string_view(text(gap.conversation->task));
}

// As on Conversations, the most used columns come first.
const std::array kColumns = {
    Column<Gap>{"what", "What is missing", 17, CellKind::Text, [](const Gap& gap) { return CellValue(gap.what); }},
    Column<Gap>{"reason", "Why", 44, CellKind::LongText, [](const Gap& gap) { return CellValue(gap.reason); }},
    Column<Gap>{"from", "From", 20, CellKind::LocalTime, [](const Gap& gap) { return CellValue(gap.from); }},
    Column<Gap>{"to", "To", 20, CellKind::LocalTime, [](const Gap& gap) { return CellValue(gap.to); }},
    Column<Gap>{"length", "Length", 12, CellKind::Duration,
                [](const Gap& gap) { return CellValue(base::Millis{gap.to - gap.from}); }},
    Column<Gap>{
        "task_id", "Task ID", 37, CellKind::Text,
        [](const Gap& gap) { return of(gap, [](const model::Task& task) -> const std::string& { return task.id; }); }},
    Column<Gap>{"queue", "Queue", 25, CellKind::Text,
                [](const Gap& gap) {
                  return of(gap, [](const model::Task& task) -> const std::string& { return task.queue.name; });
                }},
    Column<Gap>{"agent", "Agent", 18, CellKind::Text,
                [](const Gap& gap) {
                  return of(gap, [](const model::Task& task) -> const std::string& { return task.agent.name; });
                }},
    Column<Gap>{"last_error", "Last error", 44, CellKind::LongText,
                [](const Gap& gap) {
                  return gap.failure == nullptr ? CellValue{} : CellValue(std::string_view(gap.failure->message));
                }},
    Column<Gap>{"attempts", "Failures", 11, CellKind::Number,
                [](const Gap& gap) {
                  return gap.failure == nullptr ? CellValue{} : CellValue(std::int64_t{gap.failure->attempts});
                }},
    Column<Gap>{"last_at", "Last failure", 20, CellKind::LocalTime,
                [](const Gap& gap) { return gap.failure == nullptr ? CellValue{} : CellValue(gap.failure->last); }},
    Column<Gap>{"to_utc", "To", 20, CellKind::UtcTime, [](const Gap& gap) { return CellValue(gap.to); }},
};

// The others do not fit on paper.
constexpr std::size_t kPrintedColumns = 9;

}  // namespace

PagedTable add_gaps_table(Workbook& workbook, const ExtractRequest& request) {
  return {workbook,
          {"Gaps", kPrintedColumns, request.rows_per_sheet},
          std::span<const Column<Gap>>(kColumns),
          request.zone};
}

void write_gaps(PagedTable& table, const ExtractSummary& summary) {
  std::vector<CellValue> cells;
  const auto add = [&](const Gap& gap) {
    cells.clear();
    for (const Column<Gap>& column : kColumns) cells.push_back(column.value(gap));
    table.add(cells);
  };
  for (const base::TimeRange& span : summary.result.coverage_gaps)
    add({"coverage gap", "not covered by any scan", span.from, span.to, nullptr, nullptr});
  while (const ConversationRecord* missing = summary.missing.next()) {
    const store::StoredTask& row = missing->row;
    const std::vector<store::TaskFailure> failures = summary.reader.failures_of(row.task.id);
    const base::Instant to = row.task.ended.value_or(base::Instant{});
    add({"transcript", kStateLabels.text_of(row.transcript_state), row.task.created.value_or(to), to, &row,
         failures.empty() ? nullptr : &failures.front()});
  }
}

}  // namespace wxcc::report
