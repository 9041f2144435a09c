// SPDX-License-Identifier: Apache-2.0
#include "webex/search_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"

namespace wxcc::webex {
namespace {

// Without these there is no archive; a tenant that refuses them is refused itself.
constexpr std::array<std::string_view, 5> kEssential = {"id", "isActive", "channelType", "createdTime", "endedTime"};

// Members of one object stand together.
constexpr std::array<std::string_view, 48> kFields = {"id",
                                                      "isActive",
                                                      "channelType",
                                                      "createdTime",
                                                      "endedTime",
                                                      "status",
                                                      "channelSubType",
                                                      "direction",
                                                      "origin",
                                                      "destination",
                                                      "lastActivityTime",
                                                      "totalDuration",
                                                      "connectedDuration",
                                                      "queueDuration",
                                                      "wrapupDuration",
                                                      "customer.name",
                                                      "customer.email",
                                                      "customer.phoneNumber",
                                                      "owner.id",
                                                      "owner.name",
                                                      "lastAgent.id",
                                                      "lastAgent.name",
                                                      "lastQueue.id",
                                                      "lastQueue.name",
                                                      "lastTeam.id",
                                                      "lastTeam.name",
                                                      "lastSite.id",
                                                      "lastSite.name",
                                                      "lastEntryPoint.id",
                                                      "lastEntryPoint.name",
                                                      "lastWrapUpCodeId",
                                                      "lastWrapupCodeName",
                                                      "terminationType",
                                                      "terminationReason",
                                                      "terminatingEnd",
                                                      "contactReason",
                                                      "contactHandleType",
                                                      "abandonedType",
                                                      "csatScore",
                                                      "autoCsat",
                                                      "captureRequested",
                                                      "isTranscriptionAvailable",
                                                      "transferCount",
                                                      "queueCount",
                                                      "isContactHandled",
                                                      "topicName",
                                                      "contactDriver",
                                                      "botName"};

std::string_view object_of(std::string_view field) {
  const auto dot = field.find('.');
  return dot == std::string_view::npos ? std::string_view() : field.substr(0, dot);
}

std::string_view leaf_of(std::string_view field) {
  return field.substr(field.rfind('.') + 1);
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The word, not as a part of a longer one.
bool names_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if ((at == 0 || !is_word_character(text[at - 1])) && (after == text.size() || !is_word_character(text[after])))
      return true;
  }
  return false;
}

// graphql-java: "Validation error (FieldUndefined@[taskDetails/tasks/lastQueue/name]) : Field 'name' in type ... is
// undefined". Where a path stands it decides; else a quoted name does.
bool names_field(std::string_view refusal, std::string_view field) {
  const std::string_view object = object_of(field);
  const std::string path = fmt::format("tasks/{}{}{}", object, object.empty() ? "" : "/", leaf_of(field));
  if (names_word(refusal, path)) return true;
  if (refusal.find("tasks/") != std::string_view::npos)
    return !object.empty() && names_word(refusal, fmt::format("tasks/{}]", object));
  const std::string_view top = object.empty() ? field : object;
  return names_word(refusal, fmt::format("'{}'", top)) || names_word(refusal, fmt::format("\"{}\"", top)) ||
         (!object.empty() && leaf_of(field) != "id" && leaf_of(field) != "name" &&
          names_word(refusal, fmt::format("'{}'", leaf_of(field))));
}

std::string channel_filter(const std::vector<std::string>& channels) {
  if (channels.size() == 1) return fmt::format("channelType: {{ equals: {} }}", channels.front());
  std::string alternatives;
  for (const std::string& channel : channels)
    alternatives += fmt::format("{}{{ channelType: {{ equals: {} }} }}", alternatives.empty() ? "" : ", ", channel);
  return fmt::format("or: [ {} ]", alternatives);
}

}  // namespace

FieldList::FieldList() {
  restore();
}

void FieldList::restore() {
  fields_.assign(kFields.begin(), kFields.end());
  dropped_.clear();
}

bool FieldList::drop_undefined(std::string_view refusal) {
  std::vector<std::string> kept;
  bool any = false;
  for (std::string& field : fields_) {
    const bool essential = std::find(kEssential.begin(), kEssential.end(), field) != kEssential.end();
    if (!essential && names_field(refusal, field)) {
      dropped_.push_back(std::move(field));
      any = true;
    } else {
      kept.push_back(std::move(field));
    }
  }
  fields_ = std::move(kept);
  return any;
}

std::string FieldList::selection(TimeComparator sorted_by) const {
  const std::string_view sorted = sorted_by == TimeComparator::EndedTime ? "endedTime" : "createdTime";
  std::string text;
  std::string_view open;
  for (const std::string& field : fields_) {
    const std::string_view object = object_of(field);
    if (object != open) {
      if (!open.empty()) text += " }";
      if (!object.empty()) text += fmt::format(" {} {{", object);
      open = object;
    }
    text += ' ';
    text += leaf_of(field);
    if (field == sorted) text += "(sort: asc)";
  }
  if (!open.empty()) text += " }";
  return text.substr(1);
}

std::string search_body(const SearchRequest& request, const FieldList& fields) {
  const std::string query = fmt::format(
      "query Tasks($from: Long!, $to: Long!, $cursor: String) {{ taskDetails(from: $from, to: $to, timeComparator: {}, "
      "filter: {{ {} }}, pagination: {{ cursor: $cursor }}) {{ tasks {{ {} }} pageInfo {{ hasNextPage endCursor }} }} "
      "}}",
      request.by == TimeComparator::EndedTime ? "endedTime" : "createdTime", channel_filter(request.channels),
      fields.selection(request.by));
  base::JsonWriter body;
  body.begin_object().member("query", std::string_view(query));
  body.key("variables").begin_object();
  body.member("from", base::to_ms(request.range.from)).member("to", base::to_ms(request.range.to));
  body.member("cursor", request.cursor.empty() ? std::string_view("NA") : std::string_view(request.cursor));
  body.end_object().end_object();
  return body.text();
}

bool is_channel_literal(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_word_character) &&
         !(text.front() >= '0' && text.front() <= '9');
}

}  // namespace wxcc::webex
