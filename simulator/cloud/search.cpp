// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/text.h"
#include "simulator/cloud/graphql.h"
#include "simulator/cloud/graphql_errors.h"
#include "simulator/cloud/graphql_variables.h"
#include "simulator/cloud/search_arguments.h"
#include "simulator/cloud/selection.h"

namespace wxcc::simulator {
namespace {

using graphql::Field;
using Text = base::Expected<std::string, std::string>;

base::unexpected<std::string> error(std::string text) {
  return base::make_unexpected(std::move(text));
}

struct Page {
  std::vector<TaskNumber> tasks;
  bool has_next = false;
};

class Search {
 public:
  Search(const Options& options, const TaskGenerator& generator, base::Instant now, const SearchArguments& arguments,
         const Selection& selection)
      : options_(options), tasks_(generator), now_(now), arguments_(arguments), selection_(selection) {}

  Page run() const {
    Page page;
    if (arguments_.epoch_seconds_given) return page;
    const std::size_t skip = arguments_.page * options_.page_size;
    if (skip >= options_.record_cap) return page;
    // One more than the page tells whether there is a next one.
    const std::size_t end = std::min(skip + options_.page_size, options_.record_cap);
    std::vector<TaskNumber> found = follows_index() ? first_in_order(end + 1) : all_sorted();
    page.has_next = found.size() > end && end < options_.record_cap;
    found.resize(std::min(found.size(), end));
    if (found.size() > skip) page.tasks.assign(found.begin() + static_cast<std::ptrdiff_t>(skip), found.end());
    return page;
  }

 private:
  [[nodiscard]] bool by_ended() const { return arguments_.comparator == TimeComparator::Ended; }

  // True when the index on the compared time already has the wanted order.
  [[nodiscard]] bool follows_index() const {
    if (selection_.orders.empty()) return !by_ended();
    return selection_.orders.front().field->name == (by_ended() ? "endedTime" : "createdTime");
  }
  [[nodiscard]] SortDirection direction() const {
    return selection_.orders.empty() ? SortDirection::Descending : selection_.orders.front().direction;
  }

  [[nodiscard]] base::Instant time_of(TaskNumber number) const {
    const TaskRecord& task = tasks_.record(number);
    return by_ended() ? task.ended : task.created;
  }

  [[nodiscard]] std::span<const TaskNumber> in_range() const {
    const auto& index = by_ended() ? tasks_.by_ended() : tasks_.by_created();
    const auto begin = std::lower_bound(index.begin(), index.end(), arguments_.from,
                                        [&](TaskNumber number, base::Instant at) { return time_of(number) < at; });
    const auto end = std::upper_bound(begin, index.end(), arguments_.to,
                                      [&](base::Instant at, TaskNumber number) { return at < time_of(number); });
    return {begin, end};
  }

  [[nodiscard]] bool matches(TaskNumber number) const {
    const TaskView task(options_, tasks_, number, now_);
    if (task.visibility() == SearchVisibility::NotCreated ||
        (by_ended() && task.visibility() != SearchVisibility::Ended))
      return false;
    return arguments_.filter(task);
  }

  [[nodiscard]] std::vector<TaskNumber> first_in_order(std::size_t count) const {
    std::vector<TaskNumber> found;
    const auto range = in_range();
    const bool ascending = direction() == SortDirection::Ascending;
    for (std::size_t i = 0; i < range.size() && found.size() < count; ++i) {
      const TaskNumber number = ascending ? range[i] : range[range.size() - 1 - i];
      if (matches(number)) found.push_back(number);
    }
    return found;
  }

  [[nodiscard]] std::vector<TaskNumber> all_sorted() const {
    std::vector<SortOrder> orders = selection_.orders;
    if (orders.empty()) orders.push_back({find_field(task_fields(), "createdTime"), SortDirection::Descending});
    struct Row {
      TaskNumber number;
      std::vector<Leaf> keys;
    };
    std::vector<Row> rows;
    for (const TaskNumber number : in_range()) {
      if (!matches(number)) continue;
      const TaskView task(options_, tasks_, number, now_);
      Row row{number, {}};
      for (const SortOrder& order : orders) row.keys.push_back(order.field->leaf(task));
      rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      for (std::size_t i = 0; i < orders.size(); ++i)
        if (a.keys[i] != b.keys[i]) return (a.keys[i] < b.keys[i]) == (orders[i].direction == SortDirection::Ascending);
      return false;
    });
    std::vector<TaskNumber> found;
    found.reserve(rows.size());
    for (const Row& row : rows) found.push_back(row.number);
    return found;
  }

