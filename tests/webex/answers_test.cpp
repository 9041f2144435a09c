// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/json.h"
#include "webex/captures.h"
#include "webex/endpoints.h"
#include "webex/error_response.h"
#include "webex/search_page.h"
#include "webex/search_query.h"

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
            "no client_secret=[left out], or [left out]");
  EXPECT_EQ(describe_error_body("s3cr3t/x is wrong", known), "[left out] is wrong");
  EXPECT_EQ(describe_error_body("left", {base::Secret("left")}), "[left out]");
}

base::JsonDocument body_of(const SearchRequest& request, const FieldList& fields = {}) {
  return std::move(*base::JsonDocument::parse(search_body(request, fields)));
}

TEST(SearchQuery, CarriesTheWindowAsVariablesAndTheChannelAsALiteral) {
  const auto body =
      body_of({{base::from_ms(1767225600000), base::from_ms(1767229200000)}, model::TimeField::Ended, {"chat"}, ""});
  const std::string query(*body.root()["query"].text());
  EXPECT_NE(query.find("timeComparator: endedTime, filter: { channelType: { equals: chat } }"), std::string::npos)
      << query;
  EXPECT_NE(query.find("endedTime(sort: asc)"), std::string::npos);
  EXPECT_NE(query.find("customer { name email phoneNumber }"), std::string::npos) << query;
  EXPECT_EQ(body.root()["variables"]["from"].integer(), 1767225600000);
  EXPECT_EQ(body.root()["variables"]["to"].integer(), 1767229200000);
  EXPECT_EQ(body.root()["variables"]["cursor"].text(), "NA");
}

TEST(SearchQuery, SortsByTheComparedStampAndJoinsChannelsWithOr) {
  const auto body = body_of({{}, model::TimeField::Created, {"chat", "email"}, "opaque=="});
  const std::string query(*body.root()["query"].text());
  EXPECT_NE(query.find("or: [ { channelType: { equals: chat } }, { channelType: { equals: email } } ]"),
            std::string::npos)
      << query;
  EXPECT_NE(query.find("createdTime(sort: asc)"), std::string::npos);
  EXPECT_EQ(query.find("endedTime(sort"), std::string::npos);
  EXPECT_EQ(body.root()["variables"]["cursor"].text(), "opaque==");
}

TEST(FieldList, DropsExactlyWhatTheTenantDoesNotKnow) {
  struct Row {
    const char* refusal;
    std::vector<std::string> dropped;
  };
  const Row rows[] = {
      {"Validation error (FieldUndefined@[taskDetails/tasks/topicName]) : Field 'topicName' in type 'Task' is "
       "undefined",
       {"topicName"}},
      {"Validation error (FieldUndefined@[taskDetails/tasks/lastQueue/name]) : Field 'name' in type 'Queue' is "
       "undefined",
       {"lastQueue.name"}},
      {"Validation error (FieldUndefined@[taskDetails/tasks/lastSite]) : Field 'lastSite' in type 'Task' is undefined",
       {"lastSite.id", "lastSite.name"}},
      {"Field 'csatScore' in type 'Task' is undefined", {"csatScore"}},
      {"Cannot query field \"lastTeam\" on type \"Task\".", {"lastTeam.id", "lastTeam.name"}},
      {"[taskDetails/tasks/botName] and [taskDetails/tasks/autoCsat] are undefined", {"autoCsat", "botName"}},
      {"FieldUndefined: autoCsat", {"autoCsat"}},
      {"Unknown field lastSite", {"lastSite.id", "lastSite.name"}},
      {"FieldUndefined: name", {}},
      {"FieldUndefined: autoCsat or botName", {}},
      {"the value of botName is bad", {}},
      {"Field 'endedTime' in type 'Task' is undefined", {}},
      {"span too long", {}},
      {"Missing field argument 'from'", {}},
  };
  for (const Row& row : rows) {
    FieldList fields;
    EXPECT_EQ(fields.drop_undefined(row.refusal), !row.dropped.empty()) << row.refusal;
    EXPECT_EQ(fields.dropped(), row.dropped) << row.refusal;
    for (const std::string& field : row.dropped) {
      if (field.find('.') == std::string::npos) {
        EXPECT_EQ(fields.selection(model::TimeField::Ended).find(field), std::string::npos) << field;
      }
    }
  }
}

