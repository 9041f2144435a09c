// SPDX-License-Identifier: Apache-2.0
#include "webex/search_page.h"

#include <gtest/gtest.h>

namespace wxcc::webex {
namespace {

TEST(SearchPage, ParsesADocumentedResponse) {
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

TEST(SearchPage, TakesAgentFromOwnerOnlyWithoutLastAgent) {
  struct Row {
    const char* members;
    model::NamedEntity agent;
  };
  const Row rows[] = {
      {R"("lastAgent":{"id":"a1","name":"Arne"},"owner":{"id":"o1","name":"Olga"})", {"a1", "Arne"}},
      {R"("lastAgent":{"id":"a1","name":null},"owner":{"id":"o1","name":"Olga"})", {"a1", ""}},
      {R"("lastAgent":{"id":null,"name":"Arne"},"owner":{"id":"o1","name":"Olga"})", {"", "Arne"}},
      {R"("lastAgent":{"id":"","name":"Arne"})", {"", "Arne"}},
      {R"("lastAgent":{"name":"Arne"},"owner":{"id":"a1","name":"Arne"})", {"a1", "Arne"}},
      {R"("lastAgent":{"id":"NA","name":"Arne"},"owner":null)", {"", "Arne"}},
      {R"("lastAgent":{"id":null,"name":null},"owner":{"id":"o1","name":"Olga"})", {"o1", "Olga"}},
      {R"("lastAgent":{"id":"NA","name":"NA"},"owner":{"id":"o1","name":"Olga"})", {"o1", "Olga"}},
      {R"("lastAgent":null,"owner":{"name":"Olga"})", {"", "Olga"}},
      {R"("owner":{"id":"","name":""})", {"", ""}},
  };
  for (const Row& row : rows) {
    const auto page = parse_search_page(R"({"data":{"taskDetails":{"tasks":[{"id":"t","endedTime":1,)" +
                                        std::string(row.members) + R"(}],"pageInfo":{"hasNextPage":false}}}})");
    ASSERT_TRUE(page) << row.members;
    EXPECT_EQ(page->tasks.at(0).agent, row.agent) << row.members << ": " << page->tasks.at(0).agent.name;
  }
}

TEST(SearchPage, TreatsNullEmptyAndNaAsUnset) {
  for (const char* none : {"null", R"("")", "{}", R"({"id":null})", R"({"id":"","name":""})", R"({"id":"NA"})",
                           R"({"id":"NA","name":"NA"})", R"({"id":"NA","name":null})"}) {
    const auto page = parse_search_page(R"({"data":{"taskDetails":{"tasks":[{"id":"t","endedTime":1,"lastTeam":)" +
                                        std::string(none) + R"(}],"pageInfo":{"hasNextPage":false}}}})");
    ASSERT_TRUE(page) << none;
    EXPECT_EQ(page->tasks.at(0).team, model::NamedEntity{}) << none;
  }
  const auto page = parse_search_page(
      R"({"data":{"taskDetails":{"tasks":[{"id":"t","endedTime":1,"lastTeam":{"id":"t1","name":"NA"}}],
          "pageInfo":{"hasNextPage":false}}}})");
  EXPECT_EQ(page->tasks.at(0).team, (model::NamedEntity{"t1", "NA"})) << "a team of that name";
}

TEST(SearchPage, OpenTasksHaveNoEndedTime) {
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

TEST(SearchPage, IgnoresMembersOfInvalidType) {
  const auto page = parse_search_page(
      R"({"data":{"taskDetails":{"tasks":[{"id":17,"customer":"unknown","lastQueue":[],"createdTime":{},"csatScore":"many"},null,5,{"id":""},{"id":"ok"}],
          "pageInfo":"none"}}})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->tasks.size(), 2U);
  EXPECT_EQ(page->tasks[0].id, "17");
  EXPECT_FALSE(page->tasks[0].created);
  ASSERT_EQ(page->warnings.size(), 3U);
  EXPECT_EQ(page->warnings[0], "$.data.taskDetails.tasks[1]: a task has no id");
}

TEST(SearchPage, FollowsCursorWithoutBooleanHasNextPage) {
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
    EXPECT_EQ(page->suspect_reason, "") << info;
  }
  const auto beyond = parse_search_page(R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"endCursor":"9"}}}})");
  ASSERT_TRUE(beyond);
  EXPECT_FALSE(beyond->has_next) << "an empty page ends the paging";
}

