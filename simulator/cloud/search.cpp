// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulator/cloud/graphql.h"
#include "simulator/cloud/query_error.h"
#include "simulator/cloud/search_arguments.h"
#include "simulator/cloud/selection.h"

namespace wxcc::simulator {
namespace {

using graphql::Field;

struct Page {
  std::vector<TaskNumber> tasks;
  bool has_next = false;
};

class Search {
 public:
  Search(const Options& options, const TaskGenerator& tasks, base::Instant now, const SearchArguments& arguments)
      : options_(options), tasks_(tasks), now_(now), arguments_(arguments) {}

  // Without an order: by createdTime, descending.
  [[nodiscard]] Page page(SortOrder order) const {
    Page page;
    const std::size_t skip = arguments_.page * options_.page_size;
    if (arguments_.epoch_seconds_given || skip >= options_.record_cap) return page;
    // One task more than the page reveals a next page.
    const std::size_t end = std::min(skip + options_.page_size, options_.record_cap);
    std::vector<TaskNumber> found = in_order(order, end + 1);
    page.has_next = found.size() > end && end < options_.record_cap;
    found.resize(std::min(found.size(), end));
    if (found.size() > skip) page.tasks.assign(found.begin() + static_cast<std::ptrdiff_t>(skip), found.end());
    return page;
  }

  [[nodiscard]] std::size_t count(const TaskFilter& filter) const {
    if (arguments_.epoch_seconds_given) return 0;
    const auto range = in_range();
    return static_cast<std::size_t>(std::count_if(range.begin(), range.end(), [&](TaskNumber number) {
      return matches(number) && filter(TaskView(options_, tasks_, number, now_));
    }));
  }

 private:
  [[nodiscard]] base::Instant time_of(TaskNumber number, TimeComparator by) const {
    const TaskRecord& task = tasks_.record(number);
    return by == TimeComparator::Ended ? task.ended : task.created;
  }

  [[nodiscard]] std::span<const TaskNumber> in_range() const {
    const TimeComparator by = arguments_.comparator;
    const auto& index = by == TimeComparator::Ended ? tasks_.by_ended() : tasks_.by_created();
    const auto begin = std::lower_bound(index.begin(), index.end(), arguments_.from,
                                        [&](TaskNumber number, base::Instant at) { return time_of(number, by) < at; });
    const auto end = std::upper_bound(begin, index.end(), arguments_.to,
                                      [&](base::Instant at, TaskNumber number) { return at < time_of(number, by); });
    return {begin, end};
  }

  [[nodiscard]] bool matches(TaskNumber number) const {
    const TaskView task(options_, tasks_, number, now_);
    if (task.visibility() == SearchVisibility::NotCreated) return false;
    if (arguments_.comparator == TimeComparator::Ended && !task.has_ended()) return false;
    return arguments_.filter(task);
  }

  // The first matching tasks. The index of the compared time has this order already; otherwise all matches are sorted.
  [[nodiscard]] std::vector<TaskNumber> in_order(SortOrder order, std::size_t count) const {
    const auto range = in_range();
    const bool is_indexed = order.by == arguments_.comparator;
    std::vector<TaskNumber> found;
    for (std::size_t i = 0; i < range.size() && (!is_indexed || found.size() < count); ++i) {
      const TaskNumber number = order.ascending ? range[i] : range[range.size() - 1 - i];
      if (matches(number)) found.push_back(number);
    }
    if (!is_indexed)
      std::stable_sort(found.begin(), found.end(), [&](TaskNumber a, TaskNumber b) {
        return order.ascending ? time_of(a, order.by) < time_of(b, order.by)
                               : time_of(b, order.by) < time_of(a, order.by);
      });
    return found;
  }

  const Options& options_;
  const TaskGenerator& tasks_;
  base::Instant now_;
  const SearchArguments& arguments_;
};

void check_names(const std::vector<Field>& fields, std::initializer_list<std::string_view> known, std::string_view type,
                 const std::string& path) {
  for (const Field& field : fields) {
    const std::string inner = path + "/" + field.name;
    if (std::find(known.begin(), known.end(), field.name) == known.end())
      throw field_undefined(inner, field.name, type);
    if (!field.arguments.empty()) throw unknown_argument(inner, field.arguments.front().name);
  }
}

// Checks the query and writes the response in one pass.
class Execution {
 public:
  Execution(const Options& options, const TaskGenerator& tasks, base::Instant now)
      : options_(options), tasks_(tasks), now_(now) {}