TEST(FieldList, KeepsTheFewThatMatterOnly) {
  FieldList fields;
  EXPECT_TRUE(fields.drop_optional());
  EXPECT_EQ(fields.selection(model::TimeField::Ended),
            "id isActive channelType createdTime endedTime(sort: asc) status customer { name email phoneNumber } "
            "lastAgent { id name } lastQueue { id name }");
  EXPECT_FALSE(fields.drop_optional());
}

TEST(FieldList, NeverSelectsAnEmptyObject) {
  FieldList fields;
  ASSERT_TRUE(fields.drop_undefined("[taskDetails/tasks/lastSite/id] [taskDetails/tasks/lastSite/name]"));
  EXPECT_EQ(fields.selection(model::TimeField::Ended).find("lastSite"), std::string::npos);
  EXPECT_EQ(fields.selection(model::TimeField::Ended).find("{ }"), std::string::npos);
  fields.restore();
  EXPECT_NE(fields.selection(model::TimeField::Ended).find("lastSite { id name }"), std::string::npos);
}

TEST(SearchPage, ReadsADocumentedAnswer) {
  const auto page = parse_search_page(R"({"data":{"taskDetails":{"tasks":[
    {"id":"5b1f","status":"ended","isActive":false,"channelType":"chat","channelSubType":null,"direction":"INBOUND","origin":"m@example.org",
     "destination":"WA1","createdTime":1767226011432,"endedTime":1767226934118,"totalDuration":922686,
     "customer":{"name":"Mira Visser","email":"m@example.org","phoneNumber":null},"lastAgent":{"id":"a1","name":"Arne"},
     "lastQueue":{"id":"q1","name":"Support"},"lastTeam":null,"lastSite":{"id":null,"name":null},"lastEntryPoint":{"id":"","name":""},
     "lastWrapupCodeName":"Resolved","csatScore":4,"topicName":"N/A","botName":null,"strange":{"a":[1]}}],
    "pageInfo":{"hasNextPage":true,"endCursor":"1"}}}})");
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->tasks.size(), 1U);
  const model::Task& task = page->tasks[0];
  EXPECT_EQ(task.id, "5b1f");
  EXPECT_EQ(task.direction, "inbound");
  EXPECT_EQ(base::to_ms(*task.ended), 1767226934118);
  EXPECT_EQ(task.duration, base::Millis{922686});
  EXPECT_EQ(task.customer.name, "Mira Visser");
  EXPECT_EQ(task.customer.phone, "");
  EXPECT_EQ(task.queue.name, "Support");
  EXPECT_EQ(task.team.id, "");
  EXPECT_EQ(task.site.id, "");
  EXPECT_EQ(task.csat_score, 4);
  EXPECT_EQ(task.other_members, R"({"topicName":"N/A","strange":{"a":[1]}})");
  EXPECT_TRUE(page->has_next);
  EXPECT_EQ(page->end_cursor, "1");
}

TEST(SearchPage, OpenTasksHaveNoEnd) {
  const auto page = parse_search_page(
      R"({"data":{"taskDetails":{"tasks":[{"id":"a","endedTime":-1,"isActive":true},{"id":"b","endedTime":null},{"id":"c","endedTime":"1767226934118","isActive":"true"}],
          "pageInfo":{"hasNextPage":false,"endCursor":null}}}})");
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->tasks[0].ended);
  EXPECT_TRUE(page->tasks[0].is_active);
  EXPECT_TRUE(page->tasks[2].is_active) << "the text true";
  EXPECT_FALSE(page->tasks[1].ended);
  EXPECT_TRUE(page->tasks[2].ended);
  EXPECT_FALSE(page->has_next);
}

