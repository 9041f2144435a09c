// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

// The part of the GraphQL language (October 2021 edition, section 2) that the Search API's clients use: operations with
// variables, fields with aliases and arguments, every kind of value. Fragments and directives are refused by name.
namespace wxcc::simulator::graphql {

struct Location {
  int line = 1;
  int column = 1;
};

struct Value {
  enum class Kind { Null, Boolean, Int, Float, String, Enum, List, Object, Variable };
  Kind kind = Kind::Null;
  std::string text;            // the number as written, the string's content, the enum's or variable's name, "true"
  std::vector<Value> items;    // of a list
  std::vector<Value> members;  // of an object, in order, each with its name
  std::string name;            // as a member of an object
  Location at;
  // Came out of the request's "variables": JSON has no enum literals, so a string stands for one there.
  bool from_variable = false;

  [[nodiscard]] const Value* find(std::string_view member) const;
};

struct Argument {
  std::string name;
  Value value;
  Location at;
};

struct Field {
  std::string alias;  // empty: none
  std::string name;
  std::vector<Argument> arguments;
  std::vector<Field> selections;
  Location at;
  [[nodiscard]] const std::string& response_key() const { return alias.empty() ? name : alias; }
};

struct VariableDefinition {
  std::string name;
  std::string type;  // as written: "Long!", "[String!]"
  std::optional<Value> default_value;
  Location at;
};

struct Operation {
  std::string kind = "query";  // query, mutation or subscription
  std::string name;
  std::vector<VariableDefinition> variables;
  std::vector<Field> selections;
};

struct Document {
  std::vector<Operation> operations;
};

struct SyntaxError {
  std::string message;
  Location at;
};

// Nesting beyond 50 levels is an error.
base::Expected<Document, SyntaxError> parse(std::string_view text);

}  // namespace wxcc::simulator::graphql
