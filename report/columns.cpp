// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <type_traits>
#include <vector>

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

// A column of conversations and where it stands among all of them, from 1. What most people look for stands first, and
// fits on paper.
struct PlacedColumn {
  int position;
  Column<ConversationLine> column;
};

// What is no field of the task: see model/task_fields.cpp for the others.
std::vector<PlacedColumn> derived_columns() {
  return {
      {2, {"messages_at", "First message", 15, CellKind::Link, [](const auto&) { return CellValue{}; }}},
      {5,
       {"first_response_ms", "First response", 11, CellKind::Duration,
        [](const auto& line) { return maybe(line.metrics.first_response); }}},
      {9,
       {"customer_messages", "By customer", 11, CellKind::Number,
        [](const auto& line) { return CellValue(line.metrics.customer_messages); }}},
      {10,
       {"agent_messages", "By agent", 9, CellKind::Number,
        [](const auto& line) { return CellValue(line.metrics.agent_messages); }}},
      {13,
       {"transcript_state", "Transcript", 12, CellKind::Text,
        [](const auto& line) { return CellValue(model::to_text(line.row.transcript_state)); }}},
      {14,
       {"first_customer_message", "First customer message", 43, CellKind::LongText,
        [](const auto& line) { return text(line.metrics.preview); }}},
      {28,
       {"other_messages", "By others", 10, CellKind::Number,
        [](const auto& line) { return CellValue(line.metrics.other_messages); }}},
      {29,
       {"message_count", "Messages", 11, CellKind::Number,
        [](const auto& line) { return CellValue(line.row.message_count); }}},
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

std::vector<Column<ConversationLine>> make_conversation_columns() {
  constexpr double kUtcWidth = 20;
  std::vector<PlacedColumn> placed = derived_columns();
  for (const model::TaskField& field : model::task_fields()) {
    const model::Heading& heading = field.heading;
    if (heading.position == 0) continue;
    const auto value = [&field](const ConversationLine& line) { return value_of(field, line.row.task); };
    const std::string key = view_column(field);
    placed.push_back(
        {heading.position,
         {is_timestamp(field) ? key + "_local" : key, heading.text, heading.width, kind_of(field), value}});
    if (is_timestamp(field))
      placed.push_back({heading.utc_position, {key, heading.text, kUtcWidth, CellKind::UtcTime, value}});
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& one, const auto& other) { return one.position < other.position; });
  std::vector<Column<ConversationLine>> columns;
  for (PlacedColumn& each : placed) columns.push_back(std::move(each.column));
  return columns;
}

// Up to "Redacted" these are the columns, and their order, of the workbooks that people had before, with the instant in
// UTC added.
const std::array kMessageColumns = {
    Column<MessageLine>{"task_id", "Task ID", 38, CellKind::Text,
                        [](const auto& line) { return text(line.conversation.task.id); }, Scope::Conversation},
    Column<MessageLine>{"sent_at_local", "Timestamp", 20, CellKind::LocalTime,
                        [](const auto& line) { return maybe(line.message.sent); }},
    Column<MessageLine>{"sent_at", "Timestamp", 20, CellKind::UtcTime,
                        [](const auto& line) { return maybe(line.message.sent); }},
    Column<MessageLine>{"direction", "Direction", 11, CellKind::Text,
                        [](const auto& line) { return text(line.message.direction); }},
    Column<MessageLine>{"text", "Message", 80, CellKind::LongText,
                        [](const auto& line) { return text(line.message.text); }},
    Column<MessageLine>{"participant_name", "Participant name", 24, CellKind::Text,
                        [](const auto& line) { return text(line.message.participant_name); }},
    Column<MessageLine>{"participant_role", "Role", 11, CellKind::Text,
                        [](const auto& line) { return text(line.message.participant_role); }},
    Column<MessageLine>{"participant_user_id", "User ID", 38, CellKind::Text,
                        [](const auto& line) { return text(line.message.participant_user_id); }},
    Column<MessageLine>{"alias_id", "Alias ID", 38, CellKind::Text,
                        [](const auto& line) { return text(line.message.alias_id); }},
    Column<MessageLine>{"redacted", "Redacted", 11, CellKind::Flag,
                        [](const auto& line) { return maybe(line.message.redacted); }},
    Column<MessageLine>{"queue", "Queue", 25, CellKind::Text,
                        [](const auto& line) { return text(line.conversation.task.queue.name); }, Scope::Conversation},
    Column<MessageLine>{"agent", "Agent", 22, CellKind::Text,
                        [](const auto& line) { return text(line.conversation.task.agent.name); }, Scope::Conversation},
};

}  // namespace

std::span<const Column<ConversationLine>> conversation_columns() {
  static const std::vector<Column<ConversationLine>> columns = make_conversation_columns();
  return columns;
}
std::span<const Column<MessageLine>> message_columns() {
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
