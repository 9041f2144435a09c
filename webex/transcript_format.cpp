// SPDX-License-Identifier: Apache-2.0
#include "webex/transcript_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/json_text.h"
#include "base/text.h"
#include "webex/json_values.h"

namespace wxcc::webex {
namespace {

using base::Instant;
using base::JsonNode;
using model::Conversation;
using model::Message;
using model::Participant;

// The first of these members that is not null.
JsonNode first_of(JsonNode object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const JsonNode found = object.find_ignore_case(name); !found.is_null()) return found;
  return {};
}

std::string untrimmed_text(JsonNode node) {
  return node.scalar_text().value_or("");
}

std::string parse_lower(JsonNode node) {
  return base::to_lower(parse_text(node));
}

// Rich content is an object or a list in some layouts; the text of its text member, else its JSON.
std::string message_text(JsonNode node) {
  if (const auto text = node.scalar_text()) return *text;
  if (node.is_null()) return {};
  const JsonNode text = first_of(node, {"text", "message", "body", "content"});
  return text.is_string() ? untrimmed_text(text) : node.to_json();
}

// Participants in order of their first appearance.
std::size_t index_of(Conversation& conversation, const Participant& participant) {
  auto& all = conversation.participants;
  const auto found = std::find(all.begin(), all.end(), participant);
  if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
  all.push_back(participant);
  return all.size() - 1;
}

class TranscriptParser {
 public:
  TranscriptParser(const base::JsonDocument& document, std::optional<Instant> voice_start)
      : document_(document), voice_start_(voice_start) {}

  ParsedTranscript run() {
    const JsonNode root = document_.root();
    if (root.is_array()) {
      digital(root, "digital");
    } else if (root.find_ignore_case("dialog").is_array() && root.find_ignore_case("parties").is_array()) {
      vcon(root);
    } else if (root.find_ignore_case("responseContents").is_array()) {
      voice(root.find_ignore_case("responseContents"));
    } else if (const JsonNode messages = message_array(root, 3); messages.exists()) {
      digital(messages, "digital-versioned");
    } else {
      return {std::nullopt, fmt::format("$: unknown transcript layout: {}", root.kind())};
    }
    return {std::move(conversation_), std::move(error_)};
  }

 private:
  void add_warning(JsonNode node, std::string_view expected) {
    if (error_.empty())
      error_ = fmt::format("{}: expected {}, found {}", document_.path_of(node), expected, node.kind());
  }

  static JsonNode message_array(JsonNode node, int depth) {
    constexpr std::array<std::string_view, 6> kNames = {"messages",     "transcript", "entries",
                                                        "conversation", "data",       "transcripts"};
    for (const std::string_view name : kNames)
      if (const JsonNode found = node.find_ignore_case(name); found.is_array()) return found;
    if (depth == 0) return {};
    for (const std::string_view name : kNames)
      if (const JsonNode found = message_array(node.find_ignore_case(name), depth - 1); found.exists()) return found;
    return {};
  }

  void digital(JsonNode entries, std::string_view format) {
    conversation_.format = format;
    for (const JsonNode entry : entries) {
      if (!entry.is_object()) {
        add_warning(entry, "an object");
        continue;
      }
      const JsonNode sender = first_of(entry, {"participant", "sender", "from", "author"});
      const JsonNode participant_node = sender.is_object() ? sender : entry;
      Participant participant{
          untrimmed_text(first_of(participant_node, {"name", "displayName", "participantName", "senderName"})),
          parse_lower(first_of(participant_node, {"role", "participantRole", "senderType", "type"})),
          untrimmed_text(first_of(participant_node, {"userId", "participantId", "senderId"}))};
      if (sender.is_string()) participant.name = untrimmed_text(sender);
      Message message;
      message.message_id = untrimmed_text(first_of(entry, {"id", "messageId"}));
      message.alias_id = untrimmed_text(first_of(entry, {"aliasId"}));
      if (message.alias_id.empty()) message.alias_id = untrimmed_text(participant_node.find_ignore_case("aliasId"));
      message.sent =
          parse_timestamp(first_of(entry, {"timestamp", "sentAt", "createdAt", "createdTime", "time", "date"}));
      message.direction = parse_lower(first_of(entry, {"direction", "messageDirection"}));
      message.text = message_text(first_of(entry, {"message", "text", "body", "content"}));
      message.redacted = parse_bool(entry.find_ignore_case("redacted"));
      message.participant = index_of(conversation_, participant);
      conversation_.messages.push_back(std::move(message));
    }
    sort_if_all_have_times();
  }

