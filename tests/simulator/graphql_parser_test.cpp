// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/cloud/graphql.h"

namespace wxcc::simulator::graphql {
namespace {

using testing::HasSubstr;
using Kind = Value::Kind;

Field only_field(const std::string& text) {
  const auto document = parse(text);
  if (!document) {
    ADD_FAILURE() << text << ": " << document.error().message;
    return {};
  }
  return document->operations.at(0).selections.at(0);
}

Value argument_value(const std::string& literal) {
  return only_field("{ f(a: " + literal + ") }").arguments.at(0).value;
}

TEST(GraphqlParser, ReadsNamesAliasesArgumentsAndNestedSelections) {
  const Field field = only_field("query Q { mine: taskDetails(from: 1, to: 2) { tasks { id, customer { name } } } }");
  EXPECT_EQ(field.alias, "mine");
  EXPECT_EQ(field.response_key(), "mine");
  EXPECT_EQ(field.name, "taskDetails");
  ASSERT_EQ(field.arguments.size(), 2U);
  EXPECT_EQ(field.arguments[1].name, "to");
  ASSERT_EQ(field.selections.at(0).selections.size(), 2U);
  EXPECT_EQ(field.selections[0].selections[1].selections.at(0).name, "name");
}

TEST(GraphqlParser, ReadsVariableDefinitionsWithTypesAndDefaults) {
  const auto document = parse("query Q($from: Long!, $ids: [String!]! = [\"a\"], $c: String = null) { f }");
  ASSERT_TRUE(document);
  const auto& variables = document->operations.at(0).variables;
  ASSERT_EQ(variables.size(), 3U);
  EXPECT_EQ(variables[0].type, "Long!");
  EXPECT_FALSE(variables[0].default_value);
  EXPECT_EQ(variables[1].type, "[String!]!");
  EXPECT_EQ(variables[1].default_value->items.at(0).text, "a");
  EXPECT_EQ(variables[2].default_value->kind, Kind::Null);
}

struct LiteralCase {
  const char* literal;
  Kind kind;
  const char* text;
};
class GraphqlLiteral : public testing::TestWithParam<LiteralCase> {};

TEST_P(GraphqlLiteral, HasItsKindAndContent) {
  const Value value = argument_value(GetParam().literal);
  EXPECT_EQ(value.kind, GetParam().kind);
  EXPECT_EQ(value.text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, GraphqlLiteral,
    testing::Values(LiteralCase{"0", Kind::Int, "0"}, LiteralCase{"-12", Kind::Int, "-12"},
                    LiteralCase{"1.5e3", Kind::Float, "1.5e3"}, LiteralCase{"true", Kind::Boolean, "true"},
                    LiteralCase{"null", Kind::Null, "null"}, LiteralCase{"endedTime", Kind::Enum, "endedTime"},
                    LiteralCase{"$from", Kind::Variable, "from"}, LiteralCase{R"("")", Kind::String, ""},
                    LiteralCase{R"("a\"b\\c\/\n\t")", Kind::String, "a\"b\\c/\n\t"},
                    LiteralCase{R"("\u00e9\uD83D\uDE00")", Kind::String, "é😀"},
                    LiteralCase{R"("# no comment, { no brace")", Kind::String, "# no comment, { no brace"},
                    LiteralCase{"\"\"\"\n    one\n      two\n\n  \"\"\"", Kind::String, "one\n  two"},
                    LiteralCase{R"("""a \""" "b" \n""")", Kind::String, R"(a """ "b" \n)"}));

TEST(GraphqlParser, ReadsListsAndObjectsWithoutCommas) {
  const Value value = argument_value(R"({ and: [ { a: { equals: chat } } { b: { gt: 3 } } ] empty: [] none: {} })");
  ASSERT_EQ(value.kind, Kind::Object);
  ASSERT_EQ(value.find("and")->items.size(), 2U);
  EXPECT_EQ(value.find("and")->items[1].find("b")->find("gt")->text, "3");
  EXPECT_EQ(value.find("empty")->kind, Kind::List);
  EXPECT_EQ(value.find("none")->kind, Kind::Object);
  EXPECT_EQ(value.find("missing"), nullptr);
}

TEST(GraphqlParser, IgnoresCommentsLineEndsOfEveryKindAndAByteOrderMark) {
  const Field field = only_field("\xEF\xBB\xBF# first\r\n{ f # rest } of line\r ( a : 1 ) }");
  EXPECT_EQ(field.name, "f");
  EXPECT_EQ(field.arguments.size(), 1U);
}

struct BadCase {
  std::string text;
  const char* message;
  int line;
  int column;
};
class BadGraphql : public testing::TestWithParam<BadCase> {};

TEST_P(BadGraphql, IsRefusedWithItsPlace) {
  const auto document = parse(GetParam().text);
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr(GetParam().message));
  EXPECT_EQ(document.error().at.line, GetParam().line);
  EXPECT_EQ(document.error().at.column, GetParam().column);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadGraphql,
    testing::Values(BadCase{"", "empty", 1, 1}, BadCase{"{ f", "ends too early", 1, 4}, BadCase{"{ }", "'}'", 1, 3},
                    BadCase{"{ f() }", "')'", 1, 5}, BadCase{"{ f(a 1) }", "'1'", 1, 7},
                    BadCase{"{ f(a: 01) }", "number", 1, 8}, BadCase{"{ f(a: 1x) }", "number", 1, 8},
                    BadCase{"{ f(a: 1.) }", "number", 1, 8}, BadCase{"{\n  f(a: \"x\n\") }", "not closed", 2, 8},
                    BadCase{R"({ f(a: "\q") })", "escape", 1, 8}, BadCase{R"({ f(a: "\uD83D") })", "escape", 1, 8},
                    BadCase{"{ f(a: \"\"\"x) }", "block string", 1, 8}, BadCase{"{ ...F }", "fragments", 1, 3},
                    BadCase{"fragment F on T { a }", "fragments", 1, 1},
                    BadCase{"{ f @include(if: true) }", "directives", 1, 5}, BadCase{"{ f } ~", "'~'", 1, 7},
                    BadCase{"select { f }", "'select'", 1, 1}, BadCase{"query($a Long) { f }", "'Long'", 1, 10}));

TEST(GraphqlParser, RefusesDeepNestingInsteadOfExhaustingTheStack) {
  for (const std::string& opening : {std::string("{f"), std::string("[")}) {
    std::string text = opening == "[" ? "{ f(a: " : "";
    for (int i = 0; i < 200'000; ++i) text += opening;
    const auto document = parse(text);
    ASSERT_FALSE(document);
    EXPECT_THAT(document.error().message, HasSubstr("nested deeper"));
  }
}

}  // namespace
}  // namespace wxcc::simulator::graphql
