// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/formats.h"
#include "report/workbook.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kListedCuts = 100;

// Rows of one kind, on as many sheets as they need: "Messages", "Messages 2", ...
template <typename Row>
class SplitTable {
 public:
  SplitTable(Workbook& workbook, std::string name, std::span<const Column<Row>> columns, const ExtractRequest& request)
      : workbook_(workbook), name_(std::move(name)), columns_(columns), room_(request.rows_per_sheet) {
    for (const auto& column : columns_)
      headers_.push_back({header_of(column.header, column.kind, request.zone), column.width});
    workbook_.begin_sheet(name_, Workbook::Layout::Table, headers_);
  }

  void add(const Row& row) {
    if (rows_ == room_) continue_on_next_sheet();
    ++rows_;
    workbook_.begin_row();
    for (std::size_t i = 0; i < columns_.size(); ++i) workbook_.put(i, columns_[i].kind, columns_[i].value(row));
  }

  // Returns how many sheets were needed beyond the first.
  int finish() {
    workbook_.end_sheet();
    return sheets_ - 1;
  }

 private:
  void continue_on_next_sheet() {
    workbook_.end_sheet();
    workbook_.begin_sheet(fmt::format("{} {}", name_, ++sheets_), Workbook::Layout::Table, headers_);
    rows_ = 0;
  }

  Workbook& workbook_;
  std::string name_;
  std::span<const Column<Row>> columns_;
  std::vector<SheetColumn> headers_;
  std::int64_t room_;
  std::int64_t rows_ = 0;
  int sheets_ = 1;
};

void write_conversations(ExtractJob& job, Workbook& workbook) {
  SplitTable<store::ConversationRow> table(workbook, "Conversations", conversation_columns(), job.request);
  job.reader.for_each_conversation(job.request.filter, [&](const store::ConversationRow& row) {
    table.add(row);
    ++job.result.conversations;
    job.progress.add(1);
  });
  job.result.further_sheets += table.finish();
}

void write_messages(ExtractJob& job, Workbook& workbook) {
  SplitTable<MessageLine> table(workbook, "Messages", message_columns(), job.request);
  job.reader.for_each_message(job.request.filter,
                              [&](const store::ConversationRow& conversation, const store::MessageRow& message) {
                                table.add({conversation, message});
                                ++job.result.messages;
                                job.progress.add(1);
                              });
  job.result.further_sheets += table.finish();
}

void write_gaps(const ExtractJob& job, Workbook& workbook) {
  workbook.begin_sheet("Gaps", Workbook::Layout::Table,
                       {{fmt::format("Day ({})", job.request.zone.name()), 22},
                        {"Ended", 11},
                        {"Archived", 11},
                        {"Pending", 11},
                        {"Unparsed", 11},
                        {"Absent", 11},
                        {"Failed", 11},
                        {"Never scanned", 16}});
  for (const DayCoverage& day : job.coverage.days(job.past, job.result.never_scanned)) {
    const TranscriptTally& tally = day.tally;
    const std::string name = base::format_date(day.day);
    workbook.begin_row();
    workbook.put(0, CellKind::Text, std::string_view(name));
    std::size_t column = 1;
    for (const std::int64_t count :
         {tally.conversations, tally.archived, tally.pending, tally.unparsed, tally.absent, tally.failed})
      workbook.put(column++, CellKind::Number, count);
    if (day.never_scanned > base::Millis{0}) workbook.put(column, CellKind::Duration, day.never_scanned);
  }
  workbook.end_sheet();
}

void write_info(const ExtractJob& job, Workbook& workbook) {
  workbook.begin_sheet("Info", Workbook::Layout::Page, {{"", 42}, {"", 78}});
  const std::vector<InfoLine> lines = info_lines(job.request, job.result, job.archive, job.now);
  for (const InfoLine& line : lines) {
    workbook.begin_row();
    if (const auto* text = std::get_if<std::string>(&line.value)) {
      workbook.put(0, CellKind::Text, std::string_view(line.label));
      workbook.put(1, CellKind::LongText, std::string_view(*text));
    } else if (const auto* number = std::get_if<std::int64_t>(&line.value)) {
      workbook.put(0, CellKind::Text, std::string_view(line.label));
      workbook.put(1, CellKind::Number, *number);
    } else {
      if (line.label != lines.front().label) workbook.begin_row();
      workbook.put_heading(0, line.label);
    }
  }
  workbook.end_sheet();
}

std::string title_of(const ExtractRequest& request) {
  const base::TimeRange range = request.filter.range.value();
  return fmt::format("Conversations from {} to {} ({})", request.zone.format(range.from), request.zone.format(range.to),
                     request.zone.name());
}

}  // namespace

void write_xlsx(ExtractJob& job, OutputFile& output) {
  Workbook workbook({.file = output.temporary(),
                     .scratch_directory = output.directory(),
                     .title = title_of(job.request),
                     .comments = fmt::format("Written by {}", job.request.program),
                     .zone = job.request.zone,
                     .created = job.now,
                     .on_cut = [&](const std::string& sheet, const std::string& cell, std::size_t characters) {
                       ++job.result.cut_cells;
                       if (job.result.first_cut_cells.size() < kListedCuts)
                         job.result.first_cut_cells.push_back({sheet, cell, characters});
                     }});
  write_conversations(job, workbook);
  write_messages(job, workbook);
  write_gaps(job, workbook);
  write_info(job, workbook);
  workbook.close();
}

}  // namespace wxcc::report