  std::string run(const std::vector<Field>& roots) {
    json_.begin_object().key("data").begin_object();
    for (const Field& root : roots) write_root(root);
    json_.end_object();
    if (options_.extra_members) json_.key("extensions").begin_object().member("servedBy", "simulator").end_object();
    json_.end_object();
    return json_.text();
  }

 private:
  void write_root(const Field& root) {
    if (root.name == "__schema" || root.name == "__type")
      throw QueryError("Introspection has been disabled for this request");
    if (root.name != "task" && root.name != "taskDetails") throw field_undefined(root.name, root.name, "Query");
    const std::string type = root.name == "task" ? "Task" : "TaskDetails";
    if (root.selections.empty()) throw sub_selection_required(root.name, type + "List", root.name);
    check_names(root.selections, {"tasks", "pageInfo", "intervalInfo"}, type + "List", root.name);
    const Field* tasks = nullptr;
    for (const Field& part : root.selections) {
      if (part.selections.empty()) throw sub_selection_required(root.name + "/" + part.name, type, part.name);
      if (part.name == "tasks") tasks = &part;
    }
    const graphql::Value* aggregations = root.find("aggregations");
    const bool counts = aggregations != nullptr && !aggregations->items.empty();
    Selection selection;
    if (tasks != nullptr && counts) check_names(tasks->selections, {"aggregation"}, type, root.name + "/tasks");
    if (tasks != nullptr && !counts) selection = validate_selection(tasks->selections, type, root.name + "/tasks");
    const SearchArguments arguments = read_arguments(root, options_, now_);

    const Search search(options_, tasks_, now_, arguments);
    const Page page = counts ? Page{} : search.page(selection.order.value_or(SortOrder{}));
    json_.key(root.response_key()).begin_object();
    for (const Field& part : root.selections) {
      json_.key(part.response_key());
      if (part.name == "intervalInfo") {
        json_.null();
      } else if (part.name == "pageInfo") {
        write_page_info(part, page, cursor_of(arguments.page + 1, options_), root.name);
      } else {
        json_.begin_array();
        if (counts) write_counts(part, search, arguments.counts);
        for (const TaskNumber number : page.tasks)
          write_task(json_, selection, TaskView(options_, tasks_, number, now_));
        json_.end_array();
      }
    }
    json_.end_object();
  }

  void write_page_info(const Field& part, const Page& page, const std::string& next, const std::string& path) {
    check_names(part.selections, {"hasNextPage", "endCursor"}, "PageInfo", path + "/pageInfo");
    json_.begin_object();
    for (const Field& field : part.selections) {
      json_.key(field.response_key());
      if (field.name == "hasNextPage")
        json_.value(page.has_next);
      else if (page.has_next)
        json_.value(next);
      else
        json_.null();
    }
    json_.end_object();
  }

  // One row, since groups are not supported. A value is a Float.
  void write_counts(const Field& part, const Search& search, const std::vector<Count>& counts) {
    json_.begin_object();
    for (const Field& field : part.selections) {
      json_.key(field.response_key()).begin_array();
      for (const Count& count : counts)
        json_.begin_object()
            .member("name", count.name)
            .member("value", static_cast<double>(search.count(count.filter)))
            .end_object();
      json_.end_array();
    }
    json_.end_object();
  }

  const Options& options_;
  const TaskGenerator& tasks_;
  base::Instant now_;
  base::JsonWriter json_;
};

}  // namespace

base::Expected<std::string, std::string> run_search(const Options& options, const TaskGenerator& tasks,
                                                    base::Instant now, base::JsonNode request) {
  const auto query = request["query"].text();
  if (!query) return base::make_unexpected("Invalid request: query is required");
  const base::JsonNode variables = request["variables"];
  if (!variables.is_null() && !variables.is_object())
    return base::make_unexpected("Invalid request: variables should be an object");
  try {
    return Execution(options, tasks, now).run(graphql::parse(*query, variables));
  } catch (const QueryError& error) {
    return base::make_unexpected(error.what());
  }
}

}  // namespace wxcc::simulator
