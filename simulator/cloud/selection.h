// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "simulator/cloud/graphql.h"
#include "simulator/cloud/search_schema.h"

namespace wxcc::simulator {

enum class TimeComparator { Created, Ended };

struct SortOrder {
  TimeComparator by = TimeComparator::Created;
  bool ascending = false;
};

// One field of a validated selection set under "tasks".
struct Selected {
  std::string key;                     // in the response
  std::string path;                    // in the schema
  const SchemaField* field = nullptr;  // nullptr: an object, with members
  std::vector<Selected> members;
};

// The selected fields of each task, validated.
struct Selection {
  std::vector<Selected> fields;
  std::optional<SortOrder> order;  // of createdTime(sort: ...) or endedTime(sort: ...), the first one
};

// Throws QueryError (FieldUndefined, SubSelectionRequired, ...).
Selection validate_selection(const std::vector<graphql::Field>& fields, const std::string& type_name,
                             const std::string& path);

void write_task(base::JsonWriter& json, const Selection& selection, const TaskView& task);

}  // namespace wxcc::simulator