  const Options& options_;
  const TaskGenerator& tasks_;
  base::Instant now_;
  const SearchArguments& arguments_;
  const Selection& selection_;
};

// The parts of a root's selection set: tasks { ... } pageInfo { ... } intervalInfo { ... }.
const std::vector<std::string_view> kPageInfo = {"hasNextPage", "endCursor", "__typename"};
const std::vector<std::string_view> kIntervalInfo = {"interval", "timezone", "__typename"};

const Field* find_part(const Field& root, std::string_view name) {
  for (const Field& part : root.selections)
    if (part.name == name) return &part;
  return nullptr;
}

std::optional<std::string> check_parts(const Field& root, std::string_view list_type) {
  for (const Field& part : root.selections) {
    const std::string path = root.name + "/" + part.name;
    if (part.name == "__typename") continue;
    if (part.name != "tasks" && part.name != "pageInfo" && part.name != "intervalInfo")
      return field_undefined(path, part.name, list_type);
    if (part.selections.empty())
      return sub_selection_required(path, part.name == "tasks" ? "Task" : "PageInfo", part.name);
    if (!part.arguments.empty()) return unknown_argument(path, part.arguments.front().name);
    if (part.name == "tasks") continue;
    const auto& known = part.name == "pageInfo" ? kPageInfo : kIntervalInfo;
    for (const Field& field : part.selections)
      if (std::find(known.begin(), known.end(), field.name) == known.end())
        return field_undefined(path + "/" + field.name, field.name,
                               part.name == "pageInfo" ? "PageInfo" : "IntervalInfo");
  }
  return std::nullopt;
}

void write_page_info(base::JsonWriter& json, const Field& part, const Page& page, const std::string& next) {
  json.begin_object();
  for (const Field& field : part.selections) {
    json.key(field.response_key());
    if (field.name == "__typename")
      json.value("PageInfo");
    else if (field.name == "hasNextPage")
      json.value(page.has_next);
    else if (page.has_next)
      json.value(next);
    else
      json.null();
  }
  json.end_object();
}

class Execution {
 public:
  Execution(const Options& options, const TaskGenerator& generator, base::Instant now)
      : options_(options), tasks_(generator), now_(now) {}

  Text run(const graphql::Operation& operation) {
    json_.begin_object().key("data").begin_object();
    for (const Field& root : operation.selections)
      if (auto problem = response(root)) return error(std::move(*problem));
    json_.end_object();
    if (options_.extra_members) json_.key("extensions").begin_object().member("servedBy", "simulator").end_object();
    json_.end_object();
    return json_.text();
  }

 private:
  std::optional<std::string> response(const Field& root) {
    if (root.name == "__schema" || root.name == "__type") return "Introspection has been disabled for this request";
    if (root.name != "task" && root.name != "taskDetails") return field_undefined(root.name, root.name, "Query");
    const std::string list_type = root.name == "task" ? "TaskList" : "TaskDetailsList";
    if (root.selections.empty()) return sub_selection_required(root.name, list_type, root.name);
    if (auto problem = check_parts(root, list_type)) return problem;
    const Field* tasks = find_part(root, "tasks");
    const auto selection = validate_selection(tasks == nullptr ? std::vector<Field>{} : tasks->selections,
                                              root.name == "task" ? "Task" : "TaskDetails", root.name + "/tasks");
    if (!selection) return selection.error();
    const auto arguments = read_arguments(root, *selection, options_, now_);
    if (!arguments) return arguments.error();
    write(root, list_type, *selection, Search(options_, tasks_, now_, *arguments, *selection).run(),
          cursor_of(arguments->page + 1, options_));
    return std::nullopt;
  }

  void write(const Field& root, const std::string& list_type, const Selection& selection, const Page& page,
             const std::string& next) {
    json_.key(root.response_key()).begin_object();
    for (const Field& part : root.selections) {
      json_.key(part.response_key());
      if (part.name == "__typename") {
        json_.value(list_type);
      } else if (part.name == "pageInfo") {
        write_page_info(json_, part, page, next);
      } else if (part.name == "intervalInfo") {
        json_.null();
      } else {
        json_.begin_array();
        for (const TaskNumber number : page.tasks)
          write_task(json_, selection, TaskView(options_, tasks_, number, now_));
        json_.end_array();
      }
    }
    json_.end_object();
  }

  const Options& options_;
  const TaskGenerator& tasks_;
  base::Instant now_;
  base::JsonWriter json_;
};

base::Expected<graphql::Operation, std::string> choose(graphql::Document document,
                                                       std::optional<std::string_view> name) {
  auto& operations = document.operations;
  if (!name && operations.size() > 1)
    return error("Must provide operation name if query contains multiple operations.");
  const auto chosen =
      std::find_if(operations.begin(), operations.end(), [&](const auto& op) { return !name || op.name == *name; });
  if (chosen == operations.end()) return error(fmt::format("Unknown operation named '{}'.", base::excerpt(*name)));
  if (chosen->kind != "query") return error(fmt::format("Schema is not configured for {}s.", chosen->kind));
  return std::move(*chosen);
}

}  // namespace

Text run_search(const Options& options, const TaskGenerator& generator, base::Instant now, base::JsonNode request) {
  const auto query = request["query"].text();
  if (!query) return error("Invalid request: query is required");
  const base::JsonNode variables = request["variables"];
  if (!variables.is_null() && !variables.is_object()) return error("Invalid request: variables should be an object");
  auto document = graphql::parse(*query);
  if (!document)
    return error(fmt::format("Invalid Syntax : {} at line {} column {}", document.error().message,
                             document.error().at.line, document.error().at.column));
  auto name = request["operationName"].text();
  if (name && name->empty()) name.reset();
  auto operation = choose(std::move(*document), name);
  if (!operation) return error(operation.error());
  auto substituted = graphql::substitute_variables(std::move(*operation), variables);
  if (!substituted) return error(substituted.error());
  return Execution(options, generator, now).run(*substituted);
}

}  // namespace wxcc::simulator
