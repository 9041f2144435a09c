// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace wxcc::simulator {
namespace {

using enum FieldKind;
using View = TaskView;
using Profile = TaskProfile;

// A member of the profile as text; null if it is empty.
template <auto Member>
Leaf text(const View& task) {
  const std::string_view text = task.profile().*Member;
  return text.empty() ? Leaf{} : Leaf{std::string(text)};
}
template <auto Member>
Leaf text_after_end(const View& task) {
  return task.is_over() ? text<Member>(task) : Leaf{};
}
template <auto Member>
Leaf number(const View& task) {
  return std::int64_t{task.profile().*Member};
}
template <auto Member>
Leaf number_after_end(const View& task) {
  return task.is_over() ? number<Member>(task) : Leaf{};
}
template <auto Member>
Leaf has(const View& task) {
  return (task.profile().*Member).has_value();
}
template <auto Member>
Leaf count_of(const View& task) {
  return std::int64_t{(task.profile().*Member).has_value() ? 1 : 0};
}
template <auto Constant>
Leaf constant(const View&) {
  return Constant;
}

// Id or name of an agent, a queue or a team, of which a task may have none.
template <auto Whom, auto Part>
Leaf part(const View& task) {
  const auto& whom = task.profile().*Whom;
  if (whom) return std::string((*whom).*Part);
  return task.profile().null_style == NullStyle::EmptyTexts ? Leaf{std::string()} : Leaf{};
}
template <auto Part>
Leaf wrapup(const View& task) {
  const auto& code = task.profile().wrapup;
  return task.has_late_fields() && code ? Leaf{std::string((*code).*Part)} : Leaf{};
}

std::int64_t duration_ms(const View& task) {
  return (task.record().ended - task.record().created).count();
}
bool is_digital(const View& task) {
  return task.record().channel != Channel::Telephony;
}
Leaf last_activity(const View& task) {
  if (!task.is_over()) return base::to_ms(std::min(task.now(), task.record().ended));
  return base::to_ms(task.record().ended) + (task.has_late_fields() ? task.profile().wrapup_ms : 0);
}
Leaf status(const View& task) {
  if (task.is_over()) return std::string("ended");
  return std::string(task.profile().agent ? "connected" : "parked");
}
Leaf agent_session(const View& task) {
  return task.profile().agent ? Leaf{"s-" + task.profile().agent->id.substr(0, 8)} : Leaf{};
}
Leaf connected_ms(const View& task) {
  if (!task.is_over()) return {};
  const Profile& profile = task.profile();
  return profile.agent ? duration_ms(task) - profile.queue_ms - profile.ringing_ms : std::int64_t{0};
}
Leaf zero_after_end(const View& task) {
  return task.is_over() ? Leaf{std::int64_t{0}} : Leaf{};
}
Leaf topic(const View& task) {
  return std::string(task.has_late_fields() ? task.profile().topic : "N/A");
}
Leaf csat(const View& task) {
  return task.has_late_fields() ? Leaf{task.profile().csat.value_or(0)} : Leaf{};
}

// The fields of Cisco's data dictionaries, and some that only public clients use.
constexpr auto kFields = std::to_array<SchemaField>({
    {"id", Text, [](const View& t) -> Leaf { return t.id(); }},
    {"status", Text, status},
    {"isActive", Boolean, [](const View& t) -> Leaf { return !t.is_over(); }},
    {"createdTime", Long, [](const View& t) -> Leaf { return base::to_ms(t.record().created); }},
    {"endedTime", Long,
     [](const View& t) -> Leaf { return t.has_ended() ? base::to_ms(t.record().ended) : std::int64_t{-1}; }},
    {"lastActivityTime", Long, last_activity},
    {"channelType", FieldKind::Channel,
     [](const View& t) -> Leaf { return std::string(kChannelNames.text_of(t.record().channel)); }},
    {"channelSubType", Text, text<&Profile::subtype>},
    {"direction", Text, text<&Profile::direction>},
    {"origin", Text, text<&Profile::origin>},
    {"destination", Text, text<&Profile::destination>},
    {"customer.name", Text, text<&Profile::customer_name>},
    {"customer.email", Text, text<&Profile::customer_email>},
    {"customer.phoneNumber", Text, text<&Profile::customer_phone>},

    {"owner.id", Text, part<&Profile::agent, &Named::id>},
    {"owner.name", Text, part<&Profile::agent, &Named::name>},
    {"lastAgent.id", Text, part<&Profile::agent, &Named::id>},
    {"lastAgent.name", Text, part<&Profile::agent, &Named::name>},
    {"lastAgent.signInId", Text, agent_session},
    {"lastAgent.sessionId", Text, agent_session},
    {"lastAgent.phoneNumber", Text},
    {"lastAgent.channelId", Text, agent_session},
    {"lastQueue.id", Text, part<&Profile::queue, &Named::id>},
    {"lastQueue.name", Text, part<&Profile::queue, &Named::name>},
    {"lastQueue.duration", Long, number<&Profile::queue_ms>},
    {"previousQueue.id", Text},
    {"previousQueue.name", Text},
    {"lastTeam.id", Text, part<&Profile::team, &Named::id>},
    {"lastTeam.name", Text, part<&Profile::team, &Named::name>},
    {"lastSite.id", Text, [](const View& t) -> Leaf { return t.profile().site.id; }},
    {"lastSite.name", Text, [](const View& t) -> Leaf { return std::string(t.profile().site.name); }},
    {"lastEntryPoint.id", Text, [](const View& t) -> Leaf { return t.profile().entry_point.id; }},
    {"lastEntryPoint.name", Text, [](const View& t) -> Leaf { return std::string(t.profile().entry_point.name); }},
    {"firstQueueId", Text, part<&Profile::queue, &Named::id>},
    {"firstQueueName", Text, part<&Profile::queue, &Named::name>},
    {"previousAgentId", Text},
    {"previousAgentName", Text},
    {"previousAgentSessionId", Text},
    {"preferredAgentName", Text},

    {"lastWrapUpCodeId", Text, wrapup<&Named::id>},
    {"lastWrapupCodeName", Text, wrapup<&Named::name>},
    {"contactReason", Text, text<&Profile::contact_reason>},
    {"contactHandleType", Text,
     [](const View& t) -> Leaf {
       return t.is_over() ? Leaf{std::string(t.profile().agent ? "normal" : "abandoned")} : Leaf{};
     }},
    {"abandonedType", Text,
     [](const View& t) -> Leaf { return t.is_over() && !t.profile().agent ? Leaf{std::string("queue")} : Leaf{}; }},
    {"terminationType", Text, text_after_end<&Profile::termination_type>},
    {"terminationReason", Text, text_after_end<&Profile::termination_reason>},
    {"terminatingEnd", Text, text_after_end<&Profile::terminating_end>},
    {"csatScore", Int, csat},
    {"autoCsat", Text,
     [](const View& t) -> Leaf {
       return t.has_late_fields() && t.profile().csat ? Leaf{std::to_string(*t.profile().csat)} : Leaf{};
     }},
    {"topicName", Text, topic},
    {"contactDriver", Text, topic},
    {"sentiment", Int},
    {"customerSentimentScore", Int},
    {"feedback.surveyOptIn", Boolean},
    {"feedback.type", Text},
    {"feedback.questionsAnswered", Int},
    {"feedback.surveyCompleted", Boolean},
    {"feedback.questionsPresented", Int},
    {"feedback.comment", Text},

    {"totalDuration", Long, [](const View& t) { return t.is_over() ? Leaf{duration_ms(t)} : Leaf{}; }},
    {"connectedDuration", Long, connected_ms},
    {"queueDuration", Long, number_after_end<&Profile::queue_ms>},
    {"ringingDuration", Long, number_after_end<&Profile::ringing_ms>},
    {"holdDuration", Long, [](const View& t) { return t.is_over() ? Leaf{t.profile().holds * 15000} : Leaf{}; }},
    {"wrapupDuration", Long, [](const View& t) { return t.has_late_fields() ? Leaf{t.profile().wrapup_ms} : Leaf{}; }},
    {"selfserviceDuration", Long, zero_after_end},
    {"postCallDuration", Long, zero_after_end},
    {"queueCount", Int, count_of<&Profile::queue>},
    {"connectedCount", Int, count_of<&Profile::agent>},
    {"transferCount", Int, number<&Profile::transfers>},
    {"holdCount", Int, number<&Profile::holds>},
    {"contactPriority", Int, constant<std::int64_t{10}>},
    {"conferenceCount", Int, constant<std::int64_t{0}>},
    {"consultCount", Int, constant<std::int64_t{0}>},
    {"selfserviceCount", Int, constant<std::int64_t{0}>},
    {"manualAssignCount", Int, constant<std::int64_t{0}>},
    {"postCallSummaryCount", Int, constant<std::int64_t{0}>},
    {"midCallSummaryCount", Int, constant<std::int64_t{0}>},

    {"captureRequested", Boolean, [](const View& t) -> Leaf { return !is_digital(t); }},
    {"isTranscriptionAvailable", Boolean,
     [](const View& t) { return !is_digital(t) && t.is_over() ? Leaf{true} : Leaf{}; }},
    {"isContactHandled", Boolean, has<&Profile::agent>},
    {"isContactOffered", Boolean, has<&Profile::queue>},
    {"isContactEscalatedToQueue", Boolean, has<&Profile::queue>},
    {"isOutdial", Boolean, [](const View& t) -> Leaf { return t.profile().direction == "outdial"; }},
    {"isWithInServiceLevel", Boolean, [](const View& t) -> Leaf { return t.profile().queue_ms < 60000; }},
    {"isCallback", Boolean, constant<false>},
    {"isCampaign", Boolean, constant<false>},
    {"isRecordingDeleted", Boolean, constant<false>},
    {"vaTranscriptionAvailable", Boolean},
    {"isRealtimeTranscriptionEnabled", Boolean},

    {"botName", Text, [](const View& t) { return is_digital(t) ? Leaf{std::string("Parcel Bot")} : Leaf{}; }},
    {"routingType", Text, [](const View&) -> Leaf { return std::string("LONGEST_AVAILABLE_AGENT"); }},
    {"flowActivityName", Text},
    {"flowActivitySequence", Text},
    {"ivrScriptName", Text},
    {"ivrScriptId", Text},
    {"ivrScriptTagName", Text},
    {"topicSource", Text},
    {"emailBody", Text},
    {"emailContent", Text},
    {"emailDate", Long},
    {"emailMessageId", Text},
    {"emailToList", Text},
    {"recordingLocation", Text},
    {"recordingStereoBlobId", Text},
    {"recordingFileSize", Long},
    {"recordingCount", Int, [](const View& t) -> Leaf { return std::int64_t{is_digital(t) ? 0 : 1}; }},
    {"callbackData.callbackNumber", Text},
    {"channelMetaData.chat.chatReason", Text, text<&Profile::contact_reason>},
    {"channelMetaData.email.subject", Text},
    {"channelMetaData.email.metadata", Text},
    {"channelMetaData.inBoundTranscript", Text},
    {"channelMetaData.outBoundTranscript", Text},
    {"globalVariables", Json,
     [](const View& t) -> Leaf {
       return fmt::format(R"({{"Language":"{}","OrderKnown":{}}})", t.profile().language, t.number() % 3 == 0);
     }},
    {"matchedSkills", Json},
    {"requiredSkills", Json},
});

}  // namespace

const SchemaField* find_field(std::string_view path) {
  const auto* const found = std::find_if(kFields.begin(), kFields.end(), [&](const auto& f) { return f.path == path; });
  return found == kFields.end() ? nullptr : found;
}

Leaf value_of(const SchemaField& field, const TaskView& task) {
  return field.leaf == nullptr ? Leaf{} : field.leaf(task);
}

bool is_object(std::string_view path) {
  const std::string prefix = std::string(path) + ".";
  return std::any_of(kFields.begin(), kFields.end(), [&](const auto& f) { return f.path.starts_with(prefix); });
}

bool is_null_object(std::string_view path, const TaskView& task) {
  const auto is_missing = [&](const std::optional<Named>& whom) {
    return !whom && task.profile().null_style == NullStyle::NullObject;
  };
  if (path == "owner" || path == "lastAgent") return is_missing(task.profile().agent);
  if (path == "lastQueue") return is_missing(task.profile().queue);
  return path == "lastTeam" && is_missing(task.profile().team);
}

std::string type_name_of(std::string_view path) {
  std::string name(path.substr(path.rfind('.') + 1));
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

bool is_filterable(const SchemaField& field) {
  return field.kind != Json && field.path != "createdTime";
}

}  // namespace wxcc::simulator
