// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/json.h"
#include "simulator/cloud/activities.h"
#include "simulator/cloud/graphql.h"
#include "simulator/cloud/search_schema.h"

namespace wxcc::simulator {

enum class SortDirection { Ascending, Descending };

// One field of a validated selection set under "tasks".
struct Selected {
  std::string key;                     // in the response
  const SchemaField* field = nullptr;  // nothing: __typename
  std::string type_name;               // of the object that it belongs to
  std::vector<Selected> members;
  std::optional<SortDirection> sort;
  std::string variable;  // stringGlobalVariables(name: ...)

  // activities(first:, after:)
  struct ActivitySelection {
    std::int64_t first = 25;
    std::optional<std::int64_t> after;
    std::vector<graphql::Field> fields;  // totalCount, nodes, pageInfo; checked
  };
  std::optional<ActivitySelection> activities;
};

struct SortOrder {
  const SchemaField* field;
  SortDirection direction;
};

// What a client wants to know of each task, checked against the schema.
struct Selection {
  std::vector<Selected> fields;
  std::vector<SortOrder> orders;  // in the order of the selection set
  bool has_activities = false;
};

// The error is graphql-java's text (FieldUndefined, SubSelectionRequired, ...).
base::Expected<Selection, std::string> validate_selection(const std::vector<graphql::Field>& fields,
                                                          std::string_view type_name, std::string_view path);

void write_task(base::JsonWriter& json, const Selection& selection, const TaskView& task);
void write_leaf(base::JsonWriter& json, const Leaf& leaf);

}  // namespace wxcc::simulator