  void voice(JsonNode contents) {
    conversation_.format = "voice";
    for (const JsonNode content : contents) {
      const JsonNode result = content.find_ignore_case("recognitionResult");
      const JsonNode alternatives = result.find_ignore_case("alternatives");
      if (!alternatives.is_array() || alternatives.size() == 0) {
        if (!result.is_object()) add_warning(content, "an object with a recognitionResult");
        continue;
      }
      const JsonNode best = alternatives.at(0);
      const std::string role = parse_lower(result.find_ignore_case("role"));
      Message message;
      message.text = untrimmed_text(best.find_ignore_case("transcript"));
      message.direction = role == "caller" ? "inbound" : "outbound";
      if (const auto offset = first_word_offset(best); offset && voice_start_) message.sent = *voice_start_ + *offset;
      message.participant = index_of(conversation_, Participant{"", role == "caller" ? "customer" : role, ""});
      conversation_.messages.push_back(std::move(message));
    }
    // Results come grouped by role; the earlier statement has the smaller offset.
    sort_by_time();
  }

  void sort_by_time() {
    std::stable_sort(conversation_.messages.begin(), conversation_.messages.end(),
                     [](const Message& a, const Message& b) { return a.sent < b.sent; });
  }

  // No document promises an order; with a message without a time, the given order is the only one.
  void sort_if_all_have_times() {
    const auto& messages = conversation_.messages;
    if (std::all_of(messages.begin(), messages.end(), [](const Message& each) { return each.sent.has_value(); }))
      sort_by_time();
  }

  static std::optional<base::Millis> first_word_offset(JsonNode alternative) {
    const JsonNode words = alternative.find_ignore_case("words");
    if (!words.is_array() || words.size() == 0) return std::nullopt;
    const JsonNode start = first_of(words.at(0), {"start_time", "startTime"});
    const auto seconds = start.find_ignore_case("seconds").integer();
    const auto nanos = start.find_ignore_case("nanos").integer().value_or(0);
    constexpr std::int64_t kMaxCallSeconds = 1'000'000;
    if (!seconds || *seconds < 0 || *seconds > kMaxCallSeconds) return base::Millis{nanos / 1'000'000};
    return base::Millis{*seconds * 1000 + nanos / 1'000'000};
  }

  void vcon(JsonNode root) {
    conversation_.format = "vcon";
    std::vector<Participant> parties;
    for (const JsonNode party : root.find_ignore_case("parties"))
      parties.push_back({untrimmed_text(first_of(party, {"name", "mailto", "tel"})),
                         parse_lower(party.find_ignore_case("role")),
                         untrimmed_text(first_of(party, {"userId", "uuid"}))});
    for (const JsonNode dialog : root.find_ignore_case("dialog")) {
      if (!dialog.is_object()) {
        add_warning(dialog, "an object");
        continue;
      }
      if (parse_lower(dialog.find_ignore_case("type")) != "text") continue;  // recordings, transfers
      Message message;
      message.message_id = untrimmed_text(first_of(dialog, {"message_id", "uuid", "id"}));
      message.sent = parse_timestamp(dialog.find_ignore_case("start"));
      message.text = vcon_body(dialog);
      const auto speaker = originator(dialog);
      const Participant participant = speaker && *speaker < parties.size() ? parties[*speaker] : Participant{};
      if (!participant.role.empty()) message.direction = participant.role == "customer" ? "inbound" : "outbound";
      message.participant = index_of(conversation_, participant);
      conversation_.messages.push_back(std::move(message));
    }
    sort_if_all_have_times();
  }

  std::string vcon_body(JsonNode dialog) {
    const JsonNode body = dialog.find_ignore_case("body");
    if (parse_lower(dialog.find_ignore_case("encoding")) != "base64url") return message_text(body);
    if (auto decoded = base::from_base64url(untrimmed_text(body))) return base::repair_utf8(*decoded);
    add_warning(body, "base64url");
    return {};
  }

  // draft-ietf-vcon: originator is an index; else the first of parties, which is an index or a list of them.
  static std::optional<std::size_t> originator(JsonNode dialog) {
    JsonNode index = dialog.find_ignore_case("originator");
    if (index.is_null()) index = dialog.find_ignore_case("parties");
    if (index.is_array()) index = index.size() > 0 ? index.at(0) : JsonNode();
    const auto number = index.integer();
    return number && *number >= 0 ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
  }

  const base::JsonDocument& document_;
  std::optional<Instant> voice_start_;
  Conversation conversation_;
  std::string error_;
};

}  // namespace

ParsedTranscript parse_transcript(std::string_view bytes, std::optional<Instant> voice_start) {
  auto document = base::JsonDocument::parse(bytes);
  std::string repaired;
  const bool ill_formed = !document && document.error().encoding;
  if (ill_formed) {
    repaired = base::repair_json(bytes);
    document = base::JsonDocument::parse(repaired);
  }
  if (!document) return {std::nullopt, "not JSON: " + document.error().message};
  ParsedTranscript parsed = TranscriptParser(*document, voice_start).run();
  if (ill_formed && parsed.error.empty()) parsed.error = "ill-formed text was replaced by U+FFFD";
  return parsed;
}

}  // namespace wxcc::webex
