// SPDX-License-Identifier: Apache-2.0
#include "webex/captures.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace wxcc::webex {
namespace {

TEST(Captures, BuildsDocumentedRequest) {
  const auto body = base::JsonDocument::parse(captures_body({"org", {"a", "b"}, 30, true}));
  ASSERT_TRUE(body);
  const base::JsonNode query = body->root()["query"];
  EXPECT_EQ(query["orgId"].text(), "org");
  EXPECT_EQ(query["urlExpiration"].integer(), 30);
  EXPECT_EQ(query["taskIds"].size(), 2U);
  EXPECT_EQ(query["includeSegments"].boolean(), false);
  EXPECT_EQ(query["includeAllDigitalVersions"].boolean(), true);
  EXPECT_EQ(captures_body({"org", {"a"}, 30, false}).find("includeAllDigitalVersions"), std::string::npos);
}

TEST(Captures, ParsesBothSpellingsAndSeveralItems) {
  const auto response = parse_captures(R"({"meta":{},"data":[
    {"taskId":"a","recording":[],"transcription":[
      {"Source":"chat","Provider":"CISCO","id":"CS1","fileName":"chatTranscript.json","filePath":"https://s/x?sig","startTime":"1767226011432","languageCode":"en-US","createTime":1767226990551},
      {"source":"chat","id":"CS1","filePath":"https://s/y?sig"}, {"source":"chat"}, {"id":"R","attributes":{"filePath":"https://s/z"}}]},
    {"taskId":"b","recording":[],"transcription":[]}, {"taskId":"c"}, {"transcription":[]}, {"taskId":"d","transcription":{}}]})");
  ASSERT_TRUE(response);
  ASSERT_EQ(response->tasks.size(), 4U);
  const auto& found = response->tasks[0].transcripts;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].item.source, "chat");
  EXPECT_EQ(found[0].item.provider, "CISCO");
  EXPECT_EQ(found[0].item.capture_id, "CS1");
  EXPECT_EQ(base::to_ms(*found[0].item.started), 1767226011432);
  EXPECT_EQ(base::to_ms(*found[0].item.created), 1767226990551);
  EXPECT_EQ(found[0].url.reveal(), "https://s/x?sig");
  EXPECT_EQ(found[0].item.identity(), found[1].item.identity());
  EXPECT_EQ(found[2].url.reveal(), "https://s/z");
  EXPECT_TRUE(response->tasks[1].transcripts.empty());
  const std::vector<std::string> expected = {"$.data[0].transcription[2]: no filePath", "$.data[3]: no taskId",
                                             "$.data[4].transcription: expected an array, found an object"};
  EXPECT_EQ(response->warnings, expected);
}

TEST(Captures, CountsTasksWithoutElement) {
  const auto response = parse_captures(R"({"data":[{"taskId":"a"},{"taskId":"B"},{"taskId":"x"}]})");
  ASSERT_TRUE(response);
  EXPECT_EQ(count_missing_tasks(*response, {"a", "b"}), 0U);
  EXPECT_EQ(count_missing_tasks(*response, {"a", "c", "d"}), 2U);
}

TEST(Captures, EncodesBlanksOfLocation) {
  const auto response =
      parse_captures(R"({"data":[{"taskId":"a","transcription":[{"filePath":" https://s/a b.json?c=d e "}]}]})");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->tasks.at(0).transcripts.at(0).url.reveal(), "https://s/a%20b.json?c=d%20e");
}

TEST(Captures, ReportsPathOfMalformedMember) {
  EXPECT_EQ(parse_captures(R"({"data":{}})").error(), "expected an array at $.data, found an object");
  EXPECT_FALSE(parse_captures("<html>"));
  EXPECT_FALSE(parse_captures("[]"));
}

}  // namespace
}  // namespace wxcc::webex
