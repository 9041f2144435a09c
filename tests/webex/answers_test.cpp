// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/json.h"
#include "webex/captures.h"
#include "webex/endpoints.h"
#include "webex/error_response.h"

namespace wxcc::webex {
namespace {

TEST(Endpoints, FollowTheScriptsUrlsAndTheirVariants) {
  const Endpoints plain = endpoints_from("https://webexapis.com/v1", "https://webexapis.com/v1/authorize",
                                         "https://api.wxcc-eu2.cisco.com");
  EXPECT_EQ(plain.authorize, "https://webexapis.com/v1/authorize");
  EXPECT_EQ(plain.token, "https://webexapis.com/v1/access_token");
  EXPECT_EQ(plain.search, "https://api.wxcc-eu2.cisco.com/search");
  EXPECT_EQ(plain.captures, "https://api.wxcc-eu2.cisco.com/v1/captures/query");
  const Endpoints variant =
      endpoints_from("https://webexapis.com/", "https://webexapis.com/v1/", "https://api.wxcc-eu2.cisco.com/v1/");
  EXPECT_EQ(variant.token, plain.token);
  EXPECT_EQ(variant.authorize, plain.authorize);
  EXPECT_EQ(variant.search, plain.search);
  EXPECT_EQ(variant.captures, plain.captures);
  EXPECT_EQ(
      endpoints_from("https://idbroker.webex.com/idb/oauth2/v1/access_token", "https://x", "https://y/search").token,
      "https://idbroker.webex.com/idb/oauth2/v1/access_token");
}

TEST(Endpoints, KeepAQueryBehindThePath) {
  EXPECT_EQ(endpoints_from("https://x/v1", "https://x/v1/authorize?prompt=login", "https://y").authorize,
            "https://x/v1/authorize?prompt=login");
  EXPECT_EQ(endpoints_from("https://x/v1", "https://x/v1/?prompt=login", "https://y").authorize,
            "https://x/v1/authorize?prompt=login");
  const Endpoints bare = endpoints_from("https://x?a=b", "https://x?prompt=login", "https://y");
  EXPECT_EQ(bare.authorize, "https://x/v1/authorize?prompt=login");
  EXPECT_EQ(bare.token, "https://x/v1/access_token?a=b");
}

TEST(ErrorBody, IsUnderstoodInEveryShape) {
  struct Row {
    const char* body;
    const char* told;
  };
  const Row rows[] = {
      {R"({"message":"No","errors":[{"description":"No"}],"trackingId":"ROUTER_1"})", "No; tracking id ROUTER_1"},
      {R"({"trackingId":"t1","error":{"key":"400","message":[{"description":"Invalid request"}]}})",
       "400; Invalid request; tracking id t1"},
      {R"({"error":{"key":429,"message":[{"description":"Slow"}]}})", "429; Slow"},
      {R"({"error":"invalid_grant","error_description":"The refresh token provided is expired"})",
       "invalid_grant; The refresh token provided is expired"},
      {R"({"errors":[{"message":"Missing field argument from"}],"data":null})", "Missing field argument from"},
      {"<html><body>Bad gateway</body></html>", "<html><body>Bad gateway</body></html>"},
      {"", "(no text)"},
      {"{}", "(JSON without a message)"},
      {"[[[", "[[["},
  };
  for (const Row& row : rows) EXPECT_EQ(describe_error_body(row.body), row.told) << row.body;
}

TEST(ErrorBody, NeverRepeatsTokensOrSignedUrls) {
  const std::string token(64, 'a');
  const std::string told = describe_error_body("bad token " + token + " at https://s3/x.json?X-Amz-Signature=" + token);
  EXPECT_EQ(told.find(token), std::string::npos) << told;
  EXPECT_EQ(told.find("Signature"), std::string::npos) << told;
  const std::string json = describe_error_body(R"({"message":"code )" + token + R"( is expired"})");
  EXPECT_EQ(json.find(token), std::string::npos) << json;
}

TEST(ErrorBody, NeverRepeatsWhatWasSent) {
  const KnownSecrets known = {base::Secret("s3cr3t/x"), base::Secret("no"), base::Secret()};
  EXPECT_EQ(describe_error_body(R"({"message":"no client_secret=s3cr3t/x, or s3cr3t%2Fx"})", known),
            "no client_secret=[redacted], or [redacted]");
  EXPECT_EQ(describe_error_body("s3cr3t/x is wrong", known), "[redacted] is wrong");
  EXPECT_EQ(describe_error_body("left", {base::Secret("left")}), "[redacted]");
}

TEST(Captures, AsksAsDocumented) {
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

TEST(Captures, ReadsBothSpellingsAndSeveralItems) {
  const auto answer = parse_captures(R"({"meta":{},"data":[
    {"taskId":"a","recording":[],"transcription":[
      {"Source":"chat","Provider":"CISCO","id":"CS1","fileName":"chatTranscript.json","filePath":"https://s/x?sig","startTime":"1767226011432","languageCode":"en-US","createTime":1767226990551},
      {"source":"chat","id":"CS1","filePath":"https://s/y?sig"}, {"source":"chat"}, {"id":"R","attributes":{"filePath":"https://s/z"}}]},
    {"taskId":"b","recording":[],"transcription":[]}, {"taskId":"c"}, {"transcription":[]}, {"taskId":"d","transcription":{}}]})");
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->tasks.size(), 4U);
  const auto& found = answer->tasks[0].transcripts;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].item.source, "chat");
  EXPECT_EQ(found[0].item.provider, "CISCO");
  EXPECT_EQ(found[0].item.capture_id, "CS1");
  EXPECT_EQ(base::to_ms(*found[0].item.started), 1767226011432);
  EXPECT_EQ(base::to_ms(*found[0].item.created), 1767226990551);
  EXPECT_EQ(found[0].url.reveal(), "https://s/x?sig");
  EXPECT_EQ(found[0].item.identity(), found[1].item.identity());
  EXPECT_EQ(found[2].url.reveal(), "https://s/z");
  EXPECT_TRUE(answer->tasks[1].transcripts.empty());
  const std::vector<std::string> problems = {"$.data[0].transcription[2]: no filePath", "$.data[3]: no taskId",
                                             "$.data[4].transcription: expected an array, found an object"};
  EXPECT_EQ(answer->warnings, problems);
}

TEST(Captures, MissTheTasksThatHaveNoElement) {
  const auto answer = parse_captures(R"({"data":[{"taskId":"a"},{"taskId":"B"},{"taskId":"x"}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(count_missing_tasks(*answer, {"a", "b"}), 0U);
  EXPECT_EQ(count_missing_tasks(*answer, {"a", "c", "d"}), 2U);
}

TEST(Captures, EncodeBlanksOfALocation) {
  const auto answer =
      parse_captures(R"({"data":[{"taskId":"a","transcription":[{"filePath":" https://s/a b.json?c=d e "}]}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->tasks.at(0).transcripts.at(0).url.reveal(), "https://s/a%20b.json?c=d%20e");
}

TEST(Captures, SaysWhereAnAnswerMakesNoSense) {
  EXPECT_EQ(parse_captures(R"({"data":{}})").error(), "expected an array at $.data, found an object");
  EXPECT_FALSE(parse_captures("<html>"));
  EXPECT_FALSE(parse_captures("[]"));
}

}  // namespace
}  // namespace wxcc::webex
