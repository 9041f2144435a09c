// SPDX-License-Identifier: Apache-2.0
#include "webex/search_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "base/json.h"
#include "base/text.h"
#include "model/task_fields.h"
#include "webex/error_response.h"
#include "webex/json_values.h"

namespace wxcc::webex {
namespace {

using base::JsonNode;

JsonNode find_member(JsonNode task, std::string_view api_name) {
  const auto dot = api_name.find('.');
  return dot == std::string_view::npos ? task[api_name] : task[api_name.substr(0, dot)][api_name.substr(dot + 1)];
}

void read(JsonNode node, std::string& value) {
  value = parse_text(node);
}
void read(JsonNode node, std::optional<base::Instant>& value) {
  value = parse_timestamp(node);
}
void read(JsonNode node, std::optional<base::Millis>& value) {
  if (const auto ms = node.integer(); ms && *ms >= 0) value = base::Millis{*ms};
}
void read(JsonNode node, std::optional<std::int64_t>& value) {
  value = node.integer();
}
void read(JsonNode node, bool& value) {
  value = parse_bool(node).value_or(false);
}
// Instead of leaving out what is not assigned, the API also sends null, "" and the literal "NA".
void read(JsonNode node, model::NamedEntity& value) {
  constexpr std::string_view kNone = "NA";
  value = {parse_text(node["id"]), parse_text(node["name"])};
  if (value.id == kNone) value.id.clear();
  if (value.id.empty() && value.name == kNone) value.name.clear();
}

// The fallback takes the place of a value that is missing altogether. A name without an id is a value; of the same
// name, the fallback only adds the id.
template <typename T>
void fill_in(T& value, const T& fallback) {
  if (value == T{}) value = fallback;
}
void fill_in(model::NamedEntity& value, const model::NamedEntity& fallback) {
  if (value.id.empty() && (value.name.empty() || value.name == fallback.name)) value = fallback;
}

// Members whose value becomes a member of model::Task, and GraphQL's own.
bool is_mapped(std::string_view name) {
  if (name == "__typename" || name == "typename") return true;
  const auto fields = model::task_fields();
  return std::any_of(fields.begin(), fields.end(), [&](const model::TaskField& field) {
    if (std::holds_alternative<std::monostate>(field.member)) return false;
    return name == field.api_name.substr(0, field.api_name.find('.')) ||
           (!field.fallback_api_name.empty() && name == field.fallback_api_name);
  });
}

std::string collect_unmapped(JsonNode node) {
  base::JsonWriter writer;
  writer.begin_object();
  bool any = false;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const std::string_view name = node.name_at(i);
    if (node.at(i).is_null() || is_mapped(name)) continue;
    writer.key(name).value(node.at(i));
    any = true;
  }
  writer.end_object();
  return any ? writer.text() : std::string();
}

model::Task parse_task(JsonNode node) {
  model::Task task;
  for (const model::TaskField& field : model::task_fields())
    model::visit_member(field, task, [&](auto& value) {
      read(find_member(node, field.api_name), value);
      if (field.fallback_api_name.empty()) return;
      std::remove_cvref_t<decltype(value)> fallback{};
      read(find_member(node, field.fallback_api_name), fallback);
      fill_in(value, fallback);
    });
  task.direction = base::to_lower(task.direction);  // the API spells it in either case
  task.other_members = collect_unmapped(node);
  return task;
}

// Why the task is suspect: a malformed member that decides whether the task is archived, or its queue.
std::string find_malformed_member(const base::JsonDocument& document, JsonNode task) {
  for (const model::TaskField& field : model::task_fields())
    if (const JsonNode node = task[field.api_name];
        field.necessity == model::Necessity::Required && (node.is_object() || node.is_array()))
      return fmt::format("{}: expected a scalar, found {}", document.path_of(node), node.kind());
  if (!task["endedTime"].exists()) return fmt::format("{}: no endedTime", document.path_of(task));
  const JsonNode queue = task["lastQueue"];
  const bool none = queue.is_null() || (queue.is_string() && parse_text(queue).empty());
  if (!none && !queue.is_object())
    return fmt::format("{}: expected an object, found {}", document.path_of(queue), queue.kind());
  return {};
}

// The root is requested by name; a response under the name of the older root is accepted.
JsonNode search_root(JsonNode root) {
  const JsonNode data = root["data"];
  return data["taskDetails"].is_object() ? data["taskDetails"] : data["task"];
}

bool is_non_empty(JsonNode errors) {
  return errors.size() > 0 || !parse_text(errors).empty();
}

// Without hasNextPage a cursor means that there is more, and null that there is not; but an empty page ends any paging.
// std::nullopt if neither member can be read.
std::optional<bool> parse_has_next(JsonNode info, const SearchPage& page, bool empty) {
  if (const auto flag = parse_bool(info["hasNextPage"])) return flag;
  if (!info["hasNextPage"].is_null()) return std::nullopt;
  if (!page.end_cursor.empty()) return !empty;
  return info["endCursor"].exists() ? std::optional(false) : std::nullopt;
}

}  // namespace

base::Expected<SearchPage, PageError> parse_search_page(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  if (!document) return base::make_unexpected(PageError{"the response is not JSON: " + document.error().message});
  const JsonNode root = document->root();
  const JsonNode result = search_root(root);
  const JsonNode tasks = result["tasks"];
  const bool errors = is_non_empty(root["errors"]) || is_non_empty(root["error"]);
  // With errors, an empty list cannot be distinguished from one that was lost.
  if (errors && tasks.size() == 0) return base::make_unexpected(PageError{describe_error_body(body), true});
  const bool none = result.is_object() && tasks.is_null();
  if (!tasks.is_array() && !none)
    return base::make_unexpected(
        PageError{fmt::format("expected an array at $.data.taskDetails.tasks, found {}", tasks.kind())});
  SearchPage page;
  page.tasks.reserve(tasks.size());
  for (const JsonNode node : tasks) {
    model::Task task = parse_task(node);
    if (task.id.empty())
      page.warnings.push_back(fmt::format("{}: a task has no id", document->path_of(node)));
    else
      page.tasks.push_back(std::move(task));
    if (page.suspect_reason.empty())
      page.suspect_reason = page.warnings.empty() ? find_malformed_member(*document, node) : page.warnings.front();
  }
  const JsonNode info = result["pageInfo"];
  page.end_cursor = info["endCursor"].scalar_text().value_or("");
  const auto has_next = parse_has_next(info, page, tasks.size() == 0);
  if (errors && page.suspect_reason.empty())
    page.suspect_reason = "errors besides the tasks: " + describe_error_body(body);
  if (!has_next) {
    page.suspect_reason = "$.data.taskDetails.pageInfo is unusable: neither hasNextPage nor endCursor is valid";
    page.end_cursor.clear();
  }
  // Without any usable pageInfo an empty list is the end: some tenants omit pageInfo there.
  const bool end = tasks.is_array() && tasks.size() == 0 && info["hasNextPage"].is_null();
  page.has_next = has_next.value_or(!end);
  return page;
}

}  // namespace wxcc::webex
