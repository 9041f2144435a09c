// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/cloud/graphql_errors.h"

namespace wxcc::simulator {
namespace {

using graphql::Field;
using graphql::Value;
using Result = base::Expected<Selected, std::string>;

base::unexpected<std::string> error(std::string text) {
  return base::make_unexpected(std::move(text));
}

const std::vector<std::string_view> kActivityParts = {"totalCount", "nodes", "pageInfo"};
const std::vector<std::string_view> kPageInfoParts = {"hasNextPage", "endCursor"};

// Nothing, or the error that one of the names does not exist in the type.
std::optional<std::string> undefined_among(const std::vector<Field>& fields, const std::vector<std::string_view>& known,
                                           std::string_view type, const std::string& path) {
  for (const Field& field : fields)
    if (std::find(known.begin(), known.end(), field.name) == known.end())
      return field_undefined(path + "/" + field.name, field.name, type);
  return std::nullopt;
}

class Validator {
 public:
  base::Expected<std::vector<Selected>, std::string> fields(const std::vector<Field>& selections,
                                                            const std::vector<SchemaField>& schema,
                                                            std::string_view type, const std::string& path) {
    std::vector<Selected> result;
    for (const Field& field : selections) {
      auto selected = this->field(field, schema, type, path + "/" + field.name);
      if (!selected) return error(selected.error());
      const auto same =
          std::find_if(result.begin(), result.end(), [&](const Selected& other) { return other.key == selected->key; });
      if (same == result.end())
        result.push_back(std::move(*selected));
      else if (same->field != selected->field || same->variable != selected->variable)
        return error(
            fmt::format("Validation error (FieldsConflict@[{}]) : '{}' : they are different fields", path, same->key));
    }
    return result;
  }

  std::vector<SortOrder> orders;
  bool has_activities = false;

 private:
  Result field(const Field& field, const std::vector<SchemaField>& schema, std::string_view type,
               const std::string& path) {
    Selected selected;
    selected.key = field.response_key();
    selected.type_name = type;
    if (field.name == "__typename") return selected;
    selected.field = find_field(schema, field.name);
    if (selected.field == nullptr) return error(field_undefined(path, field.name, type));
    const SchemaField& known = *selected.field;
    const bool composite =
        known.kind == FieldKind::Object || known.kind == FieldKind::Variable || known.kind == FieldKind::Activities;
    if (composite && field.selections.empty())
      return error(sub_selection_required(path, type_name_of(known), field.name));
    if (!composite && !field.selections.empty())
      return error(sub_selection_not_allowed(path, type_name_of(known), field.name));
    if (known.kind == FieldKind::Activities) return activities(field, std::move(selected), path);
    if (auto problem = arguments(field, selected, path)) return error(std::move(*problem));
    if (known.kind == FieldKind::Variable) return variable(field, std::move(selected), path);
    if (known.kind == FieldKind::Object) {
      auto members = fields(field.selections, known.members, known.type_name, path);
      if (!members) return error(members.error());
      selected.members = std::move(*members);
    }
    return selected;
  }

  std::optional<std::string> arguments(const Field& field, Selected& selected, const std::string& path) {
    for (const auto& argument : field.arguments) {
      if (argument.name == "sort" && selected.field->sortable()) {
        if (argument.value.text != "asc" && argument.value.text != "desc") return wrong_type(path, "sort", "SortOrder");
        selected.sort = argument.value.text == "asc" ? SortDirection::Ascending : SortDirection::Descending;
        orders.push_back({selected.field, *selected.sort});
      } else if (argument.name == "name" && selected.field->kind == FieldKind::Variable) {
        if (argument.value.kind != Value::Kind::String) return wrong_type(path, "name", "String");
        selected.variable = argument.value.text;
      } else {
        return unknown_argument(path, argument.name);
      }
    }
    if (selected.field->kind == FieldKind::Variable && selected.variable.empty()) return missing_argument(path, "name");
    return std::nullopt;
  }

  Result variable(const Field& field, Selected selected, const std::string& path) {
    if (auto problem = undefined_among(field.selections, {"name", "value"}, "GlobalVariable", path))
      return error(std::move(*problem));
    for (const Field& part : field.selections) {
      Selected member;
      member.key = part.response_key();
      member.type_name = part.name;
      selected.members.push_back(std::move(member));
    }
    return selected;
  }

