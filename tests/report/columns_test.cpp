// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "report/rows.h"

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const base::Zone kAmsterdam = base::Zone::find("Europe/Amsterdam").value();

template <typename Columns>
std::vector<std::string> headers_of(const Columns& columns) {
  std::vector<std::string> result;
  for (const auto& column : columns) result.push_back(header_of(column.header, column.kind, kAmsterdam));
  return result;
}

template <typename Row>
std::string shown(std::span<const Column<Row>> columns, std::string_view key, const Row& row) {
  for (const auto& column : columns)
    if (column.key == key) return plain_text(column.kind, column.value(row), kAmsterdam);
  return "no such column";
}

TEST(Columns, OfConversationsBeginWithPrintedColumns) {
  std::vector<std::string> headers = headers_of(conversation_columns());
  ASSERT_GE(headers.size(), kPrintedConversationColumns);
  headers.resize(kPrintedConversationColumns);
  EXPECT_THAT(headers, ElementsAre("Task ID", "First message", "Started (Europe/Amsterdam)", "Duration",
                                   "First response", "Queue", "Agent", "Customer name", "By customer", "By agent",
                                   "Wrap-up", "CSAT", "Transcript", "First customer message"));
  double width = 0;
  for (std::size_t i = 0; i < kPrintedConversationColumns; ++i) width += conversation_columns()[i].width;
  EXPECT_LE(width, 255) << "wider columns would shrink the print on A4 below half size";
}

TEST(Columns, OfMessagesBeginWithColumnsOfPythonScript) {
  EXPECT_THAT(headers_of(message_columns()),
              ElementsAre("Task ID", "Timestamp (Europe/Amsterdam)", "Timestamp (UTC)", "Direction", "Message",
                          "Participant name", "Role", "User ID", "Alias ID", "Redacted", "Queue", "Agent"));
}

TEST(Columns, HaveDistinctKeysAndWidths) {
  std::set<std::string_view> keys;
  for (const auto& column : conversation_columns()) {
    EXPECT_TRUE(keys.insert(column.key).second) << column.key;
    EXPECT_GE(column.width, 8) << column.key;
  }
  keys.clear();
  for (const auto& column : message_columns()) {
    EXPECT_TRUE(keys.insert(column.key).second) << column.key;
    EXPECT_GE(column.width, 8) << column.key;
  }
}

TEST(Columns, OfTaskFieldsHaveTheirPositions) {
  const auto key_at = [](int position) {
    const auto columns = conversation_columns();
    const auto index = static_cast<std::size_t>(position - 1);
    return index < columns.size() ? columns[index].key : "no column";
  };
  for (const model::TaskField& field : model::task_fields()) {
    if (field.heading.position == 0) continue;
    const std::string key = view_column(field);
    EXPECT_EQ(key_at(field.heading.position), is_timestamp(field) ? key + "_local" : key)
        << "positions are distinct and count from 1 without a gap";
    if (is_timestamp(field)) {
      EXPECT_EQ(key_at(field.heading.utc_position), key);
    }
  }
}

TEST(Columns, OfUnknownValuesAreEmpty) {
  const ConversationRecord record;
  for (const auto& column : conversation_columns()) {
    if (column.key == "transcript_state" || column.kind == CellKind::Number) continue;
    EXPECT_TRUE(std::holds_alternative<std::monostate>(column.value(record))) << column.key;
  }
  const model::ArchivedMessage message;
  for (const auto& column : message_columns())
    EXPECT_TRUE(std::holds_alternative<std::monostate>(column.value({record.row, message}))) << column.key;
}

TEST(Columns, FormatValuesOfRecord) {
  ConversationRecord record;
  store::StoredTask& row = record.row;
  row.task.id = "t1";
  row.task.ended = base::parse_iso8601("2026-10-25T01:30:00.118Z");
  row.task.duration = 25h + 61s;
  row.task.csat_score = 0;
  row.transcript_state = model::TranscriptState::Absent;
  row.task.queue.name = "Parcels";
  const auto columns = conversation_columns();
  record.metrics.first_response = 61s;
  EXPECT_EQ(shown(columns, "first_response_ms", record), "0:01:01");
  EXPECT_EQ(shown(columns, "task_id", record), "t1");
  EXPECT_EQ(shown(columns, "ended_at_local", record), "2026-10-25 02:30:00");
  EXPECT_EQ(shown(columns, "ended_at", record), "2026-10-25T01:30:00.118Z");
  EXPECT_EQ(shown(columns, "duration_ms", record), "25:01:01");
  EXPECT_EQ(shown(columns, "csat_score", record), "0");
  EXPECT_EQ(shown(columns, "transcript_state", record), "absent");
  model::ArchivedMessage message;
  message.redacted = false;
  message.text = "hi";
  EXPECT_EQ(shown(message_columns(), "redacted", MessageRecord{row, message}), "false");
  EXPECT_EQ(shown(message_columns(), "text", MessageRecord{row, message}), "hi");
  EXPECT_EQ(shown(message_columns(), "queue", MessageRecord{row, message}), "Parcels");
}

TEST(Durations, AreWrittenAsHoursMinutesSeconds) {
  EXPECT_EQ(format_duration(0ms), "0:00:00");
  EXPECT_EQ(format_duration(999ms), "0:00:00");
  EXPECT_EQ(format_duration(4min + 10s), "0:04:10");
  EXPECT_EQ(format_duration(100h), "100:00:00");
  EXPECT_EQ(format_duration(-90s), "-0:01:30");
}

TEST(LocalIso8601, HasOffsetAcrossClockChange) {
  EXPECT_EQ(local_iso8601(base::parse_iso8601("2026-10-25T00:30:00.118Z").value(), kAmsterdam),
            "2026-10-25T02:30:00.118+02:00");
  EXPECT_EQ(local_iso8601(base::parse_iso8601("2026-10-25T01:30:00.118Z").value(), kAmsterdam),
            "2026-10-25T02:30:00.118+01:00");
}

}  // namespace
}  // namespace wxcc::report
