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

// With these an extract still says whose chat it was.
constexpr std::array<std::string_view, 4> kMattering = {"status", "customer", "lastAgent", "lastQueue"};

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

bool is_essential(std::string_view field) {
  return std::find(kEssential.begin(), kEssential.end(), field) != kEssential.end();
}

// "FieldUndefined: autoCsat": the one optional field or object that occurs as a bare word; empty when none does, or
// several do. "id" and "name" alone could be any object's.
std::string_view bare_name_in(std::string_view refusal, const std::vector<std::string>& fields) {
  std::string_view found;
  for (const std::string_view field : fields) {
    if (is_essential(field)) continue;
    const std::string_view object = object_of(field);
    const std::string_view leaf = leaf_of(field);
    std::string_view word;
    if (!object.empty() && names_word(refusal, object))
      word = object;
    else if (leaf != "id" && leaf != "name" && names_word(refusal, leaf))
      word = leaf;
    if (word.empty() || word == found) continue;
    if (!found.empty()) return {};
    found = word;
  }
  return found;
}

}  // namespace

FieldList::FieldList() {
  restore();
}

void FieldList::restore() {
  fields_.assign(kFields.begin(), kFields.end());
  dropped_.clear();
}

template <typename Unwanted>
bool FieldList::drop(const Unwanted& unwanted) {
  const auto first = std::stable_partition(fields_.begin(), fields_.end(), [&](const std::string& field) {
    return is_essential(field) || !unwanted(field);
  });
  const bool any = first != fields_.end();
  dropped_.insert(dropped_.end(), first, fields_.end());
  fields_.erase(first, fields_.end());
  return any;
}

bool FieldList::drop_undefined(std::string_view refusal) {
  if (drop([&](const std::string& field) { return names_field(refusal, field); })) return true;
  if (!speaks_of_fields(refusal)) return false;
  const std::string word(bare_name_in(refusal, fields_));
  return !word.empty() &&
         drop([&](const std::string& field) { return object_of(field) == word || leaf_of(field) == word; });
}

bool FieldList::drop_optional() {
  return drop([](const std::string& field) {
    const std::string_view top = object_of(field).empty() ? std::string_view(field) : object_of(field);
    return std::find(kMattering.begin(), kMattering.end(), top) == kMattering.end();
  });
}

bool speaks_of_fields(std::string_view refusal) {
  return refusal.find("ndefined") != std::string_view::npos ||
         base::to_lower(refusal).find("unknown field") != std::string::npos;
}

std::string FieldList::selection(model::TimeField sorted_by) const {
  const std::string_view sorted = sorted_by == model::TimeField::Ended ? "endedTime" : "createdTime";
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
      request.by == model::TimeField::Ended ? "endedTime" : "createdTime", channel_filter(request.channels),
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
