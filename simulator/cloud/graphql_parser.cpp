// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "simulator/cloud/graphql.h"
#include "simulator/cloud/graphql_lexer.h"

namespace wxcc::simulator::graphql {
namespace {

constexpr int kMaxDepth = 50;

// Recursive descent with one token of look-ahead. The first error ends the parse: it is thrown here and caught in
// parse().
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  Document document() {
    Document result;
    while (token_.kind != Token::Kind::End) result.operations.push_back(operation());
    if (result.operations.empty()) throw SyntaxError{"the query is empty", token_.at};
    return result;
  }

 private:
  // Counts nesting while it lives, so that a hostile query cannot exhaust the stack.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxDepth)
        throw SyntaxError{fmt::format("nested deeper than {} levels", kMaxDepth), parser_.token_.at};
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  void advance() {
    auto token = lexer_.next();
    if (!token) throw SyntaxError(token.error());
    token_ = std::move(*token);
  }
  [[nodiscard]] bool at(std::string_view punctuator) const {
    return token_.kind == Token::Kind::Punctuator && token_.text == punctuator;
  }
  [[noreturn]] void fail_here() const {
    if (token_.kind == Token::Kind::End) throw SyntaxError{"the query ends too early", token_.at};
    throw SyntaxError{fmt::format("offending token '{}'", token_.text), token_.at};
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
  void refuse_directives() const {
    if (at("@")) throw SyntaxError{"directives are not supported", token_.at};
  }

  Operation operation() {
    Operation result;
    if (token_.kind == Token::Kind::Name) {
      if (token_.text == "fragment") throw SyntaxError{"fragments are not supported", token_.at};
      if (token_.text != "query" && token_.text != "mutation" && token_.text != "subscription") fail_here();
      result.kind = expect_name();
      if (token_.kind == Token::Kind::Name) result.name = expect_name();
      if (skip("(")) {
        do result.variables.push_back(variable_definition());
        while (!skip(")"));
      }
      refuse_directives();
    }
    if (!at("{")) fail_here();
    result.selections = selections();
    return result;
  }

  VariableDefinition variable_definition() {
    VariableDefinition result;
    result.at = token_.at;
    expect("$");
    result.name = expect_name();
    expect(":");
    result.type = type();
    if (skip("=")) result.default_value = value();
    refuse_directives();
    return result;
  }

  std::string type() {
    const Level level(*this);
    std::string result;
    if (skip("[")) {
      result = "[" + type() + "]";
      expect("]");
    } else {
      result = expect_name();
    }
    if (skip("!")) result += "!";
    return result;
  }

  std::vector<Field> selections() {
    const Level level(*this);
    std::vector<Field> result;
    expect("{");
    do {
      if (at("...")) throw SyntaxError{"fragments are not supported", token_.at};
      result.push_back(field());
    } while (!skip("}"));
    return result;
  }

  Field field() {
    Field result;
    result.at = token_.at;
    result.name = expect_name();
    if (skip(":")) {
      result.alias = std::move(result.name);
      result.name = expect_name();
    }
    if (skip("(")) {
      do {
        Argument argument;
        argument.at = token_.at;
        argument.name = expect_name();
        expect(":");
        argument.value = value();
        result.arguments.push_back(std::move(argument));
      } while (!skip(")"));
    }
    refuse_directives();
    if (at("{")) result.selections = selections();
    return result;
  }

  Value value() {
    const Level level(*this);
    Value result;
    result.at = token_.at;
    if (skip("$")) {
      result.kind = Value::Kind::Variable;
      result.text = expect_name();
    } else if (skip("[")) {
      result.kind = Value::Kind::List;
      while (!skip("]")) result.items.push_back(value());
    } else if (skip("{")) {
      result.kind = Value::Kind::Object;
      while (!skip("}")) {
        std::string name = expect_name();
        expect(":");
        result.members.push_back(value());
        result.members.back().name = std::move(name);
      }
    } else {
      scalar(result);
    }
    return result;
  }

  void scalar(Value& result) {
    switch (token_.kind) {
      case Token::Kind::Int:
        result.kind = Value::Kind::Int;
        break;
      case Token::Kind::Float:
        result.kind = Value::Kind::Float;
        break;
      case Token::Kind::String:
        result.kind = Value::Kind::String;
        break;
      case Token::Kind::Name:
        if (token_.text == "null")
          result.kind = Value::Kind::Null;
        else if (token_.text == "true" || token_.text == "false")
          result.kind = Value::Kind::Boolean;
        else
          result.kind = Value::Kind::Enum;
        break;
      default:
        fail_here();
    }
    result.text = std::move(token_.text);
    advance();
  }

  Lexer lexer_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

const Value* Value::find(std::string_view member) const {
  for (const Value& candidate : members)
    if (candidate.name == member) return &candidate;
  return nullptr;
}

base::Expected<Document, SyntaxError> parse(std::string_view text) {
  try {
    return Parser(text).document();
  } catch (SyntaxError& error) {
    return base::make_unexpected(std::move(error));
  }
}

}  // namespace wxcc::simulator::graphql
