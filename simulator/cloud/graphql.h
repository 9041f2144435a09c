// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/json.h"

// The part of the GraphQL language (October 2021 edition, section 2) that clients of the Search API use: one query with
// variables, fields with aliases and arguments, and literals of every kind but floats and block strings.
namespace wxcc::simulator::graphql {

struct Value {
  enum class Kind { Null, Boolean, Int, String, Enum, List, Object };
  Kind kind = Kind::Null;
  std::string text;          // the number as written, the string's content, the enum's name, "true"
  std::vector<Value> items;  // of a list; the members of an object, in order, each with its name
  std::string name;          // as an argument or as a member of an object
  // Came out of the request's "variables": JSON has no enum literals, so a string stands for one there.
  bool from_variable = false;
};

struct Field {
  std::string alias;  // empty: none
  std::string name;
  std::vector<Value> arguments;
  std::vector<Field> selections;
  [[nodiscard]] const std::string& response_key() const { return alias.empty() ? name : alias; }
  // nullptr if there is no such argument, or if it is null.
  [[nodiscard]] const Value* find(std::string_view argument) const;
};

// The root fields of the query, with every variable replaced by its value from the request's "variables", a JSON object
// or null. An argument or member whose variable has no value is left out, as the language requires. The error is
// graphql-java's text. Nesting beyond 50 levels is an error.
base::Expected<std::vector<Field>, std::string> parse(std::string_view text, base::JsonNode variables);

}  // namespace wxcc::simulator::graphql
