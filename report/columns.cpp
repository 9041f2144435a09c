// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

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

// What most people look for stands first, and fits on paper.
constexpr std::array kConversationColumns = {
    Column<ConversationLine>{"task_id", "Task ID", 37, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.id); }},
    Column<ConversationLine>{"messages_at", "First message", 15, CellKind::Link,
                             [](const auto&) { return CellValue{}; }},
    Column<ConversationLine>{"created_at_local", "Started", 19, CellKind::LocalTime,
                             [](const auto& line) { return maybe(line.row.task.created); }},
    Column<ConversationLine>{"duration_ms", "Duration", 11, CellKind::Duration,
                             [](const auto& line) { return maybe(line.row.task.duration); }},
    Column<ConversationLine>{"first_response_ms", "First response", 11, CellKind::Duration,
                             [](const auto& line) { return maybe(line.metrics.first_response); }},
    Column<ConversationLine>{"queue", "Queue", 24, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.queue.name); }},
    Column<ConversationLine>{"agent", "Agent", 18, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.agent.name); }},
    Column<ConversationLine>{"customer_name", "Customer name", 20, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.customer.name); }},
    Column<ConversationLine>{"customer_messages", "By customer", 11, CellKind::Number,
                             [](const auto& line) { return CellValue(line.metrics.customer_messages); }},
    Column<ConversationLine>{"agent_messages", "By agent", 9, CellKind::Number,
                             [](const auto& line) { return CellValue(line.metrics.agent_messages); }},
    Column<ConversationLine>{"wrapup_code", "Wrap-up", 17, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.wrapup_code); }},
    Column<ConversationLine>{"csat_score", "CSAT", 8, CellKind::Number,
                             [](const auto& line) { return maybe(line.row.task.csat_score); }},
    Column<ConversationLine>{"transcript_state", "Transcript", 12, CellKind::Text,
                             [](const auto& line) { return CellValue(model::to_text(line.row.transcript_state)); }},
    Column<ConversationLine>{"first_customer_message", "First customer message", 43, CellKind::LongText,
                             [](const auto& line) { return text(line.metrics.preview); }},
    Column<ConversationLine>{"customer_email", "Customer e-mail", 30, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.customer.email); }},
    Column<ConversationLine>{"customer_phone", "Customer phone", 17, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.customer.phone); }},
    Column<ConversationLine>{"created_at", "Started", 20, CellKind::UtcTime,
                             [](const auto& line) { return maybe(line.row.task.created); }},
    Column<ConversationLine>{"ended_at_local", "Ended", 20, CellKind::LocalTime,
                             [](const auto& line) { return maybe(line.row.task.ended); }},
    Column<ConversationLine>{"ended_at", "Ended", 20, CellKind::UtcTime,
                             [](const auto& line) { return maybe(line.row.task.ended); }},
    Column<ConversationLine>{"channel", "Channel", 10, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.channel); }},
    Column<ConversationLine>{"team", "Team", 18, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.team.name); }},
    Column<ConversationLine>{"site", "Site", 14, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.site.name); }},
    Column<ConversationLine>{"entry_point", "Entry point", 18, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.entry_point.name); }},
    Column<ConversationLine>{"direction", "Direction", 11, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.direction); }},
    Column<ConversationLine>{"origin", "Origin", 26, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.origin); }},
    Column<ConversationLine>{"destination", "Destination", 26, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.destination); }},
    Column<ConversationLine>{"termination_type", "Termination", 18, CellKind::Text,
                             [](const auto& line) { return text(line.row.task.termination_type); }},
    Column<ConversationLine>{"other_messages", "By others", 10, CellKind::Number,
                             [](const auto& line) { return CellValue(line.metrics.other_messages); }},
    Column<ConversationLine>{"message_count", "Messages", 11, CellKind::Number,
                             [](const auto& line) { return CellValue(line.row.message_count); }},
};

// Up to "Redacted" these are the columns, and their order, of the workbooks that people had before, with the instant in
// UTC added.
constexpr std::array kMessageColumns = {
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
  return kConversationColumns;
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
