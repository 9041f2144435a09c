// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include "report/rows.h"

namespace wxcc::report {
namespace {

namespace ch = std::chrono;

CellValue text(const std::string& text) {
  if (text.empty()) return {};
  return std::string_view(text);
}

template <typename T>
CellValue maybe(const std::optional<T>& value) {
  if (!value) return {};
  return CellValue(*value);
}

// A column of conversations and its position among all of them, from 1. The most used columns come first and fit on
// paper.
struct PlacedColumn {
  int position;
  Column<ConversationRecord> column;
};

// The columns that are not fields of the task; model/task_fields.cpp has the others.
std::vector<PlacedColumn> derived_columns() {
  return {
      {2, {"messages_at", "First message", 15, CellKind::Link, [](const auto&) { return CellValue{}; }}},
      {5,
       {"first_response_ms", "First response", 11, CellKind::Duration,
        [](const auto& record) { return maybe(record.metrics.first_response); }}},
      {9,
       {"customer_messages", "By customer", 11, CellKind::Number,
        [](const auto& record) { return CellValue(record.metrics.customer_messages); }}},
      {10,
       {"agent_messages", "By agent", 9, CellKind::Number,
        [](const auto& record) { return CellValue(record.metrics.agent_messages); }}},
      {13,
       {"transcript_state", "Transcript", 12, CellKind::Text,
        [](const auto& record) { return CellValue(model::to_text(record.row.transcript_state)); }}},
      {14,
       {"first_customer_message", "First customer message", 43, CellKind::LongText,
        [](const auto& record) { return text(record.metrics.preview); }}},
      {28,
       {"other_messages", "By others", 10, CellKind::Number,
        [](const auto& record) { return CellValue(record.metrics.other_messages); }}},
      {29,
       {"message_count", "Messages", 11, CellKind::Number,
        [](const auto& record) { return CellValue(record.row.message_count); }}},
  };
}

CellKind kind_of(const model::TaskField& field) {
  CellKind kind = CellKind::Text;
  const model::Task example;
  visit_member(field, example, [&](const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::optional<base::Instant>>) kind = CellKind::LocalTime;
    if constexpr (std::is_same_v<Value, std::optional<base::Millis>>) kind = CellKind::Duration;
    if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>) kind = CellKind::Number;
    if constexpr (std::is_same_v<Value, bool>) kind = CellKind::Flag;
  });
  return kind;
}

std::vector<Column<ConversationRecord>> make_conversation_columns() {
  constexpr double kUtcWidth = 20;
  std::vector<PlacedColumn> placed = derived_columns();
  for (const model::TaskField& field : model::task_fields()) {
    const model::Heading& heading = field.heading;
    if (heading.position == 0) continue;
    const auto value = [&field](const ConversationRecord& record) { return value_of(field, record.row.task); };
    const std::string key = view_column(field);
    placed.push_back(
        {heading.position,
         {is_timestamp(field) ? key + "_local" : key, heading.text, heading.width, kind_of(field), value}});
    if (is_timestamp(field))
      placed.push_back({heading.utc_position, {key, heading.text, kUtcWidth, CellKind::UtcTime, value}});
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& one, const auto& other) { return one.position < other.position; });
  std::vector<Column<ConversationRecord>> columns;
  for (PlacedColumn& each : placed) columns.push_back(std::move(each.column));
  return columns;
}

// Up to "Redacted" the columns, in order, of the original Python script's workbooks, plus the timestamp in UTC.
const std::array kMessageColumns = {
    Column<MessageRecord>{"task_id", "Task ID", 38, CellKind::Text,
                          [](const auto& record) { return text(record.conversation.task.id); }, Scope::Conversation},
    Column<MessageRecord>{"sent_at_local", "Timestamp", 20, CellKind::LocalTime,
                          [](const auto& record) { return maybe(record.message.sent); }},
    Column<MessageRecord>{"sent_at", "Timestamp", 20, CellKind::UtcTime,
                          [](const auto& record) { return maybe(record.message.sent); }},
    Column<MessageRecord>{"direction", "Direction", 11, CellKind::Text,
                          [](const auto& record) { return text(record.message.direction); }},
    Column<MessageRecord>{"text", "Message", 80, CellKind::LongText,
                          [](const auto& record) { return text(record.message.text); }},
    Column<MessageRecord>{"participant_name", "Participant name", 24, CellKind::Text,
                          [](const auto& record) { return text(record.message.participant_name); }},
    Column<MessageRecord>{"participant_role", "Role", 11, CellKind::Text,
                          [](const auto& record) { return text(record.message.participant_role); }},
    Column<MessageRecord>{"participant_user_id", "User ID", 38, CellKind::Text,
                          [](const auto& record) { return text(record.message.participant_user_id); }},
    Column<MessageRecord>{"alias_id", "Alias ID", 38, CellKind::Text,
                          [](const auto& record) { return text(record.message.alias_id); }},
    Column<MessageRecord>{"redacted", "Redacted", 11, CellKind::Flag,
                          [](const auto& record) { return maybe(record.message.redacted); }},
    Column<MessageRecord>{"queue", "Queue", 25, CellKind::Text,
                          [](const auto& record) { return text(record.conversation.task.queue.name); },
                          Scope::Conversation},
    Column<MessageRecord>{"agent", "Agent", 22, CellKind::Text,
                          [](const auto& record) { return text(record.conversation.task.agent.name); },
                          Scope::Conversation},
};

}  // namespace

std::span<const Column<ConversationRecord>> conversation_columns() {
  static const std::vector<Column<ConversationRecord>> columns = make_conversation_columns();
  return columns;
}
std::span<const Column<MessageRecord>> message_columns() {
  return kMessageColumns;
}

std::string header_of(std::string_view header, CellKind kind, const base::Zone& zone) {
  if (kind == CellKind::LocalTime) return fmt::format("{} ({})", header, zone.name());
  if (kind == CellKind::UtcTime) return fmt::format("{} (UTC)", header);
  return std::string(header);
}

std::string format_duration(base::Millis duration) {
  const auto seconds = ch::abs(ch::duration_cast<ch::seconds>(duration)).count();
  return fmt::format("{}{}:{:02}:{:02}", duration < base::Millis{0} && seconds > 0 ? "-" : "", seconds / 3600,
                     seconds / 60 % 60, seconds % 60);
}

std::string local_iso8601(base::Instant instant, const base::Zone& zone) {
  const base::LocalTime local = zone.at(instant);
  const ch::hh_mm_ss<base::Millis> time{local.time_of_day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}{}", base::format_date(local.date), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count(),
                     base::Zone::format_offset(local.utc_offset));
}

void write_json(base::JsonWriter& json, const CellValue& value) {
  std::visit(
      [&](const auto& held) {
        using Held = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>)
          json.null();
        else if constexpr (std::is_same_v<Held, base::Millis>)
          json.value(static_cast<std::int64_t>(held.count()));
        else
          json.value(held);
      },
      value);
}

std::string plain_text(CellKind kind, const CellValue& value, const base::Zone& zone) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* duration = std::get_if<base::Millis>(&value)) return format_duration(*duration);
  if (const auto* instant = std::get_if<base::Instant>(&value))
    return kind == CellKind::LocalTime ? zone.format(*instant) : base::to_iso8601(*instant);
  return {};
}

}  // namespace wxcc::report
