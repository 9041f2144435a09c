// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/cloud/query_error.h"

namespace wxcc::simulator::graphql {
namespace {

using testing::HasSubstr;
using Kind = Value::Kind;

std::string error_of(const std::string& text, const std::string& variables = "null") {
  const auto given = base::JsonDocument::parse(variables);
  try {
    parse(text, given->root());
    return "no error";
  } catch (const QueryError& error) {
    return error.what();
  }
}

Field only_field(const std::string& text, const std::string& variables = "null") {
  const auto given = base::JsonDocument::parse(variables);
  return parse(text, given->root()).at(0);
}

TEST(Graphql, ReadsNamesAliasesArgumentsAndNestedSelections) {
  const Field field = only_field("query Q { mine: taskDetails(from: 1, to: 2) { tasks { id, customer { name } } } }");
  EXPECT_EQ(field.alias, "mine");
  EXPECT_EQ(field.response_key(), "mine");
  EXPECT_EQ(field.name, "taskDetails");
  ASSERT_EQ(field.arguments.size(), 2U);
  EXPECT_EQ(field.find("to")->text, "2");
  EXPECT_EQ(field.find("filter"), nullptr);
  ASSERT_EQ(field.selections.at(0).selections.size(), 2U);
  EXPECT_EQ(field.selections[0].selections[1].selections.at(0).name, "name");
}

TEST(Graphql, ReplacesVariablesAndLeavesOutUnsetOnes) {
  const Field field = only_field(
      "query Q($from: Long!, $cursor: String, $filter: Filters) { f(from: $from, page: { cursor: $cursor }, list: "
      "[$from "
      "$cursor], filter: $filter, c: $cursor) }",
      R"({"from":"17","filter":{"a":{"equals":"chat","b":true,"c":null,"d":[1]}}})");
  EXPECT_EQ(field.find("from")->text, "17");
  EXPECT_TRUE(field.find("from")->from_variable);
  EXPECT_TRUE(field.find("page")->items.empty());
  EXPECT_EQ(field.find("list")->items.size(), 1U);
  EXPECT_EQ(field.find("c"), nullptr);
  const Value& filter = field.find("filter")->items.at(0);
  EXPECT_EQ(filter.name, "a");
  EXPECT_EQ(filter.items.at(0).text, "chat");
  EXPECT_EQ(filter.items.at(1).kind, Kind::Boolean);
  EXPECT_EQ(filter.items.at(2).kind, Kind::Null);
  EXPECT_EQ(filter.items.at(3).items.at(0).text, "1");
}

TEST(Graphql, RejectsVariablesOfAnotherType) {
  EXPECT_THAT(error_of("query($f: Long!) { f(a: $f) }"), HasSubstr("coerced Null value for NonNull type 'Long!'"));
  EXPECT_THAT(error_of("query($f: Long) { f(a: $f) }", R"({"f":"x"})"), HasSubstr("invalid value"));
  EXPECT_THAT(error_of("query($f: Long) { f(a: $f) }", R"({"f":1.5})"), HasSubstr("invalid value"));
  EXPECT_THAT(error_of("query($f: Int) { f(a: $f) }", R"({"f":"1"})"), HasSubstr("invalid value"));
  EXPECT_THAT(error_of("query($f: String) { f(a: $f) }", R"({"f":1})"), HasSubstr("invalid value"));
  EXPECT_THAT(error_of("{ f(a: $no) }"), HasSubstr("UndefinedVariable"));
}

struct LiteralCase {
  const char* literal;
  Kind kind;
  const char* text;
};
class GraphqlLiteral : public testing::TestWithParam<LiteralCase> {};

TEST_P(GraphqlLiteral, HasItsKindAndContent) {
  const Field field = only_field(std::string("{ f(a: ") + GetParam().literal + ") }");
  EXPECT_EQ(field.arguments.at(0).kind, GetParam().kind);
  EXPECT_EQ(field.arguments.at(0).text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, GraphqlLiteral,
    testing::Values(LiteralCase{"0", Kind::Int, "0"}, LiteralCase{"-12", Kind::Int, "-12"},
                    LiteralCase{"true", Kind::Boolean, "true"}, LiteralCase{"null", Kind::Null, "null"},
                    LiteralCase{"endedTime", Kind::Enum, "endedTime"}, LiteralCase{R"("")", Kind::String, ""},
                    LiteralCase{R"("a\"b\\c\/\n\t")", Kind::String, "a\"b\\c/\n\t"},
                    LiteralCase{R"("# no comment, { no brace")", Kind::String, "# no comment, { no brace"}));

TEST(Graphql, ReadsListsAndObjectsWithoutCommas) {
  const Field field = only_field("{ f(a: { and: [ { a: { equals: chat } } { b: { gt: 3 } } ] empty: [] none: {} }) }");
  const Value& value = field.arguments.at(0);
  ASSERT_EQ(value.kind, Kind::Object);
  ASSERT_EQ(value.items.at(0).items.size(), 2U);
  EXPECT_EQ(value.items[0].items[1].items.at(0).items.at(0).text, "3");
  EXPECT_EQ(value.items.at(1).kind, Kind::List);
  EXPECT_EQ(value.items.at(2).kind, Kind::Object);
}

TEST(Graphql, IgnoresCommentsLineEndsOfEveryKindAndAByteOrderMark) {
  const Field field = only_field("\xEF\xBB\xBF# first\r\n{ f # rest } of line\r ( a : 1 ) }");
  EXPECT_EQ(field.name, "f");
  EXPECT_EQ(field.arguments.size(), 1U);
}

struct BadCase {
  std::string text;
  const char* message;
};
class InvalidGraphql : public testing::TestWithParam<BadCase> {};

TEST_P(InvalidGraphql, IsRejectedWithItsPlace) {
  const std::string error = error_of(GetParam().text);
  EXPECT_THAT(error, HasSubstr("Invalid Syntax : "));
  EXPECT_THAT(error, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, InvalidGraphql,
    testing::Values(BadCase{"", "empty at line 1 column 1"}, BadCase{"{ f", "ends too early at line 1 column 4"},
                    BadCase{"{ }", "'}' at line 1 column 3"}, BadCase{"{ f() }", "')' at line 1 column 5"},
                    BadCase{"{ f(a 1) }", "'1' at line 1 column 7"}, BadCase{"{ f(a: 01) }", "malformed"},
                    BadCase{"{ f(a: 1x) }", "malformed"}, BadCase{"{ f(a: 1.5) }", "malformed"},
                    BadCase{"{ f(a: -) }", "malformed"},
                    BadCase{"{\n  f(a: \"x\n\") }", "not closed on its line at line 2 column 8"},
                    BadCase{R"({ f(a: "\q") })", "escape at line 1 column 8"}, BadCase{"{ ...F }", "'.'"},
                    BadCase{"{ f @include(if: true) }", "'@'"}, BadCase{"{ f } ~", "'~' at line 1 column 7"},
                    BadCase{"select { f }", "'select'"}, BadCase{"mutation { f }", "'mutation'"},
                    BadCase{"query A { f } query B { f }", "'query' at line 1 column 15"},
                    BadCase{"query($a Long) { f }", "'Long'"}));

TEST(Graphql, RejectsDeepNestingInsteadOfExhaustingTheStack) {
  for (const std::string& opening : {std::string("{f"), std::string("[")}) {
    std::string text = opening == "[" ? "{ f(a: " : "";
    for (int i = 0; i < 200'000; ++i) text += opening;
    EXPECT_THAT(error_of(text), HasSubstr("nested deeper"));
  }
}

}  // namespace
}  // namespace wxcc::simulator::graphql
