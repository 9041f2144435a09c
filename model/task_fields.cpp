// SPDX-License-Identifier: Apache-2.0
#include "model/task_fields.h"

#include <array>

namespace wxcc::model {
namespace {

constexpr auto kOptional = Necessity::Optional;
constexpr auto kCore = Necessity::Core;
constexpr auto kRequired = Necessity::Required;
constexpr auto kView = Visibility::View;
constexpr auto kAgentName = Personal::AgentName;
constexpr auto kCustomerName = Personal::CustomerName;
constexpr auto kContact = Personal::CustomerContact;

constexpr auto kTaskFields = std::to_array<TaskField>({
    {"id", &Task::id, "task_id", kRequired, kView, {"Task ID", 37, 1}},
    {"isActive", &Task::is_active, "", kRequired},
    {"channelType", &Task::channel, "channel", kRequired, kView, {"Channel", 10, 20}},
    {"channelSubType", &Task::channel_subtype, "channel_subtype"},
    {"status", &Task::status, "status", kCore, kView, {"Status"}},
    {"createdTime", &Task::created, "created_ms", kRequired, kView, {"Started", 19, 3, 17}},
    {"endedTime", &Task::ended, "ended_ms", kRequired, kView, {"Ended", 20, 18, 19}},
    {"lastActivityTime", &Task::last_activity, "last_activity_ms"},
    {"totalDuration", &Task::duration, "duration_ms", kOptional, kView, {"Duration", 11, 4}},
    {"connectedDuration", &Task::connected_duration, "connected_duration_ms"},
    {"queueDuration", &Task::queue_duration, "queue_duration_ms"},
    {"wrapupDuration", &Task::wrapup_duration, "wrapup_duration_ms"},
    {"lastQueue", &Task::queue, "queue_key", kCore, kView, {"Queue", 24, 6}},
    {"lastTeam", &Task::team, "team_key", kOptional, kView, {"Team", 18, 21}},
    {"lastSite", &Task::site, "site_key", kOptional, kView, {"Site", 14, 22}},
    {"lastEntryPoint", &Task::entry_point, "entry_point_key", kOptional, kView, {"Entry point", 18, 23}},
    {"lastAgent", &Task::agent, "agent_key", kCore, kView, {"Agent", 18, 7}, kAgentName, "owner"},
    {"customer.name", &Customer::name, "customer_name", kCore, kView, {"Customer name", 20, 8}, kCustomerName},
    {"customer.email", &Customer::email, "customer_email", kCore, kView, {"Customer e-mail", 30, 15}, kContact},
    {"customer.phoneNumber", &Customer::phone, "customer_phone", kCore, kView, {"Customer phone", 17, 16}, kContact},
    {"origin", &Task::origin, "origin", kOptional, kView, {"Origin", 26, 25}, kContact},
    {"destination", &Task::destination, "destination", kOptional, kView, {"Destination", 26, 26}, kContact},
    {"direction", &Task::direction, "direction", kOptional, kView, {"Direction", 11, 24}},
    {"lastWrapUpCodeId", &Task::wrapup_code_id, "wrapup_code_id"},
    {"lastWrapupCodeName", &Task::wrapup_code, "wrapup_code", kOptional, kView, {"Wrap-up", 17, 11}},
    {"terminationType", &Task::termination_type, "termination_type", kOptional, kView, {"Termination", 18, 27}},
    {"terminationReason", &Task::termination_reason, "termination_reason"},
    {"terminatingEnd", &Task::terminating_end, "terminating_end"},
    {"contactReason", &Task::contact_reason, "contact_reason"},
    {"csatScore", &Task::csat_score, "csat_score", kOptional, kView, {"CSAT", 8, 12}},
    // Requested, without a member of their own.
    {"contactHandleType"},
    {"autoCsat"},
    {"captureRequested"},
    {"isTranscriptionAvailable"},
    {"transferCount"},
    {"queueCount"},
    {"isContactHandled"},
    {"topicName"},
    {"contactDriver"},
    {"botName"},
});

std::string without_suffix(std::string_view text, std::string_view suffix) {
  return std::string(text.substr(0, text.size() - suffix.size()));
}

}  // namespace

std::span<const TaskField> task_fields() {
  return kTaskFields;
}

FieldValue value_of(const TaskField& field, const Task& task) {
  FieldValue result;
  visit_member(field, task, [&](const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, bool>) {
      result = value;
    } else if constexpr (std::is_same_v<Value, NamedEntity>) {
      if (!value.name.empty()) result = std::string_view(value.name);
    } else if constexpr (std::is_same_v<Value, std::string>) {
      if (!value.empty()) result = std::string_view(value);
    } else {
      if (value) result = *value;
    }
  });
  return result;
}

std::string view_column(const TaskField& field) {
  if (is_timestamp(field)) return without_suffix(field.column, "_ms") + "_at";
  if (is_entity(field)) return without_suffix(field.column, "_key");
  return std::string(field.column);
}

}  // namespace wxcc::model
