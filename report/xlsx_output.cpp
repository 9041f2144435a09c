// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/extract.h"
#include "report/gaps_sheet.h"
#include "report/info_sheet.h"
#include "report/paged_table.h"
#include "report/summary_sheet.h"

namespace wxcc::report {
namespace {

constexpr std::size_t kMaxListedCells = 100;

std::string title_of(const ExtractRequest& request) {
  const base::TimeRange range = request.filter.range.value();
  return fmt::format("Conversations from {} to {} ({})", request.zone.format(range.from), request.zone.format(range.to),
                     request.zone.name());
}

// Conversations and Messages grow side by side, because a conversation's row links to its messages.
class XlsxOutput : public Output {
 public:
  XlsxOutput(const ExtractContext& context, const OutputTarget& target)
      : context_(context),
        request_(context.request),
        workbook_(options(target)),
        // The first sheet, written last: it needs the totals.
        summary_(add_summary_page(workbook_)),
        conversations_(workbook_, {"Conversations", kPrintedConversationColumns, request_.rows_per_sheet},
                       conversation_columns(), request_.zone),
        messages_(workbook_, {"Messages", kPrintedMessageColumns, request_.rows_per_sheet}, message_columns(),
                  request_.zone) {}

  void add(const ConversationRecord& record) override {
    std::string first_message;
    for (std::size_t i = 0; i < record.messages.size(); ++i) {
      messages_.add(record.cells_of_message(i));
      if (i == 0) first_message = messages_.last_row_ref();
    }
    conversations_.add(record.cells, first_message);
  }

  void finish(const ExtractSummary& summary) override {
    PagedTable gaps = add_gaps_table(workbook_, request_);
    write_gaps(gaps, summary);
    write_summary(workbook_, summary_, context_, summary);
    limits_.further_sheets = conversations_.further_sheets() + messages_.further_sheets() + gaps.further_sheets();
    limits_.omitted_links = conversations_.omitted_links();
    write_info(workbook_, info_lines(context_, summary.result, limits_));
    workbook_.close();
  }

 private:
  Workbook::Options options(const OutputTarget& target) {
    const auto on_truncated = [this](const std::string& sheet, const std::string& cell, std::size_t characters) {
      ++limits_.truncated_cells;
      if (limits_.first_truncated_cells.size() < kMaxListedCells)
        limits_.first_truncated_cells.push_back({sheet, cell, characters});
    };
    return {.settings = {.file = target.path,
                         .scratch_directory = target.scratch_directory,
                         .zone = request_.zone,
                         .on_truncated = on_truncated,
                         .links_per_sheet = request_.links_per_sheet},
            .title = title_of(request_),
            .comments = fmt::format("Written by {}", request_.program),
            .created = context_.now};
  }

  const ExtractContext& context_;
  const ExtractRequest& request_;
  WorkbookLimits limits_;  // before the workbook, which reports to it
  Workbook workbook_;
  Sheet& summary_;
  PagedTable conversations_;
  PagedTable messages_;
};

}  // namespace

std::unique_ptr<Output> open_xlsx(const ExtractContext& context, const OutputTarget& target) {
  return std::make_unique<XlsxOutput>(context, target);
}

}  // namespace wxcc::report
