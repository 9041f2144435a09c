// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/json.h"
#include "base/zone.h"
#include "model/task_fields.h"
#include "store/reader.h"

namespace wxcc::report {

// The format of a value: the number format in a workbook, the text format in CSV and JSON Lines.
enum class CellKind {
  Text,
  LongText,   // wrapped in a workbook
  LocalTime,  // on the wall clock of the extract's zone
  UtcTime,
  Duration,
  Number,
  Flag,
  Link,  // to a cell of the workbook, which alone has its value
};

// The value of a cell; monostate: empty. A text refers into the record that it was taken from.
using CellValue = model::FieldValue;

// Whether a value belongs to the row, or is repeated from its conversation for filtering and sorting.
enum class Scope { Row, Conversation };

// One column of an extract, in all formats.
template <typename Row>
struct Column {
  std::string key;  // the member's name in JSON Lines; the name that the archive's views use, where they have one
  std::string_view header;  // of a workbook and of CSV; header_of adds the zone to times
  double width;             // of a workbook, in characters
  CellKind kind;
  std::function<CellValue(const Row&)> value;
  Scope scope = Scope::Row;
};

struct ConversationRecord;  // in report/rows.h

// A message with the conversation that it is part of.
struct MessageRecord {
  const store::StoredTask& conversation;
  const model::ArchivedMessage& message;
};

// The columns of extracts, in their order. Those of conversations are the fields of model::task_fields() with a
// position, and those derived from the messages.
std::span<const Column<ConversationRecord>> conversation_columns();
std::span<const Column<MessageRecord>> message_columns();
// The number of leading columns that are printed; with more, the print would be too small to read.
inline constexpr std::size_t kPrintedConversationColumns = 14;
inline constexpr std::size_t kPrintedMessageColumns = 7;

// "Ended (Europe/Amsterdam)", "Ended (UTC)", "Queue".
std::string header_of(std::string_view header, CellKind kind, const base::Zone& zone);

// The text of a cell without types, as CSV has it: local times "2026-10-25 02:30:00", UTC ones ISO 8601, durations
// "0:04:10".
std::string plain_text(CellKind kind, const CellValue& value, const base::Zone& zone);

// "[h]:mm:ss"; hours are not limited to 24. Fractions of a second are dropped.
std::string format_duration(base::Millis duration);

// As JSON has it: instants in ISO 8601 UTC, durations in milliseconds; null for an empty cell.
void write_json(base::JsonWriter& json, const CellValue& value);

// ISO 8601 with the zone's offset: "2026-10-25T02:30:00.118+01:00".
std::string local_iso8601(base::Instant instant, const base::Zone& zone);

}  // namespace wxcc::report