TEST(SearchPage, ReadsAroundWrongTypes) {
  const auto page = parse_search_page(
      R"({"data":{"taskDetails":{"tasks":[{"id":17,"customer":"nobody","lastQueue":[],"createdTime":{},"csatScore":"many"},null,5,{"id":""},{"id":"ok"}],
          "pageInfo":"none"}}})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->tasks.size(), 2U);
  EXPECT_EQ(page->tasks[0].id, "17");
  EXPECT_FALSE(page->tasks[0].created);
  ASSERT_EQ(page->problems.size(), 3U);
  EXPECT_EQ(page->problems[0], "$.data.taskDetails.tasks[1]: a task without an id");
}

TEST(SearchPage, FollowsACursorWhereHasNextPageIsNoBoolean) {
  struct Row {
    const char* info;
    bool has_next;
    const char* cursor;
  };
  const Row rows[] = {
      {R"({"hasNextPage":"true","endCursor":"1"})", true, "1"},
      {R"({"hasNextPage":1,"endCursor":2})", true, "2"},
      {R"({"hasNextPage":"False","endCursor":"1"})", false, "1"},
      {R"({"hasNextPage":0})", false, ""},
      {R"({"endCursor":"1"})", true, "1"},
      {R"({"hasNextPage":null,"endCursor":"1"})", true, "1"},
      {R"({"endCursor":null})", false, ""},
  };
  for (const auto& [info, has_next, cursor] : rows) {
    const auto page = parse_search_page(R"({"data":{"taskDetails":{"tasks":[{"id":"a","endedTime":-1}],"pageInfo":)" +
                                        std::string(info) + "}}}");
    ASSERT_TRUE(page) << info;
    EXPECT_EQ(page->has_next, has_next) << info;
    EXPECT_EQ(page->end_cursor, cursor) << info;
    EXPECT_EQ(page->doubt, "") << info;
  }
  const auto beyond = parse_search_page(R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"endCursor":"9"}}}})");
  ASSERT_TRUE(beyond);
  EXPECT_FALSE(beyond->has_next) << "an empty page ends the paging";
}

TEST(SearchPage, IsNotTheLastWhenItDoesNotSayUnlessItsListIsEmpty) {
  for (const char* info :
       {"null", "{}", R"("none")", R"({"hasNextPage":"perhaps","endCursor":"1"})", R"({"hasNextPage":{}})"}) {
    for (const char* tasks : {"[]", R"([{"id":"a","endedTime":-1}])", "null"}) {
      const auto page = parse_search_page(R"({"data":{"taskDetails":{"tasks":)" + std::string(tasks) +
                                          R"(,"pageInfo":)" + info + "}}}");
      ASSERT_TRUE(page) << info << tasks;
      const std::string_view said = info;
      const bool end = tasks == std::string_view("[]") && (said == "null" || said == "{}" || said == R"("none")");
      EXPECT_EQ(page->has_next, !end) << info << tasks;
      EXPECT_EQ(page->end_cursor, "") << info << tasks;
      EXPECT_NE(page->doubt, "") << info << tasks;
    }
  }
}

TEST(SearchPage, IsDoubtedForErrorsBesideTasksAndRefusedForErrorsBesideNone) {
  const std::string last = R"("pageInfo":{"hasNextPage":false}}}})";
  for (const char* errors :
       {R"("errors":[{"message":"boom"}])", R"("error":"boom")", R"("error":{"message":"boom"})"}) {
    const auto some = parse_search_page("{" + std::string(errors) +
                                        R"(,"data":{"taskDetails":{"tasks":[{"id":"a","endedTime":-1}],)" + last);
    ASSERT_TRUE(some) << errors;
    EXPECT_EQ(some->doubt, "it has errors beside the tasks: boom");
    const auto none = parse_search_page("{" + std::string(errors) + R"(,"data":{"taskDetails":{"tasks":[],)" + last);
    ASSERT_FALSE(none) << errors;
    EXPECT_EQ(none.error().message, "boom");
  }
  for (const char* nothing : {R"("errors":[])", R"("errors":null)", R"("error":"")", R"("error":{})"}) {
    const auto page = parse_search_page("{" + std::string(nothing) + R"(,"data":{"taskDetails":{"tasks":[],)" + last);
    ASSERT_TRUE(page) << nothing;
    EXPECT_EQ(page->doubt, "") << nothing;
  }
}

