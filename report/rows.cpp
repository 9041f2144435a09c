// SPDX-License-Identifier: Apache-2.0
#include "report/rows.h"

namespace wxcc::report {
namespace {

template <typename Row>
void evaluate(std::span<const Column<Row>> columns, const Row& row, std::vector<CellValue>& cells) {
  for (const Column<Row>& column : columns) cells.push_back(column.value(row));
}

}  // namespace

std::span<const CellValue> ConversationRecord::cells_of_message(std::size_t index) const {
  const std::size_t columns = message_columns().size();
  return std::span(message_cells).subspan(index * columns, columns);
}

const ConversationRecord* Rows::next() {
  auto row = cursor_.next();
  if (!row) return nullptr;
  record_.row = std::move(*row);
  record_.messages.clear();
  if (record_.row.message_count > 0) record_.messages = reader_.messages(record_.row.task.id);
  if (redactor_ != nullptr) redactor_->apply(record_.row.task, record_.messages);
  record_.metrics = model::compute_metrics(record_.messages);
  record_.cells.clear();
  evaluate(conversation_columns(), record_, record_.cells);
  record_.message_cells.clear();
  for (const model::ArchivedMessage& message : record_.messages)
    evaluate(message_columns(), MessageRecord{record_.row, message}, record_.message_cells);
  return &record_;
}

bool narrows_content(const store::ConversationFilter& filter) {
  return !filter.text.empty() || !filter.states.empty();
}

store::ConversationFilter coverage_filter(store::ConversationFilter filter) {
  filter.text.clear();
  filter.states.clear();
  return filter;
}

store::ConversationFilter missing_filter(store::ConversationFilter filter) {
  filter = coverage_filter(std::move(filter));
  for (const auto& state : model::kTranscriptStateNames)
    if (state.value != model::TranscriptState::Archived) filter.states.push_back(state.value);
  return filter;
}

}  // namespace wxcc::report
