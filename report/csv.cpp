// SPDX-License-Identifier: Apache-2.0
#include "report/cell_text.h"
#include "report/formats.h"

namespace wxcc::report {
namespace {

// Without it, spreadsheets take UTF-8 for the machine's old code page.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

template <typename FieldOf>
void write_line(TextSink& sink, FieldOf&& field_of) {
  const auto columns = message_columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) sink.write(",");
    sink.write(field_of(columns[i]));
  }
  sink.write("\r\n");
}

// Only texts can be taken for formulas; a negative duration is none.
std::string field(const CellValue& value, CellKind kind, const base::Zone& zone) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return csv_field(*text);
  return plain_text(kind, value, zone);
}

}  // namespace

void write_csv(ExtractJob& job, TextSink& sink) {
  const base::Zone& zone = job.request.zone;
  sink.write(kByteOrderMark);
  write_line(sink, [&](const auto& column) { return csv_field(header_of(column.header, column.kind, zone)); });
  job.result.conversations = job.reader.size_of(job.request.filter).conversations;
  job.reader.for_each_message(
      job.request.filter, [&](const store::ConversationRow& conversation, const store::MessageRow& message) {
        const MessageLine line{conversation, message};
        write_line(sink, [&](const auto& column) { return field(column.value(line), column.kind, zone); });
        ++job.result.messages;
        job.progress.add(1);
      });
}

}  // namespace wxcc::report