TEST(SearchPage, DoubtsAnAnswerThatIsDamagedWhereItMatters) {
  const auto doubt = [](const std::string& task, const std::string& info) {
    return parse_search_page(R"({"data":{"taskDetails":{"tasks":[)" + task + R"(],"pageInfo":)" + info + "}}}")->doubt;
  };
  const std::string last = R"({"hasNextPage":false})";
  const std::string sound = R"({"id":"a","endedTime":-1,"createdTime":null,"lastQueue":null,"csatScore":{}})";
  EXPECT_EQ(doubt(sound, last), "");
  EXPECT_EQ(doubt("", last), "");
  EXPECT_EQ(doubt(R"({"id":"a","endedTime":1,"lastQueue":""})", last), "") << "an absent queue";
  for (const char* info : {"null", "{}", R"("none")", R"({"hasNextPage":"perhaps"})"})
    EXPECT_NE(doubt(sound, info), "") << info;
  const std::vector<std::pair<std::string, std::string>> damaged = {
      {R"({"endedTime":1})", "$.data.taskDetails.tasks[0]: a task without an id"},
      {R"({"id":"a"})", "$.data.taskDetails.tasks[0]: no endedTime"},
      {R"({"id":"a","endedTime":["x"]})", "$.data.taskDetails.tasks[0].endedTime: a scalar expected, found an array"},
      {R"({"id":"a","endedTime":1,"isActive":{}})",
       "$.data.taskDetails.tasks[0].isActive: a scalar expected, found an object"},
      {R"({"id":"a","endedTime":1,"lastQueue":"x"})",
       "$.data.taskDetails.tasks[0].lastQueue: an object expected, found a string"}};
  for (const auto& [task, words] : damaged) EXPECT_EQ(doubt(task, last), words);
}

TEST(SearchPage, SaysWhereAnAnswerMakesNoSense) {
  EXPECT_EQ(parse_search_page(R"({"data":{"taskDetails":{"tasks":{}}}})").error().message,
            "expected an array at $.data.taskDetails.tasks, found an object");
  EXPECT_EQ(parse_search_page(R"({"data":{}})").error().message,
            "expected an array at $.data.taskDetails.tasks, found nothing");
  const auto no_cursor =
      parse_search_page(R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"hasNextPage":true,"endCursor":null}}}})");
  ASSERT_TRUE(no_cursor) << "the reader goes on by time";
  EXPECT_TRUE(no_cursor->has_next);
  EXPECT_EQ(no_cursor->end_cursor, "");
  const auto errors = parse_search_page(R"({"errors":[{"message":"boom"}],"data":null})");
  ASSERT_FALSE(errors);
  EXPECT_TRUE(errors.error().refused);
  EXPECT_EQ(errors.error().message, "boom");
  for (const std::string& body :
       {std::string("<html>"), std::string(200'000, '['), std::string("{\"data\":\xFF}"), std::string()})
    EXPECT_FALSE(parse_search_page(body));
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
  EXPECT_EQ(answer->problems, problems);
}

TEST(Captures, MissTheTasksThatHaveNoElement) {
  const auto answer = parse_captures(R"({"data":[{"taskId":"a"},{"taskId":"B"},{"taskId":"x"}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(left_out(*answer, {"a", "b"}), 0U);
  EXPECT_EQ(left_out(*answer, {"a", "c", "d"}), 2U);
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
