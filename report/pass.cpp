// SPDX-License-Identifier: Apache-2.0
#include "report/formats.h"

namespace wxcc::report {
namespace {

// The zone of the extract and the workbook's links are no content.
bool is_content(CellKind kind) {
  return kind != CellKind::LocalTime && kind != CellKind::Link;
}

std::string canonical(const CellValue& value) {
  if (const auto* instant = std::get_if<base::Instant>(&value)) return base::to_iso8601(*instant);
  if (const auto* duration = std::get_if<base::Millis>(&value)) return std::to_string(duration->count());
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return {};
}

template <typename Row>
void add_row(ContentHash& hash, std::span<const Column<Row>> columns, const Row& row) {
  for (const auto& column : columns) {
    if (!is_content(column.kind) || column.belongs != Belongs::ToRow) continue;
    const CellValue value = column.value(row);
    if (const auto* text = std::get_if<std::string_view>(&value))
      hash.add_value(*text);
    else
      hash.add_value(canonical(value));
  }
  hash.end_row();
}

}  // namespace

void for_each_conversation(ExtractJob& job, const VisitConversation& visit) {
  job.reader.for_each_conversation(job.request.filter, [&](const store::StoredTask& found) {
    store::StoredTask row = found;
    std::vector<model::ArchivedMessage> messages;
    if (row.message_count > 0) messages = job.reader.messages(row.task.id);
    if (job.redactor != nullptr) job.redactor->apply(row, messages);
    const model::ConversationMetrics metrics = model::compute_metrics(messages);
    job.statistics.add(row, metrics);
    add_row(job.hash, conversation_columns(), ConversationLine{row, metrics, {}});
    for (const model::ArchivedMessage& message : messages)
      add_row(job.hash, message_columns(), MessageLine{row, message});
    const auto count = static_cast<std::int64_t>(messages.size());
    ++job.result.conversations;
    job.result.messages += count;
    visit(row, messages, metrics);
    job.progress.add(1 + count);
  });
  job.result.content_sha256 = job.hash.finish();
}

store::ConversationFilter without_content(store::ConversationFilter filter) {
  filter.text.clear();
  filter.states.clear();
  return filter;
}

}  // namespace wxcc::report
