// SPDX-License-Identifier: Apache-2.0
#include "webex/search_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "model/task_fields.h"

namespace wxcc::webex {
namespace {

using model::Necessity;

std::string_view object_of(std::string_view field) {
  const auto dot = field.find('.');
  return dot == std::string_view::npos ? std::string_view() : field.substr(0, dot);
}

std::string_view leaf_of(std::string_view field) {
  return field.substr(field.rfind('.') + 1);
}

bool is_word_character(char c) {
  return base::is_alphanumeric(c) || c == '_';
}

// As a word, not as a part of a longer one.
bool contains_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if ((at == 0 || !is_word_character(text[at - 1])) && (after == text.size() || !is_word_character(text[after])))
      return true;
  }
  return false;
}

// graphql-java: "Validation error (FieldUndefined@[taskDetails/tasks/lastQueue/name]) : Field 'name' in type ... is
// undefined". Where a path stands it decides; else a quoted name does.
bool error_names_field(std::string_view error, std::string_view field) {
  const std::string_view object = object_of(field);
  const std::string path = fmt::format("tasks/{}{}{}", object, object.empty() ? "" : "/", leaf_of(field));
  if (contains_word(error, path)) return true;
  if (error.find("tasks/") != std::string_view::npos)
    return !object.empty() && contains_word(error, fmt::format("tasks/{}]", object));
  const std::string_view top = object.empty() ? field : object;
  return contains_word(error, fmt::format("'{}'", top)) || contains_word(error, fmt::format("\"{}\"", top)) ||
         (!object.empty() && leaf_of(field) != "id" && leaf_of(field) != "name" &&
          contains_word(error, fmt::format("'{}'", leaf_of(field))));
}

std::string channel_filter(const std::vector<std::string>& channels) {
  if (channels.size() == 1) return fmt::format("channelType: {{ equals: {} }}", channels.front());
  std::string alternatives;
  for (const std::string& channel : channels)
    alternatives += fmt::format("{}{{ channelType: {{ equals: {} }} }}", alternatives.empty() ? "" : ", ", channel);
  return fmt::format("or: [ {} ]", alternatives);
}

// "FieldUndefined: autoCsat": the one optional field or object that occurs as a bare word; empty when none does, or
// several do. "id" and "name" alone could be any object's.
std::string_view find_single_named_field(std::string_view error, const std::vector<RequestedField>& fields) {
  std::string_view found;
  for (const RequestedField& field : fields) {
    if (field.necessity == Necessity::Required) continue;
    const std::string_view object = object_of(field.path);
    const std::string_view leaf = leaf_of(field.path);
    std::string_view word;
    if (!object.empty() && contains_word(error, object))
      word = object;
    else if (leaf != "id" && leaf != "name" && contains_word(error, leaf))
      word = leaf;
    if (word.empty() || word == found) continue;
    if (!found.empty()) return {};
    found = word;
  }
  return found;
}

void add(std::vector<RequestedField>& fields, std::string_view api_name, bool is_entity, Necessity necessity) {
  if (is_entity)
    for (const char* member : {"id", "name"}) fields.push_back({fmt::format("{}.{}", api_name, member), necessity});
  else
    fields.push_back({std::string(api_name), necessity});
}

}  // namespace

FieldList::FieldList() {
  restore();
}

void FieldList::restore() {
  fields_.clear();
  dropped_.clear();
  for (const model::TaskField& field : model::task_fields()) {
    add(fields_, field.api_name, is_entity(field), field.necessity);
    if (!field.fallback_api_name.empty()) add(fields_, field.fallback_api_name, is_entity(field), Necessity::Optional);
  }
}

template <typename Predicate>
bool FieldList::drop(const Predicate& unwanted) {
  const auto first = std::stable_partition(fields_.begin(), fields_.end(), [&](const RequestedField& field) {
    return field.necessity == Necessity::Required || !unwanted(field);
  });
  const bool any = first != fields_.end();
  for (auto field = first; field != fields_.end(); ++field) dropped_.push_back(std::move(field->path));
  fields_.erase(first, fields_.end());
  return any;
}

bool FieldList::drop_undefined(std::string_view error) {
  if (drop([&](const RequestedField& field) { return error_names_field(error, field.path); })) return true;
  if (!mentions_undefined_field(error)) return false;
  const std::string word(find_single_named_field(error, fields_));
  return !word.empty() && drop([&](const RequestedField& field) {
    return object_of(field.path) == word || leaf_of(field.path) == word;
  });
}

bool FieldList::drop_non_core() {
  return drop([](const RequestedField& field) { return field.necessity == Necessity::Optional; });
}

bool mentions_undefined_field(std::string_view error) {
  return error.find("ndefined") != std::string_view::npos ||
         base::to_lower(error).find("unknown field") != std::string::npos;
}

std::string FieldList::selection(model::TimeField sorted_by) const {
  const std::string_view sorted = sorted_by == model::TimeField::Ended ? "endedTime" : "createdTime";
  std::string text;
  std::string_view open;
  for (const RequestedField& field : fields_) {
    const std::string_view object = object_of(field.path);
    if (object != open) {
      if (!open.empty()) text += " }";
      if (!object.empty()) text += fmt::format(" {} {{", object);
      open = object;
    }
    text += ' ';
    text += leaf_of(field.path);
    if (field.path == sorted) text += "(sort: asc)";
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
  return !text.empty() && std::all_of(text.begin(), text.end(), is_word_character) && !base::is_digit(text.front());
}

}  // namespace wxcc::webex
