// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "simulator/cloud/task_view.h"

namespace wxcc::simulator {

enum class FieldKind {
  Text,
  Channel,  // a String in responses, an enum literal in filters
  Long,
  Int,
  Boolean,
  Json,  // the leaf is a text that holds JSON; not for filters
};

// One leaf of a task in the search schema.
struct SchemaField {
  std::string_view path;  // "lastAgent.id"
  FieldKind kind;
  Leaf (*leaf)(const TaskView&) = nullptr;  // nullptr: null for every task
};

// nullptr if no field has this path.
const SchemaField* find_field(std::string_view path);
Leaf value_of(const SchemaField& field, const TaskView& task);

// True if the path is the parent of fields.
bool is_object(std::string_view path);
// True if the object is null for the task.
bool is_null_object(std::string_view path, const TaskView& task);
// "LastAgent" for "lastAgent"; the real names are not published.
std::string type_name_of(std::string_view path);

// False for createdTime and JSON.
bool is_filterable(const SchemaField& field);

}  // namespace wxcc::simulator
