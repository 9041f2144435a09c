// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/selection.h"

#include <algorithm>

#include "simulator/cloud/query_error.h"

namespace wxcc::simulator {
namespace {

using graphql::Field;

class Validator {
 public:
  // `object` is the schema's path of the fields' object, `path` the query's.
  std::vector<Selected> fields(const std::vector<Field>& selections, const std::string& object, const std::string& type,
                               const std::string& path) {
    std::vector<Selected> result;
    for (const Field& field : selections) {
      Selected selected =
          validate(field, object.empty() ? field.name : object + "." + field.name, type, path + "/" + field.name);
      const bool is_repeated =
          std::any_of(result.begin(), result.end(), [&](const Selected& other) { return other.key == selected.key; });
      if (!is_repeated) result.push_back(std::move(selected));
    }
    return result;
  }

  std::optional<SortOrder> order;

 private:
  Selected validate(const Field& field, const std::string& schema_path, const std::string& type,
                    const std::string& path) {
    Selected selected{field.response_key(), schema_path, find_field(schema_path), {}};
    if (selected.field == nullptr && !is_object(schema_path)) throw field_undefined(path, field.name, type);
    for (const graphql::Value& argument : field.arguments) {
      const bool is_sortable = schema_path == "createdTime" || schema_path == "endedTime";
      if (!is_sortable || argument.name != "sort") throw unknown_argument(path, argument.name);
      if (argument.text != "asc" && argument.text != "desc") throw type_mismatch(path, "sort", "SortOrder");
      if (!order)
        order = SortOrder{schema_path == "endedTime" ? TimeComparator::Ended : TimeComparator::Created,
                          argument.text == "asc"};
    }
    if (selected.field != nullptr) {
      if (!field.selections.empty()) throw sub_selection_not_allowed(path, field.name);
      return selected;
    }
    const std::string object_type = type_name_of(schema_path);
    if (field.selections.empty()) throw sub_selection_required(path, object_type, field.name);
    selected.members = fields(field.selections, schema_path, object_type, path);
    return selected;
  }
};

void write_leaf(base::JsonWriter& json, const SchemaField& field, const TaskView& task) {
  const Leaf leaf = value_of(field, task);
  if (const auto* text = std::get_if<std::string>(&leaf)) {
    if (field.kind == FieldKind::Json)
      json.value(base::JsonDocument::parse(*text)->root());
    else
      json.value(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&leaf)) {
    json.value(*number);
  } else if (const auto* flag = std::get_if<bool>(&leaf)) {
    json.value(*flag);
  } else {
    json.null();
  }
}

void write_fields(base::JsonWriter& json, const std::vector<Selected>& fields, const TaskView& task) {
  json.begin_object();
  for (const Selected& selected : fields) {
    json.key(selected.key);
    if (selected.field != nullptr)
      write_leaf(json, *selected.field, task);
    else if (is_null_object(selected.path, task))
      json.null();
    else
      write_fields(json, selected.members, task);
  }
  json.end_object();
}

}  // namespace

Selection validate_selection(const std::vector<Field>& fields, const std::string& type_name, const std::string& path) {
  Validator validator;
  std::vector<Selected> selected = validator.fields(fields, "", type_name, path);
  return {std::move(selected), validator.order};
}

void write_task(base::JsonWriter& json, const Selection& selection, const TaskView& task) {
  write_fields(json, selection.fields, task);
}

}  // namespace wxcc::simulator