TEST(SearchPage, IsLastWithoutPageInfoOnlyWhenEmpty) {
  for (const char* info :
       {"null", "{}", R"("none")", R"({"hasNextPage":"perhaps","endCursor":"1"})", R"({"hasNextPage":{}})"}) {
    for (const char* tasks : {"[]", R"([{"id":"a","endedTime":-1}])", "null"}) {
      const auto page = parse_search_page(R"({"data":{"taskDetails":{"tasks":)" + std::string(tasks) +
                                          R"(,"pageInfo":)" + info + "}}}");
      ASSERT_TRUE(page) << info << tasks;
      const std::string_view page_info = info;
      const bool end =
          tasks == std::string_view("[]") && (page_info == "null" || page_info == "{}" || page_info == R"("none")");
      EXPECT_EQ(page->has_next, !end) << info << tasks;
      EXPECT_EQ(page->end_cursor, "") << info << tasks;
      EXPECT_NE(page->suspect_reason, "") << info << tasks;
    }
  }
}

TEST(SearchPage, IsSuspectWithErrorsAndTasks) {
  const std::string last = R"("pageInfo":{"hasNextPage":false}}}})";
  for (const char* errors :
       {R"("errors":[{"message":"boom"}])", R"("error":"boom")", R"("error":{"message":"boom"})"}) {
    const auto some = parse_search_page("{" + std::string(errors) +
                                        R"(,"data":{"taskDetails":{"tasks":[{"id":"a","endedTime":-1}],)" + last);
    ASSERT_TRUE(some) << errors;
    EXPECT_EQ(some->suspect_reason, "errors besides the tasks: boom");
    const auto none = parse_search_page("{" + std::string(errors) + R"(,"data":{"taskDetails":{"tasks":[],)" + last);
    ASSERT_FALSE(none) << errors;
    EXPECT_EQ(none.error().message, "boom");
  }
  for (const char* nothing : {R"("errors":[])", R"("errors":null)", R"("error":"")", R"("error":{})"}) {
    const auto page = parse_search_page("{" + std::string(nothing) + R"(,"data":{"taskDetails":{"tasks":[],)" + last);
    ASSERT_TRUE(page) << nothing;
    EXPECT_EQ(page->suspect_reason, "") << nothing;
  }
}

TEST(SearchPage, IsSuspectWhenRequiredMemberIsMalformed) {
  const auto reason = [](const std::string& task, const std::string& info) {
    return parse_search_page(R"({"data":{"taskDetails":{"tasks":[)" + task + R"(],"pageInfo":)" + info + "}}}")
        ->suspect_reason;
  };
  const std::string last = R"({"hasNextPage":false})";
  const std::string sound = R"({"id":"a","endedTime":-1,"createdTime":null,"lastQueue":null,"csatScore":{}})";
  EXPECT_EQ(reason(sound, last), "");
  EXPECT_EQ(reason("", last), "");
  EXPECT_EQ(reason(R"({"id":"a","endedTime":1,"lastQueue":""})", last), "") << "an absent queue";
  for (const char* info : {"null", "{}", R"("none")", R"({"hasNextPage":"perhaps"})"})
    EXPECT_NE(reason(sound, info), "") << info;
  const std::vector<std::pair<std::string, std::string>> damaged = {
      {R"({"endedTime":1})", "$.data.taskDetails.tasks[0]: a task has no id"},
      {R"({"id":"a"})", "$.data.taskDetails.tasks[0]: no endedTime"},
      {R"({"id":"a","endedTime":["x"]})", "$.data.taskDetails.tasks[0].endedTime: expected a scalar, found an array"},
      {R"({"id":"a","endedTime":1,"isActive":{}})",
       "$.data.taskDetails.tasks[0].isActive: expected a scalar, found an object"},
      {R"({"id":"a","endedTime":1,"lastQueue":"x"})",
       "$.data.taskDetails.tasks[0].lastQueue: expected an object, found a string"}};
  for (const auto& [task, words] : damaged) EXPECT_EQ(reason(task, last), words);
}

TEST(SearchPage, ReportsPathOfInvalidMember) {
  EXPECT_EQ(parse_search_page(R"({"data":{"taskDetails":{"tasks":{}}}})").error().message,
            "expected an array at $.data.taskDetails.tasks, found an object");
  EXPECT_EQ(parse_search_page(R"({"data":{}})").error().message,
            "expected an array at $.data.taskDetails.tasks, found nothing");
  const auto no_cursor =
      parse_search_page(R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"hasNextPage":true,"endCursor":null}}}})");
  ASSERT_TRUE(no_cursor) << "the reader continues by time";
  EXPECT_TRUE(no_cursor->has_next);
  EXPECT_EQ(no_cursor->end_cursor, "");
  const auto errors = parse_search_page(R"({"errors":[{"message":"boom"}],"data":null})");
  ASSERT_FALSE(errors);
  EXPECT_TRUE(errors.error().is_graphql_error);
  EXPECT_EQ(errors.error().message, "boom");
  for (const std::string& body :
       {std::string("<html>"), std::string(200'000, '['), std::string("{\"data\":\xFF}"), std::string()})
    EXPECT_FALSE(parse_search_page(body));
}

}  // namespace
}  // namespace wxcc::webex
