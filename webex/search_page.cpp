// SPDX-License-Identifier: Apache-2.0
#include "webex/search_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "webex/error_response.h"
#include "webex/values.h"

namespace wxcc::webex {
namespace {

using base::JsonNode;

// Members that have a place of their own in model::Task; all others go to other_members.
constexpr std::array<std::string_view, 31> kPlaced = {"id",
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
                                                      "customer",
                                                      "owner",
                                                      "lastAgent",
                                                      "lastQueue",
                                                      "lastTeam",
                                                      "lastSite",
                                                      "lastEntryPoint",
                                                      "lastWrapUpCodeId",
                                                      "lastWrapupCodeName",
                                                      "terminationType",
                                                      "terminationReason",
                                                      "terminatingEnd",
                                                      "contactReason",
                                                      "csatScore",
                                                      "__typename",
                                                      "typename"};

std::string text_in(JsonNode node) {
  return std::string(base::trim(node.scalar_text().value_or("")));
}

std::optional<base::Millis> duration_in(JsonNode node) {
  const auto ms = node.integer();
  return ms && *ms >= 0 ? std::optional(base::Millis{*ms}) : std::nullopt;
}

model::NamedEntity reference_in(JsonNode node) {
  return {text_in(node["id"]), text_in(node["name"])};
}

std::string others_in(JsonNode node) {
  base::JsonWriter writer;
  writer.begin_object();
  bool any = false;
  for (std::size_t i = 0; i < node.size(); ++i) {
    const std::string_view name = node.name_at(i);
    if (node.at(i).is_null() || std::find(kPlaced.begin(), kPlaced.end(), name) != kPlaced.end()) continue;
    writer.key(name).value(node.at(i));
    any = true;
  }
  writer.end_object();
  return any ? writer.text() : std::string();
}

model::Task task_in(JsonNode node) {
  model::Task task;
  task.id = text_in(node["id"]);
  task.channel = text_in(node["channelType"]);
  task.channel_subtype = text_in(node["channelSubType"]);
  task.status = text_in(node["status"]);
  task.is_active = truth_in(node["isActive"]).value_or(false);
  task.direction = base::to_lower(text_in(node["direction"]));
  task.origin = text_in(node["origin"]);
  task.destination = text_in(node["destination"]);
  task.created = instant_in(node["createdTime"]);
  task.ended = instant_in(node["endedTime"]);
  task.last_activity = instant_in(node["lastActivityTime"]);
  task.duration = duration_in(node["totalDuration"]);
  task.connected_duration = duration_in(node["connectedDuration"]);
  task.queue_duration = duration_in(node["queueDuration"]);
  task.wrapup_duration = duration_in(node["wrapupDuration"]);
  task.queue = reference_in(node["lastQueue"]);
  task.team = reference_in(node["lastTeam"]);
  task.site = reference_in(node["lastSite"]);
  task.entry_point = reference_in(node["lastEntryPoint"]);
  task.agent = reference_in(node["lastAgent"]);
  if (task.agent.id.empty()) task.agent = reference_in(node["owner"]);
  const JsonNode customer = node["customer"];
  task.customer = {text_in(customer["name"]), text_in(customer["email"]), text_in(customer["phoneNumber"])};
  task.wrapup_code_id = text_in(node["lastWrapUpCodeId"]);
  task.wrapup_code = text_in(node["lastWrapupCodeName"]);
  task.termination_type = text_in(node["terminationType"]);
  task.termination_reason = text_in(node["terminationReason"]);
  task.terminating_end = text_in(node["terminatingEnd"]);
  task.contact_reason = text_in(node["contactReason"]);
  task.csat_score = node["csatScore"].integer();
  task.other_members = others_in(node);
  return task;
}

// A damaged member where that would cost the task its place in the archive, or its queue.
std::string doubt_about(const base::JsonDocument& document, JsonNode task) {
  for (const char* name : {"id", "createdTime", "endedTime", "isActive", "channelType"})
    if (const JsonNode node = task[name]; node.is_object() || node.is_array())
      return fmt::format("{}: a scalar expected, found {}", document.path_of(node), node.kind());
  if (!task["endedTime"].exists()) return fmt::format("{}: no endedTime", document.path_of(task));
  const JsonNode queue = task["lastQueue"];
  const bool none = queue.is_null() || (queue.is_string() && text_in(queue).empty());
  if (!none && !queue.is_object())
    return fmt::format("{}: an object expected, found {}", document.path_of(queue), queue.kind());
  return {};
}

// The root is asked for by name; an answer under the older root's name is as good.
JsonNode result_in(JsonNode root) {
  const JsonNode data = root["data"];
  return data["taskDetails"].is_object() ? data["taskDetails"] : data["task"];
}

bool says_something(JsonNode errors) {
  return errors.size() > 0 || !text_in(errors).empty();
}

// Without hasNextPage a cursor says that there is more, and null that there is not; but an empty page ends any paging.
// Nothing when neither member can be read.
std::optional<bool> has_next_in(JsonNode info, const SearchPage& page, bool empty) {
  if (const auto said = truth_in(info["hasNextPage"])) return said;
  if (!info["hasNextPage"].is_null()) return std::nullopt;
  if (!page.end_cursor.empty()) return !empty;
  return info["endCursor"].exists() ? std::optional(false) : std::nullopt;
}

}  // namespace

base::Expected<SearchPage, PageError> parse_search_page(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  if (!document) return base::make_unexpected(PageError{"the answer is not JSON: " + document.error().message});
  const JsonNode root = document->root();
  const JsonNode result = result_in(root);
  const JsonNode tasks = result["tasks"];
  const bool errors = says_something(root["errors"]) || says_something(root["error"]);
  // Errors beside no tasks at all: nothing tells this list from a full one that was lost.
  if (errors && tasks.size() == 0) return base::make_unexpected(PageError{describe_error_body(body), true});
  const bool none = result.is_object() && tasks.is_null();
  if (!tasks.is_array() && !none)
    return base::make_unexpected(
        PageError{fmt::format("expected an array at $.data.taskDetails.tasks, found {}", tasks.kind())});
  SearchPage page;
  page.tasks.reserve(tasks.size());
  for (const JsonNode node : tasks) {
    model::Task task = task_in(node);
    if (task.id.empty())
      page.problems.push_back(fmt::format("{}: a task without an id", document->path_of(node)));
    else
      page.tasks.push_back(std::move(task));
    if (page.doubt.empty()) page.doubt = page.problems.empty() ? doubt_about(*document, node) : page.problems.front();
  }
  const JsonNode info = result["pageInfo"];
  page.end_cursor = info["endCursor"].scalar_text().value_or("");
  const auto has_next = has_next_in(info, page, tasks.size() == 0);
  if (errors && page.doubt.empty()) page.doubt = "it has errors beside the tasks: " + describe_error_body(body);
  if (!has_next) {
    page.doubt = "$.data.taskDetails.pageInfo does not say whether there is a next page";
    page.end_cursor.clear();
  }
  // Of a page that says nothing at all, an empty list is the end for a cloud that leaves out pageInfo there.
  const bool end = tasks.is_array() && tasks.size() == 0 && info["hasNextPage"].is_null();
  page.has_next = has_next.value_or(!end);
  return page;
}

}  // namespace wxcc::webex
