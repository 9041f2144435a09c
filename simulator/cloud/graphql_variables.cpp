// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql_variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"

namespace wxcc::simulator::graphql {
namespace {

using Kind = Value::Kind;

Value from_json(base::JsonNode node) {
  Value value;
  value.from_variable = true;
  if (node.is_null()) return value;
  if (const auto text = node.text()) {
    value.kind = Kind::String;
    value.text = *text;
  } else if (node.is_boolean()) {
    value.kind = Kind::Boolean;
    value.text = node.to_json();
  } else if (node.is_number()) {
    value.kind = node.integer() ? Kind::Int : Kind::Float;
    value.text = node.integer() ? std::to_string(*node.integer()) : node.to_json();
  } else if (node.is_array()) {
    value.kind = Kind::List;
    for (const base::JsonNode item : node) value.items.push_back(from_json(item));
  } else {
    value.kind = Kind::Object;
    for (std::size_t i = 0; i < node.size(); ++i) {
      value.members.push_back(from_json(node.at(i)));
      value.members.back().name = node.name_at(i);
    }
  }
  return value;
}

bool fits(std::string_view type, const Value& value) {
  if (value.kind == Kind::Null) return true;
  const bool is_digits = value.kind == Kind::String && base::parse_integer(value.text).has_value();
  if (type == "Long") return value.kind == Kind::Int || is_digits;
  if (type == "Int") return value.kind == Kind::Int;
  if (type == "Float") return value.kind == Kind::Int || value.kind == Kind::Float;
  if (type == "String" || type == "ID") return value.kind == Kind::String;
  if (type == "Boolean") return value.kind == Kind::Boolean;
  return true;  // input objects, lists and enums are looked at where they are used
}

class Substitution {
 public:
  // False, with the reason in error(), when a variable has no acceptable value.
  bool define(const VariableDefinition& definition, base::JsonNode given) {
    std::string_view type = definition.type;
    const bool required = type.ends_with('!');
    if (required) type.remove_suffix(1);
    std::optional<Value> value;
    if (given.exists())
      value = from_json(given);
    else
      value = definition.default_value;
    if (required && (!value || value->kind == Kind::Null)) {
      error_ =
          fmt::format("Variable '{}' has coerced Null value for NonNull type '{}'", definition.name, definition.type);
      return false;
    }
    if (value && !fits(type, *value)) {
      error_ = fmt::format("Variable '{}' has an invalid value: expected type '{}'", definition.name, definition.type);
      return false;
    }
    values_[definition.name] = std::move(value);
    return true;
  }

  bool apply(std::vector<Field>& fields) {
    for (Field& field : fields) {
      auto& arguments = field.arguments;
      for (auto argument = arguments.begin(); argument != arguments.end();) {
        if (!apply(argument->value)) return false;
        argument = is_gone(argument->value) ? arguments.erase(argument) : argument + 1;
      }
      if (!apply(field.selections)) return false;
    }
    return true;
  }

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  static bool is_gone(const Value& value) { return value.kind == Kind::Variable; }

  // Leaves a variable that has no value in place, for the caller to remove.
  bool apply(Value& value) {
    if (value.kind == Kind::Variable) {
      const auto found = values_.find(value.text);
      if (found == values_.end()) {
        error_ = fmt::format("Validation error (UndefinedVariable) : Undefined variable '{}'", value.text);
        return false;
      }
      if (!found->second) return true;
      std::string name = std::move(value.name);
      value = *found->second;
      value.name = std::move(name);
      return true;
    }
    for (Value& item : value.items)
      if (!apply(item)) return false;
    std::erase_if(value.items, is_gone);
    for (Value& member : value.members)
      if (!apply(member)) return false;
    std::erase_if(value.members, is_gone);
    return true;
  }

  std::map<std::string, std::optional<Value>, std::less<>> values_;
  std::string error_;
};

}  // namespace

base::Expected<Operation, std::string> substitute_variables(Operation operation, base::JsonNode variables) {
  Substitution substitution;
  for (const VariableDefinition& definition : operation.variables)
    if (!substitution.define(definition, variables[definition.name]))
      return base::make_unexpected(substitution.error());
  if (!substitution.apply(operation.selections)) return base::make_unexpected(substitution.error());
  return operation;
}

}  // namespace wxcc::simulator::graphql
