// SPDX-License-Identifier: Apache-2.0
#include "report/cell_text.h"
#include "report/formats.h"

namespace wxcc::report {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Lines of RFC 4180 over the columns of one kind of row.
template <typename Row>
class CsvTable {
 public:
  CsvTable(std::span<const Column<Row>> columns, const ExtractRequest& request, TextSink& sink)
      : columns_(columns), request_(request), sink_(sink) {
    write_line([&](const Column<Row>& column) {
      return csv_field(header_of(column.header, column.kind, request_.zone), request_.csv.formulas);
    });
  }

  void add(const Row& row) {
    write_line([&](const Column<Row>& column) { return field(column.value(row), column.kind); });
  }

 private:
  template <typename FieldOf>
  void write_line(FieldOf&& field_of) {
    bool first = true;
    for (const auto& column : columns_) {
      if (column.kind == CellKind::Link) continue;
      if (!first) sink_.write(",");
      first = false;
      sink_.write(field_of(column));
    }
    sink_.write("\r\n");
  }

  // Only texts can be taken for formulas; a negative duration is none.
  std::string field(const CellValue& value, CellKind kind) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return csv_field(*text, request_.csv.formulas);
    return plain_text(kind, value, request_.zone);
  }

  std::span<const Column<Row>> columns_;
  const ExtractRequest& request_;
  TextSink& sink_;
};

}  // namespace

void write_csv(ExtractJob& job, TextSink& sink) {
  const CsvOptions& options = job.request.csv;
  if (options.byte_order_mark == CsvOptions::ByteOrderMark::With) sink.write(kByteOrderMark);
  if (options.rows == CsvOptions::Rows::Conversations) {
    CsvTable<ConversationLine> table(conversation_columns(), job.request, sink);
    for_each_conversation(job, [&](const store::StoredTask& row, const std::vector<model::ArchivedMessage>&,
                                   const model::ConversationMetrics& metrics) {
      table.add({row, metrics, {}});
    });
    return;
  }
  CsvTable<MessageLine> table(message_columns(), job.request, sink);
  for_each_conversation(job, [&](const store::StoredTask& row, const std::vector<model::ArchivedMessage>& messages,
                                 const model::ConversationMetrics&) {
    for (const model::ArchivedMessage& message : messages) table.add({row, message});
  });
}

}  // namespace wxcc::report
