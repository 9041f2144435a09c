// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_schema.h"

#include <fmt/format.h>

#include <algorithm>

namespace wxcc::simulator {
namespace {

using enum FieldKind;
using In = SchemaField::In;
using View = TaskView;

Leaf text_or_null(std::string_view text) {
  return text.empty() ? Leaf{} : Leaf{std::string(text)};
}
Leaf when_over(const View& task, std::int64_t ms) {
  return task.is_over() ? Leaf{ms} : Leaf{};
}
Leaf nothing(const View&) {
  return {};
}
template <int Number>
Leaf number(const View&) {
  return std::int64_t{Number};
}
template <bool Truth>
Leaf boolean(const View&) {
  return Truth;
}

std::int64_t duration_ms(const View& task) {
  return (task.record().ended - task.record().created).count();
}
bool is_digital(const View& task) {
  return task.record().channel != Channel::Telephony;
}

// A member of an agent, a queue or a team, which a task may have none of.
template <std::optional<Named> TaskProfile::*Whom>
Leaf id_of(const View& task) {
  const auto& whom = task.profile().*Whom;
  if (whom) return whom->id;
  return task.profile().null_style == NullStyle::EmptyTexts ? Leaf{std::string()} : Leaf{};
}
template <std::optional<Named> TaskProfile::*Whom>
Leaf name_of_whom(const View& task) {
  const auto& whom = task.profile().*Whom;
  if (whom) return std::string(whom->name);
  return task.profile().null_style == NullStyle::EmptyTexts ? Leaf{std::string()} : Leaf{};
}
template <std::optional<Named> TaskProfile::*Whom>
bool is_nobody(const View& task) {
  return !(task.profile().*Whom) && task.profile().null_style == NullStyle::NullObject;
}

SchemaField leaf(std::string_view name, FieldKind kind, Leaf (*get)(const View&), In in = In::Filter) {
  return {name, kind, in, get, {}, nullptr, {}};
}
SchemaField object(std::string_view name, std::string_view type, std::vector<SchemaField> members,
                   bool (*is_missing)(const View&) = nullptr) {
  return {name, Object, In::Filter, nullptr, std::move(members), is_missing, type};
}
SchemaField special(std::string_view name, FieldKind kind, std::string_view type) {
  return {name, kind, In::SelectionOnly, nullptr, {}, nullptr, type};
}

template <std::optional<Named> TaskProfile::*Whom>
SchemaField reference(std::string_view name, std::string_view type, std::vector<SchemaField> more = {}) {
  std::vector<SchemaField> members = {leaf("id", Text, id_of<Whom>), leaf("name", Text, name_of_whom<Whom>)};
  for (SchemaField& field : more) members.push_back(std::move(field));
  return object(name, type, std::move(members), is_nobody<Whom>);
}

Leaf ended_time(const View& task) {
  return task.visibility() == SearchVisibility::Ended ? base::to_ms(task.record().ended) : std::int64_t{-1};
}
Leaf last_activity(const View& task) {
  if (!task.is_over()) return base::to_ms(std::min(task.now(), task.record().ended));
  return base::to_ms(task.record().ended) + (task.has_late_fields() ? task.profile().wrapup_ms : 0);
}
Leaf status(const View& task) {
  if (task.is_over()) return std::string("ended");
  return std::string(task.profile().agent ? "connected" : "parked");
}
Leaf global_variables(const View& task) {
  return fmt::format(R"({{"Language":"{}","OrderKnown":{}}})", task.profile().language, task.number() % 3 == 0);
}
Leaf agent_detail(const View& task) {
  return task.profile().agent ? Leaf{"s-" + task.profile().agent->id.substr(0, 8)} : Leaf{};
}

// Who, where and when: what an archive asks for.
void add_identity(std::vector<SchemaField>& fields) {
  fields.push_back(leaf("id", Text, [](const View& t) -> Leaf { return t.id(); }));
  fields.push_back(leaf("status", Text, status));
  fields.push_back(leaf("isActive", Boolean, [](const View& t) -> Leaf { return !t.is_over(); }));
  fields.push_back(leaf(
      "createdTime", Long, [](const View& t) -> Leaf { return base::to_ms(t.record().created); }, In::Sort));
  fields.push_back(leaf("endedTime", Long, ended_time, In::FilterAndSort));
  fields.push_back(leaf("lastActivityTime", Long, last_activity, In::FilterAndSort));
  fields.push_back(leaf("channelType", ChannelEnum,
                        [](const View& t) -> Leaf { return std::string(kChannelNames.text_of(t.record().channel)); }));
  fields.push_back(leaf("channelSubType", Text, [](const View& t) { return text_or_null(t.profile().subtype); }));
  fields.push_back(leaf("direction", Text, [](const View& t) -> Leaf { return std::string(t.profile().direction); }));
  fields.push_back(leaf("origin", Text, [](const View& t) { return text_or_null(t.profile().origin); }));
  fields.push_back(leaf("destination", Text, [](const View& t) { return text_or_null(t.profile().destination); }));
  fields.push_back(
      object("customer", "Customer",
             {leaf("name", Text, [](const View& t) { return text_or_null(t.profile().customer_name); }),
              leaf("email", Text, [](const View& t) { return text_or_null(t.profile().customer_email); }),
              leaf("phoneNumber", Text, [](const View& t) { return text_or_null(t.profile().customer_phone); })}));
}

void add_people(std::vector<SchemaField>& fields) {
  fields.push_back(reference<&TaskProfile::agent>("owner", "Owner"));
  fields.push_back(
      reference<&TaskProfile::agent>("lastAgent", "Agent",
                                     {leaf("signInId", Text, agent_detail), leaf("sessionId", Text, agent_detail),
                                      leaf("phoneNumber", Text, nothing), leaf("channelId", Text, agent_detail)}));
  fields.push_back(reference<&TaskProfile::queue>(
      "lastQueue", "Queue", {leaf("duration", Long, [](const View& t) -> Leaf { return t.profile().queue_ms; })}));
  fields.push_back(object("previousQueue", "Queue", {leaf("id", Text, nothing), leaf("name", Text, nothing)}));
  fields.push_back(reference<&TaskProfile::team>("lastTeam", "Team"));
  fields.push_back(
      object("lastSite", "Site",
             {leaf("id", Text, [](const View& t) -> Leaf { return t.profile().site.id; }),
              leaf("name", Text, [](const View& t) -> Leaf { return std::string(t.profile().site.name); })}));
  fields.push_back(
      object("lastEntryPoint", "EntryPoint",
             {leaf("id", Text, [](const View& t) -> Leaf { return t.profile().entry_point.id; }),
              leaf("name", Text, [](const View& t) -> Leaf { return std::string(t.profile().entry_point.name); })}));
  fields.push_back(leaf("firstQueueId", Text, id_of<&TaskProfile::queue>));
  fields.push_back(leaf("firstQueueName", Text, name_of_whom<&TaskProfile::queue>));
  for (const std::string_view name :
       {"previousAgentId", "previousAgentName", "previousAgentSessionId", "preferredAgentName"})
    fields.push_back(leaf(name, Text, nothing));
}

void add_outcome(std::vector<SchemaField>& fields) {
  fields.push_back(leaf("lastWrapUpCodeId", Text, [](const View& t) -> Leaf {
    return t.has_late_fields() && t.profile().wrapup ? Leaf{t.profile().wrapup->id} : Leaf{};
  }));
  fields.push_back(leaf("lastWrapupCodeName", Text, [](const View& t) -> Leaf {
    return t.has_late_fields() && t.profile().wrapup ? Leaf{std::string(t.profile().wrapup->name)} : Leaf{};
  }));
  fields.push_back(leaf("contactReason", Text, [](const View& t) { return text_or_null(t.profile().contact_reason); }));
  fields.push_back(leaf("contactHandleType", Text, [](const View& t) -> Leaf {
    return t.is_over() ? Leaf{std::string(t.profile().agent ? "normal" : "abandoned")} : Leaf{};
  }));
  fields.push_back(leaf("abandonedType", Text, [](const View& t) -> Leaf {
    return t.is_over() && !t.profile().agent ? Leaf{std::string("queue")} : Leaf{};
  }));
  fields.push_back(leaf("terminationType", Text, [](const View& t) {
    return t.is_over() ? text_or_null(t.profile().termination_type) : Leaf{};
  }));
  fields.push_back(leaf("terminationReason", Text, [](const View& t) {
    return t.is_over() ? text_or_null(t.profile().termination_reason) : Leaf{};
  }));
  fields.push_back(leaf("terminatingEnd", Text, [](const View& t) {
    return t.is_over() ? text_or_null(t.profile().terminating_end) : Leaf{};
  }));
  fields.push_back(leaf("csatScore", Int, [](const View& t) -> Leaf {
    if (!t.has_late_fields()) return {};
    return t.profile().csat ? *t.profile().csat : std::int64_t{0};
  }));
  fields.push_back(leaf("autoCsat", Text, [](const View& t) -> Leaf {
    return t.has_late_fields() && t.profile().csat ? Leaf{std::to_string(*t.profile().csat)} : Leaf{};
  }));
  fields.push_back(leaf("topicName", Text, [](const View& t) -> Leaf {
    return std::string(t.has_late_fields() ? t.profile().topic : "N/A");
  }));
  fields.push_back(leaf("contactDriver", Text, [](const View& t) -> Leaf {
    return std::string(t.has_late_fields() ? t.profile().topic : "N/A");
  }));
  for (const std::string_view name : {"sentiment", "customerSentimentScore"})
    fields.push_back(leaf(name, Float, nothing));
  fields.push_back(object("feedback", "Feedback",
                          {leaf("surveyOptIn", Boolean, nothing), leaf("type", Text, nothing),
                           leaf("questionsAnswered", Int, nothing), leaf("surveyCompleted", Boolean, nothing),
                           leaf("questionsPresented", Int, nothing), leaf("comment", Text, nothing)}));
}

void add_measures(std::vector<SchemaField>& fields) {
  const auto duration = [&](std::string_view name, Leaf (*get)(const View&)) {
    fields.push_back(leaf(name, Long, get, In::FilterAndSort));
  };
  duration("totalDuration", [](const View& t) { return when_over(t, duration_ms(t)); });
  duration("connectedDuration", [](const View& t) {
    return when_over(t, t.profile().agent ? duration_ms(t) - t.profile().queue_ms - t.profile().ringing_ms : 0);
  });
  duration("queueDuration", [](const View& t) { return when_over(t, t.profile().queue_ms); });
  duration("ringingDuration", [](const View& t) { return when_over(t, t.profile().ringing_ms); });
  duration("holdDuration", [](const View& t) { return when_over(t, t.profile().holds * 15000); });
  duration("wrapupDuration",
           [](const View& t) -> Leaf { return t.has_late_fields() ? Leaf{t.profile().wrapup_ms} : Leaf{}; });
  duration("selfserviceDuration", [](const View& t) { return when_over(t, 0); });
  duration("postCallDuration", [](const View& t) { return when_over(t, 0); });
  const auto count = [&](std::string_view name, Leaf (*get)(const View&)) {
    fields.push_back(leaf(name, Int, get, In::FilterAndSort));
  };
  count("queueCount", [](const View& t) -> Leaf { return std::int64_t{t.profile().queue ? 1 : 0}; });
  count("connectedCount", [](const View& t) -> Leaf { return std::int64_t{t.profile().agent ? 1 : 0}; });
  count("transferCount", [](const View& t) -> Leaf { return t.profile().transfers; });
  count("holdCount", [](const View& t) -> Leaf { return t.profile().holds; });
  count("contactPriority", number<10>);
  for (const std::string_view name : {"conferenceCount", "consultCount", "selfserviceCount", "manualAssignCount",
                                      "postCallSummaryCount", "midCallSummaryCount"})
    count(name, number<0>);
}

void add_flags(std::vector<SchemaField>& fields) {
  fields.push_back(leaf("captureRequested", Boolean, [](const View& t) -> Leaf { return !is_digital(t); }));
  fields.push_back(leaf("isTranscriptionAvailable", Boolean,
                        [](const View& t) -> Leaf { return !is_digital(t) && t.is_over() ? Leaf{true} : Leaf{}; }));
  fields.push_back(
      leaf("isContactHandled", Boolean, [](const View& t) -> Leaf { return t.profile().agent.has_value(); }));
  fields.push_back(
      leaf("isContactOffered", Boolean, [](const View& t) -> Leaf { return t.profile().queue.has_value(); }));
  fields.push_back(
      leaf("isContactEscalatedToQueue", Boolean, [](const View& t) -> Leaf { return t.profile().queue.has_value(); }));
  fields.push_back(
      leaf("isOutdial", Boolean, [](const View& t) -> Leaf { return t.profile().direction == "outdial"; }));
  fields.push_back(
      leaf("isWithInServiceLevel", Boolean, [](const View& t) -> Leaf { return t.profile().queue_ms < 60000; }));
  for (const std::string_view name : {"isCallback", "isCampaign", "isRecordingDeleted"})
    fields.push_back(leaf(name, Boolean, boolean<false>));
  for (const std::string_view name : {"vaTranscriptionAvailable", "isRealtimeTranscriptionEnabled"})
    fields.push_back(leaf(name, Boolean, nothing));
}

void add_rest(std::vector<SchemaField>& fields) {
  fields.push_back(leaf(
      "botName", Text, [](const View& t) -> Leaf { return is_digital(t) ? Leaf{std::string("Parcel Bot")} : Leaf{}; }));
  fields.push_back(
      leaf("routingType", Text, [](const View&) -> Leaf { return std::string("LONGEST_AVAILABLE_AGENT"); }));
  for (const std::string_view name :
       {"flowActivityName", "flowActivitySequence", "ivrScriptName", "ivrScriptId", "ivrScriptTagName", "topicSource",
        "emailBody", "emailContent", "emailMessageId", "emailToList", "recordingLocation", "recordingStereoBlobId"})
    fields.push_back(leaf(name, Text, nothing));
  for (const std::string_view name : {"emailDate", "recordingFileSize"}) fields.push_back(leaf(name, Long, nothing));
  fields.push_back(
      leaf("recordingCount", Int, [](const View& t) -> Leaf { return std::int64_t{is_digital(t) ? 0 : 1}; }));
  fields.push_back(object("callbackData", "CallbackData", {leaf("callbackNumber", Text, nothing)}));
  fields.push_back(object(
      "channelMetaData", "ChannelMetaData",
      {object("chat", "ChatMetaData",
              {leaf("chatReason", Text, [](const View& t) { return text_or_null(t.profile().contact_reason); })}),
       object("email", "EmailMetaData", {leaf("subject", Text, nothing), leaf("metadata", Text, nothing)}),
       leaf("inBoundTranscript", Text, nothing), leaf("outBoundTranscript", Text, nothing)}));
  fields.push_back(leaf("globalVariables", Json, global_variables, In::SelectionOnly));
  fields.push_back(leaf("matchedSkills", Json, nothing, In::SelectionOnly));
  fields.push_back(leaf("requiredSkills", Json, nothing, In::SelectionOnly));
  for (const std::string_view name : {"stringGlobalVariables", "integerGlobalVariables", "longGlobalVariables",
                                      "doubleGlobalVariables", "booleanGlobalVariables"})
    fields.push_back(special(name, Variable, "GlobalVariable"));
  fields.push_back(special("activities", Activities, "TaskActivities"));
}

}  // namespace

const std::vector<SchemaField>& task_fields() {
  static const std::vector<SchemaField> kFields = [] {
    std::vector<SchemaField> fields;
    add_identity(fields);
    add_people(fields);
    add_outcome(fields);
    add_measures(fields);
    add_flags(fields);
    add_rest(fields);
    return fields;
  }();
  return kFields;
}

const SchemaField* find_field(const std::vector<SchemaField>& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const SchemaField& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::string_view type_name_of(const SchemaField& field) {
  switch (field.kind) {
    case Text:
      return "String";
    case ChannelEnum:
      return "ChannelType";
    case Long:
      return "Long";
    case Int:
      return "Int";
    case Float:
      return "Float";
    case Boolean:
      return "Boolean";
    case Json:
      return "JSON";
    case Object:
    case Variable:
    case Activities:
      return field.type_name;
  }
  return "String";
}

}  // namespace wxcc::simulator
