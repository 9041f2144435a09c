// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

// The subset of the GraphQL language (October 2021 edition, section 2) that clients of the Search API use: one query
// with variables, fields with aliases and arguments, and all literals except floats and block strings.
namespace wxcc::simulator::graphql {

struct Value {
  enum class Kind { Null, Boolean, Int, String, Enum, List, Object };
  Kind kind = Kind::Null;
  std::string text;          // the number as written, the string's content, the enum's name, "true"
  std::vector<Value> items;  // of a list; the members of an object, in order, each with its name
  std::string name;          // as an argument or as a member of an object
  // From the request's "variables". JSON has no enum literals: a string represents one there.
  bool from_variable = false;
  // The member; nullptr if it is missing or null.
  [[nodiscard]] const Value* find(std::string_view member) const { return find_named(items, member); }
  [[nodiscard]] static const Value* find_named(const std::vector<Value>& values, std::string_view name) {
    for (const Value& value : values)
      if (value.name == name && value.kind != Kind::Null) return &value;
    return nullptr;
  }
};

struct Field {
  std::string alias;  // empty: none
  std::string name;
  std::vector<Value> arguments;
  std::vector<Field> selections;
  [[nodiscard]] const std::string& response_key() const { return alias.empty() ? name : alias; }
  // As Value::find().
  [[nodiscard]] const Value* find(std::string_view argument) const { return Value::find_named(arguments, argument); }
};

// The root fields of the query, with every variable replaced by its value from the request's "variables", a JSON object
// or null. An argument or member whose variable has no value is left out, as the language requires. Throws QueryError,
// also for nesting beyond 50 levels.
std::vector<Field> parse(std::string_view text, base::JsonNode variables);

}  // namespace wxcc::simulator::graphql
