// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/formats.h"
#include "report/split_table.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kListedCuts = 100;

// Both sheets grow side by side, because a conversation's row tells where its messages begin.
void write_rows(ExtractJob& job, Workbook& workbook) {
  SplitTable<ConversationLine> conversations(workbook, "Conversations", conversation_columns(),
                                             kPrintedConversationColumns, job.request);
  SplitTable<MessageLine> lines(workbook, "Messages", message_columns(), kPrintedMessageColumns, job.request);
  for_each_conversation(job, [&](const store::StoredTask& row, const std::vector<model::ArchivedMessage>& messages,
                                 const model::ConversationMetrics& metrics) {
    std::string begins_at;
    for (const model::ArchivedMessage& message : messages) {
      lines.add({row, message});
      if (begins_at.empty()) begins_at = lines.place_of_last();
    }
    conversations.add({row, metrics, begins_at});
  });
  job.result.further_sheets += conversations.further_sheets() + lines.further_sheets();
  job.result.links_left_out = conversations.links_left_out();
}

void write_info(const ExtractJob& job, Workbook& workbook) {
  Sheet& sheet = workbook.add_page("Info", {{"", 42}, {"", 78}});
  const std::vector<InfoLine> lines = info_lines(job.request, job.result, job.archive, job.now);
  for (const InfoLine& line : lines) {
    if (const auto* text = std::get_if<std::string>(&line.value)) {
      sheet.begin_row();
      sheet.put(0, CellKind::Text, std::string_view(line.label));
      sheet.put(1, CellKind::LongText, std::string_view(*text));
    } else if (const auto* number = std::get_if<std::int64_t>(&line.value)) {
      sheet.begin_row();
      sheet.put(0, CellKind::Text, std::string_view(line.label));
      sheet.put(1, CellKind::Number, *number);
    } else {
      if (line.label != lines.front().label) sheet.skip_rows(1);
      sheet.begin_row();
      sheet.put_text(0, Style::Heading, line.label);
    }
  }
}

std::string title_of(const ExtractRequest& request) {
  const base::TimeRange range = request.filter.range.value();
  return fmt::format("Conversations from {} to {} ({})", request.zone.format(range.from), request.zone.format(range.to),
                     request.zone.name());
}

}  // namespace

void write_xlsx(ExtractJob& job, OutputFile& output) {
  const auto on_cut = [&job](const std::string& sheet, const std::string& cell, std::size_t characters) {
    ++job.result.cut_cells;
    if (job.result.first_cut_cells.size() < kListedCuts)
      job.result.first_cut_cells.push_back({sheet, cell, characters});
  };
  Workbook workbook({.settings = {.file = output.path(),
                                  .scratch_directory = output.directory(),
                                  .zone = job.request.zone,
                                  .on_cut = on_cut,
                                  .links_per_sheet = job.request.links_per_sheet},
                     .title = title_of(job.request),
                     .comments = fmt::format("Written by {}", job.request.program),
                     .created = job.now});
  // It stands first, and is written when everything has been counted.
  Sheet& summary =
      workbook.add_page("Summary", {{"", 26}, {"", 15}, {"", 12}, {"", 12}, {"", 12}, {"", 12}, {"", 12}, {"", 12}});
  write_rows(job, workbook);
  write_gaps(job, workbook);
  write_summary(job, workbook, summary);
  write_info(job, workbook);
  workbook.close();
}

}  // namespace wxcc::report
