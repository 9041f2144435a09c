// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "simulator/cloud/task_view.h"

namespace wxcc::simulator {

enum class FieldKind {
  Text,
  ChannelEnum,  // a String in responses, an enum literal in filters
  Long,
  Int,
  Float,
  Boolean,
  Json,  // the leaf is a text that holds JSON
  Object,
  Variable,  // stringGlobalVariables(name: "X") { name value } and its siblings
  Activities,
};

// One field of a task in the search schema. "In" tells where it may stand besides the selection set.
struct SchemaField {
  enum class In { SelectionOnly, Filter, FilterAndSort, Sort };

  std::string_view name;
  FieldKind kind = FieldKind::Text;
  In in = In::Filter;
  Leaf (*leaf)(const TaskView&) = nullptr;
  std::vector<SchemaField> members;               // of an Object
  bool (*is_missing)(const TaskView&) = nullptr;  // of an Object: answered as null as a whole
  std::string_view type_name;                     // of an Object

  [[nodiscard]] bool filterable() const { return in == In::Filter || in == In::FilterAndSort; }
  [[nodiscard]] bool sortable() const { return in == In::FilterAndSort || in == In::Sort; }
};

const std::vector<SchemaField>& task_fields();
const SchemaField* find_field(const std::vector<SchemaField>& fields, std::string_view name);

// GraphQL's name of a leaf's type: "Long", "String".
std::string_view type_name_of(const SchemaField& field);

}  // namespace wxcc::simulator
