// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_text.h"

#include <gtest/gtest.h>

namespace wxcc::base {
namespace {

JsonDocument parsed(std::string_view text, JsonDocument::Dialect dialect = JsonDocument::Dialect::Strict) {
  auto document = JsonDocument::parse(text, dialect);
  EXPECT_TRUE(document) << document.error().message;
  return std::move(*document);
}

TEST(Json, MissingMembersAreNodesThatDoNotExist) {
  const JsonDocument document = parsed(R"({"a":{"b":[1,"x",null]}})");
  EXPECT_TRUE(document.root()["a"]["b"].is_array());
  EXPECT_FALSE(document.root()["q"]["r"]["s"].exists());
  EXPECT_TRUE(document.root()["a"]["b"].at(2).is_null());
  EXPECT_FALSE(document.root()["a"]["b"].at(0)["x"].exists());
  EXPECT_EQ(document.root()["q"].size(), 0U);
  EXPECT_EQ(document.root()["q"].kind(), "nothing");
}

TEST(Json, ParsesNumbersLeniently) {
  const JsonDocument document = parsed(
      R"([12, 12.0, "12", " -7 ", 12.5, "12x", true, 1e300, 18446744073709551616, 18446744073709551615, 1767226012118])");
  const JsonNode root = document.root();
  EXPECT_EQ(root.at(0).integer(), 12);
  EXPECT_EQ(root.at(1).integer(), 12);
  EXPECT_EQ(root.at(2).integer(), 12);
  EXPECT_EQ(root.at(3).integer(), -7);
  for (const std::size_t i : {4U, 5U, 6U, 7U, 8U, 9U}) EXPECT_FALSE(root.at(i).integer()) << i;
  EXPECT_EQ(root.at(10).integer(), 1767226012118);
  EXPECT_EQ(root.at(4).number(), 12.5);
  EXPECT_EQ(root.at(0).scalar_text(), "12");
  EXPECT_EQ(root.at(6).scalar_text(), "true");
}

TEST(Json, RejectsMalformedTexts) {
  EXPECT_FALSE(JsonDocument::parse(std::string(200'000, '[')));
  EXPECT_FALSE(JsonDocument::parse(std::string(200'000, '[') + std::string(200'000, ']')));
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(JsonDocument::parse(objects));
  for (const char* text : {"", " ", "{", "[1,]", "{\"a\":1,}", "nul", "{} x", "// c\n{}", "<html>", "{\"a\" 1}"})
    EXPECT_FALSE(JsonDocument::parse(text)) << text;
  const auto encoding = JsonDocument::parse("\"\xFF\"");
  ASSERT_FALSE(encoding);
  EXPECT_TRUE(encoding.error().encoding);
}

TEST(Json, AcceptsNestingUpToLimit) {
  EXPECT_TRUE(JsonDocument::parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_FALSE(JsonDocument::parse(std::string(101, '[') + std::string(101, ']')));
}

TEST(Json, ErrorsNameLineAndColumn) {
  const auto broken = JsonDocument::parse("{\n  \"a\": 1\n  \"b\": 2\n}");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().line, 3);
  EXPECT_EQ(broken.error().message.find("line 3, column 3: "), 0U) << broken.error().message;
}

TEST(Json, RelaxedDialectAcceptsCommentsAndTrailingCommas) {
  const JsonDocument document = parsed("// a comment\n{ \"a\": [1, 2,], /* b */ }", JsonDocument::Dialect::Relaxed);
  EXPECT_EQ(document.root()["a"].size(), 2U);
}

TEST(Json, ReportsPathOfNode) {
  const JsonDocument document = parsed(R"({"data":[{"x":1},{"transcription":[{"filePath":null}]}]})");
  EXPECT_EQ(document.path_of(document.root()["data"].at(1)["transcription"].at(0)["filePath"]),
            "$.data[1].transcription[0].filePath");
  EXPECT_EQ(document.path_of(document.root()), "$");
}

TEST(Json, FindsLineOfMember) {
  const std::string_view text = "{\n \"a\": 1,\n \"api_urls\": {\n  \"base\": 2\n },\n \"base\": 3\n}";
  EXPECT_EQ(line_of_json_member(text, "api_urls.base"), 4);
  EXPECT_EQ(line_of_json_member(text, "base"), 6);
  EXPECT_FALSE(line_of_json_member(text, "nothing"));
}

TEST(Json, FindsMembersIgnoringCase) {
  const JsonDocument document = parsed(R"({"Source":"chat"})");
  EXPECT_EQ(document.root().find_ignore_case("source").text(), "chat");
  EXPECT_FALSE(document.root()["source"].exists());
}

TEST(Json, RepairsEncodingAndLoneSurrogates) {
  struct Row {
    std::string_view text;
    std::string_view value;
  };
  const Row rows[] = {
      {"\"a\xFF\"", "a\xEF\xBF\xBD"},  {R"("\ud800x")", "\xEF\xBF\xBDx"},
      {R"("\udc00")", "\xEF\xBF\xBD"}, {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
      {R"("\\ud800")", "\\ud800"},     {R"("\ud800\ud83d\ude00")", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
  };
  for (const Row& row : rows) {
    const std::string repaired = repair_json(row.text);
    const JsonDocument document = parsed(repaired);
    EXPECT_EQ(document.root().text(), row.value) << row.text;
  }
}

TEST(Json, WritesWhatItReads) {
  const std::string text =
      R"({"s":"a\"\\\n\u0001","i":-5,"d":1.5,"t":true,"n":null,"l":[1,[2]],"big":18446744073709551615})";
  const JsonDocument document = parsed(text);
  JsonWriter writer;
  writer.value(document.root());
  EXPECT_EQ(writer.text(), document.root().to_json());
  EXPECT_EQ(writer.text(), text);
}

TEST(Json, WrittenStringsAreAlwaysUtf8) {
  JsonWriter writer;
  writer.begin_object().member("a\xC3", std::string_view("b\xFF")).end_object();
  JsonWriter good;
  good.begin_array().value("b\xFF").end_array();
  EXPECT_EQ(good.text(), "[\"b\xEF\xBF\xBD\"]");
}

}  // namespace
}  // namespace wxcc::base
