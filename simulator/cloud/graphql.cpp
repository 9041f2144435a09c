// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "simulator/cloud/graphql_lexer.h"

namespace wxcc::simulator::graphql {
namespace {

using Kind = Value::Kind;

constexpr int kMaxDepth = 50;

Value value_of(base::JsonNode node) {
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
    value.kind = Kind::Int;
    value.text = node.to_json();
  } else {
    value.kind = node.is_array() ? Kind::List : Kind::Object;
    for (std::size_t i = 0; i < node.size(); ++i) {
      value.items.push_back(value_of(node.at(i)));
      if (node.is_object()) value.items.back().name = node.name_at(i);
    }
  }
  return value;
}

// Input objects and enums are checked where they are used.
bool fits(std::string_view type, const Value& value) {
  if (value.kind == Kind::Null) return true;
  if (type == "Long") return base::parse_integer(value.text).has_value();
  if (type == "Int") return value.kind == Kind::Int && base::parse_integer(value.text).has_value();
  if (type == "String") return value.kind == Kind::String;
  return true;
}

// Recursive descent with one token of look-ahead.
class Parser {
 public:
  Parser(std::string_view text, base::JsonNode variables) : lexer_(text), given_(variables) { advance(); }

  std::vector<Field> query() {
    if (token_.kind == Token::Kind::End) throw error("the query is empty");
    if (token_.kind == Token::Kind::Name) {
      if (token_.text != "query") fail_here();
      advance();
      if (token_.kind == Token::Kind::Name) advance();
      if (skip("(")) {
        do define_variable();
        while (!skip(")"));
      }
    }
    std::vector<Field> fields = selections();
    if (token_.kind != Token::Kind::End) fail_here();
    return fields;
  }

 private:
  // One level of nesting. The limit protects the stack from hostile queries.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth) throw parser.error(fmt::format("nested deeper than {} levels", kMaxDepth));
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  void advance() { token_ = lexer_.next(); }
  [[nodiscard]] QueryError error(std::string_view message) const { return lexer_.syntax_error(message, token_.begin); }
  [[noreturn]] void fail_here() const {
    if (token_.kind == Token::Kind::End) throw error("the query ends too early");
    throw error(fmt::format("offending token '{}'", token_.text));
  }
  [[nodiscard]] bool at(std::string_view punctuator) const {
    return token_.kind == Token::Kind::Punctuator && token_.text == punctuator;
  }
  bool skip(std::string_view punctuator) {
    if (!at(punctuator)) return false;
    advance();
    return true;
  }
  void expect(std::string_view punctuator) {
    if (!skip(punctuator)) fail_here();
  }
  std::string expect_name() {
    if (token_.kind != Token::Kind::Name) fail_here();
    std::string name = std::move(token_.text);
    advance();
    return name;
  }

  // $name: Type or $name: Type!
  void define_variable() {
    expect("$");
    const std::string name = expect_name();
    expect(":");
    const std::string type = expect_name();
    const bool required = skip("!");
    std::optional<Value>& value = variables_[name];
    if (given_[name].exists()) value = value_of(given_[name]);
    if (required && (!value || value->kind == Kind::Null))
      throw QueryError(fmt::format("Variable '{}' has coerced Null value for NonNull type '{}!'", name, type));
    if (value && !fits(type, *value))
      throw QueryError(fmt::format("Variable '{}' has an invalid value: expected type '{}'", name, type));
  }

  std::vector<Field> selections() {
    const Level level(*this);
    std::vector<Field> result;
    expect("{");
    do result.push_back(field());
    while (!skip("}"));
    return result;
  }

  Field field() {
    Field result;
    result.name = expect_name();
    if (skip(":")) result.alias = std::exchange(result.name, expect_name());
    if (skip("(")) {
      do add_named(result.arguments);
      while (!skip(")"));
    }
    if (at("{")) result.selections = selections();
    return result;
  }

  void add_named(std::vector<Value>& values) {
    std::string name = expect_name();
    expect(":");
    auto given = value();
    if (!given) return;
    values.push_back(std::move(*given));
    values.back().name = std::move(name);
  }

  // std::nullopt for a variable without a value.
  std::optional<Value> value() {
    const Level level(*this);
    Value result;
    if (skip("$")) {
      const std::string name = expect_name();
      const auto found = variables_.find(name);
      if (found == variables_.end())
        throw QueryError(fmt::format("Validation error (UndefinedVariable) : Undefined variable '{}'", name));
      return found->second;
    }
    if (skip("[")) {
      result.kind = Kind::List;
      while (!skip("]"))
        if (auto item = value()) result.items.push_back(std::move(*item));
    } else if (skip("{")) {
      result.kind = Kind::Object;
      while (!skip("}")) add_named(result.items);
    } else {
      result.kind = kind_of_scalar();
      result.text = std::move(token_.text);
      advance();
    }
    return result;
  }

  [[nodiscard]] Kind kind_of_scalar() const {
    if (token_.kind == Token::Kind::Int) return Kind::Int;
    if (token_.kind == Token::Kind::String) return Kind::String;
    if (token_.kind != Token::Kind::Name) fail_here();
    if (token_.text == "null") return Kind::Null;
    return token_.text == "true" || token_.text == "false" ? Kind::Boolean : Kind::Enum;
  }

  Lexer lexer_;
  base::JsonNode given_;
  std::map<std::string, std::optional<Value>, std::less<>> variables_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

std::vector<Field> parse(std::string_view text, base::JsonNode variables) {
  return Parser(text, variables).query();
}

}  // namespace wxcc::simulator::graphql