  Result activities(const Field& field, Selected selected, const std::string& path) {
    has_activities = true;
    Selected::ActivitySelection chosen;
    for (const auto& argument : field.arguments) {
      const auto number = base::parse_integer(argument.value.text);
      if (argument.name == "first") {
        if (!number || *number < 1 || *number > 100) return error(wrong_type(path, "first", "Int"));
        chosen.first = *number;
      } else if (argument.name == "after") {
        chosen.after = number;
      } else {
        return error(unknown_argument(path, argument.name));
      }
    }
    if (auto problem = undefined_among(field.selections, kActivityParts, "TaskActivities", path))
      return error(std::move(*problem));
    for (const Field& part : field.selections) {
      if (part.name == "pageInfo")
        if (auto problem = undefined_among(part.selections, kPageInfoParts, "PageInfo", path))
          return error(std::move(*problem));
      if (part.name != "nodes") continue;
      for (const Field& node : part.selections)
        if (find_activity_field(node.name) == nullptr)
          return error(field_undefined(path + "/nodes/" + node.name, node.name, "TaskActivity"));
    }
    chosen.fields = field.selections;
    selected.activities = std::move(chosen);
    return selected;
  }
};

void write_activities(base::JsonWriter& json, const Selected::ActivitySelection& chosen, const TaskView& task) {
  const auto all = activities_of(task);
  std::vector<Activity> page;
  for (const Activity& activity : all)
    if ((!chosen.after || base::to_ms(activity.at) > *chosen.after) &&
        static_cast<std::int64_t>(page.size()) < chosen.first)
      page.push_back(activity);
  const bool more = !page.empty() && page.back().at < all.back().at;
  json.begin_object();
  for (const Field& part : chosen.fields) {
    json.key(part.response_key());
    if (part.name == "totalCount") {
      json.value(all.size());
    } else if (part.name == "nodes") {
      json.begin_array();
      for (const Activity& activity : page) {
        json.begin_object();
        for (const Field& node : part.selections) {
          json.key(node.response_key());
          write_leaf(json, find_activity_field(node.name)->leaf(task, activity));
        }
        json.end_object();
      }
      json.end_array();
    } else {
      json.begin_object();
      for (const Field& info : part.selections) {
        json.key(info.response_key());
        if (info.name == "hasNextPage")
          json.value(more);
        else if (more)
          json.value(std::to_string(base::to_ms(page.back().at)));
        else
          json.null();
      }
      json.end_object();
    }
  }
  json.end_object();
}

// Two variables exist; any other name responses an object of nulls.
void write_variable(base::JsonWriter& json, const Selected& selected) {
  const bool is_text = selected.field->name == "stringGlobalVariables";
  const bool is_set = is_text && selected.variable == "Language";
  json.begin_object();
  for (const Selected& part : selected.members) {
    json.key(part.key);
    if (!is_set)
      json.null();
    else
      json.value(part.type_name == "name" ? selected.variable : "en-US");
  }
  json.end_object();
}

void write_fields(base::JsonWriter& json, const std::vector<Selected>& fields, const TaskView& task) {
  json.begin_object();
  for (const Selected& selected : fields) {
    json.key(selected.key);
    if (selected.field == nullptr) {
      json.value(selected.type_name);
      continue;
    }
    const SchemaField& field = *selected.field;
    if (field.kind == FieldKind::Activities) {
      write_activities(json, *selected.activities, task);
    } else if (field.kind == FieldKind::Variable) {
      write_variable(json, selected);
    } else if (field.kind == FieldKind::Object) {
      if (field.is_missing != nullptr && field.is_missing(task))
        json.null();
      else
        write_fields(json, selected.members, task);
    } else if (field.kind == FieldKind::Json) {
      const Leaf leaf = field.leaf(task);
      const auto* text = std::get_if<std::string>(&leaf);
      const auto parsed = base::JsonDocument::parse(text == nullptr ? "null" : *text);
      json.value(parsed->root());
    } else {
      write_leaf(json, field.leaf(task));
    }
  }
  json.end_object();
}

}  // namespace

base::Expected<Selection, std::string> validate_selection(const std::vector<Field>& fields, std::string_view type_name,
                                                          std::string_view path) {
  Validator validator;
  auto selected = validator.fields(fields, task_fields(), type_name, std::string(path));
  if (!selected) return error(selected.error());
  return Selection{std::move(*selected), std::move(validator.orders), validator.has_activities};
}

void write_leaf(base::JsonWriter& json, const Leaf& leaf) {
  if (const auto* text = std::get_if<std::string>(&leaf))
    json.value(*text);
  else if (const auto* whole = std::get_if<std::int64_t>(&leaf))
    json.value(*whole);
  else if (const auto* real = std::get_if<double>(&leaf))
    json.value(*real);
  else if (const auto* truth = std::get_if<bool>(&leaf))
    json.value(*truth);
  else
    json.null();
}

void write_task(base::JsonWriter& json, const Selection& selection, const TaskView& task) {
  write_fields(json, selection.fields, task);
}

}  // namespace wxcc::simulator
