// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/archived_message.h"
#include "model/conversation_metrics.h"
#include "model/redaction.h"
#include "report/columns.h"
#include "store/reader.h"

namespace wxcc::report {

// One conversation of an extract, redacted if that was requested, with the values of its columns.
struct ConversationRecord {
  store::StoredTask row;
  std::vector<model::ArchivedMessage> messages;
  model::ConversationMetrics metrics;
  std::vector<CellValue> cells;          // of conversation_columns(); refer into the members above
  std::vector<CellValue> message_cells;  // of message_columns(), one message after the other

  [[nodiscard]] std::span<const CellValue> cells_of_message(std::size_t index) const;
};

// The conversations that a filter selects, in order of its time field, then id. The reader and the redactor, which may
// be nullptr, must outlive it. All calls throw store::StoreError.
class Rows {
 public:
  Rows(const store::Reader& reader, const store::ConversationFilter& filter, const model::Redactor* redactor)
      : reader_(reader), cursor_(reader.conversations(filter)), redactor_(redactor) {}

  // The next one, or nullptr after the last. Valid until the next call.
  const ConversationRecord* next();

 private:
  const store::Reader& reader_;
  store::ConversationCursor cursor_;
  const model::Redactor* redactor_;
  ConversationRecord record_;
};

// Whether the filter selects by text or state: its rows are then no measure of coverage.
[[nodiscard]] bool narrows_content(const store::ConversationFilter& filter);
// The filter without text and states: a missing transcript matches no text.
[[nodiscard]] store::ConversationFilter coverage_filter(store::ConversationFilter filter);
// The conversations without a transcript that coverage_filter() selects.
[[nodiscard]] store::ConversationFilter missing_filter(store::ConversationFilter filter);

}  // namespace wxcc::report
