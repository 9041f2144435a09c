// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/transcript_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/enum_names.h"
#include "base/json.h"
#include "base/text.h"
#include "simulator/cloud/phrases.h"
#include "simulator/cloud/series.h"

namespace wxcc::simulator {
namespace {

using base::JsonWriter;

// Variants between tenants.
struct Spelling {
  bool epoch_times;
  bool upper_case;
  [[nodiscard]] std::string cased(std::string_view text) const {
    std::string result(text);
    if (upper_case) std::transform(result.begin(), result.end(), result.begin(), ::toupper);
    return result;
  }
};

Spelling spelling_of(const TranscriptSource& source) {
  base::SeededRandom rng = series_of(source.seed, Series::Transcript, source.number + (std::uint64_t{1} << 40U));
  const bool epoch_times = rng.chance(.08);
  return {epoch_times, rng.chance(.05)};
}

constexpr auto kRoleNames = base::enum_names<Speaker>(
    {{Speaker::Customer, "customer"}, {Speaker::Agent, "agent"}, {Speaker::Bot, "bot"}, {Speaker::System, "system"}});

std::string_view name_of(Speaker speaker, const TaskProfile& profile) {
  if (speaker == Speaker::Customer) return profile.customer_name;
  if (speaker == Speaker::Bot) return "Parcel Bot";
  return speaker == Speaker::Agent && profile.agent ? profile.agent->name : "";
}

void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty())
    json.null();
  else
    json.value(text);
}

void write_participant(JsonWriter& json, const TranscriptSource& source, const GeneratedMessage& message,
                       Spelling spelling) {
  json.key("participant").begin_object();
  if (!message.nameless) {
    write_text_or_null(json, "name", name_of(message.speaker, source.profile));
    json.member("role", spelling.cased(kRoleNames.text_of(message.speaker)));
    const bool is_agent = message.speaker == Speaker::Agent && source.profile.agent;
    write_text_or_null(json, "userId", is_agent ? source.profile.agent->id : "");
  }
  json.end_object();
}

void write_messages(JsonWriter& json, const TranscriptSource& source) {
  const Spelling spelling = spelling_of(source);
  base::SeededRandom rng = series_of(source.seed, Series::Transcript, source.number + (std::uint64_t{2} << 40U));
  json.begin_array();
  int index = 0;
  for (const GeneratedMessage& message : source.messages) {
    const std::uint64_t noise = rng.next();
    json.begin_object();
    json.member("id", fmt::format("msg-{:04}-{:04x}", ++index, noise & 0xFFFFU));
    json.member("aliasId", rng.uuid());
    json.member("direction", spelling.cased(message.speaker == Speaker::Customer ? "inbound" : "outbound"));
    json.member("message", message.text);
    json.key("timestamp");
    if (spelling.epoch_times)
      json.value(base::to_ms(message.sent));
    else
      json.value(base::to_iso8601(message.sent));
    json.member("redacted", message.redacted);
    write_participant(json, source, message, spelling);
    if (noise % 50 == 0) json.key("channelPayload").begin_object().member("quickReplies", false).end_object();
    json.end_object();
  }
  json.end_array();
}

void write_recognition(JsonWriter& json, const TranscriptSource& source, const GeneratedMessage& message) {
  json.begin_object().key("recognitionResult").begin_object();
  json.member("role", message.speaker == Speaker::Customer ? "CALLER" : "AGENT");
  json.key("alternatives").begin_array().begin_object().member("transcript", message.text);
  json.key("words").begin_array();
  std::int64_t offset = (message.sent - source.record.created).count();
  for (const std::string_view word : base::split(message.text, ' ')) {
    if (word.empty()) continue;
    json.begin_object().member("word", word).key("start_time").begin_object();
    json.member("seconds", offset / 1000).member("nanos", offset % 1000 * 1'000'000).end_object().end_object();
    offset += 250;
  }
  json.end_array().end_object().end_array().end_object().end_object();
}

}  // namespace

std::string legacy_file(const TranscriptSource& source) {
  JsonWriter json;
  write_messages(json, source);
  return json.text();
}

std::string versioned_file(const TranscriptSource& source) {
  JsonWriter json;
  json.begin_object().member("schemaVersion", "1.0.0").member("taskId", source.task_id);
  json.key("conversation").begin_object();
  json.member("channelType", kChannelNames.text_of(source.record.channel));
  json.member("startTime", base::to_iso8601(source.record.created)).end_object();
  json.key("messages");
  write_messages(json, source);
  json.end_object();
  return json.text();
}

std::string legacy_voice_file(const TranscriptSource& source) {
  JsonWriter json;
  json.begin_object().member("languageCode", phrase_book(source.profile.language).language_code);
  json.key("responseContents").begin_array();
  for (const bool caller : {true, false})
    for (const GeneratedMessage& message : source.messages)
      if ((message.speaker == Speaker::Customer) == caller) write_recognition(json, source, message);
  json.end_array().end_object();
  return json.text();
}

std::string vcon_file(const TranscriptSource& source) {
  JsonWriter json;
  json.begin_object().member("vcon", "0.0.4").member("uuid", source.task_id);
  json.member("created_at", base::to_iso8601(source.record.ended));
  json.key("parties").begin_array();
  json.begin_object().member("name", source.profile.customer_name).member("role", "customer");
  json.member("tel", source.profile.customer_phone).end_object();
  const std::string_view agent = name_of(Speaker::Agent, source.profile);
  json.begin_object().member("name", agent).member("role", "agent").end_object();
  json.begin_object().member("name", "Parcel Bot").member("role", "bot").end_object();
  json.end_array().key("dialog").begin_array();
  for (const GeneratedMessage& message : source.messages) {
    const int party = message.speaker == Speaker::Customer ? 0 : message.speaker == Speaker::Agent ? 1 : 2;
    json.begin_object().member("type", "text").member("start", base::to_iso8601(message.sent));
    json.member("duration", 2.5).key("parties").begin_array().value(party).end_array().member("originator", party);
    json.member("mimetype", "text/plain").member("body", message.text).member("encoding", "none").end_object();
  }
  json.end_array().end_object();
  return json.text();
}

}  // namespace wxcc::simulator
