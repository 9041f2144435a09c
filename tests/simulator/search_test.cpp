// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search.h"

#include <algorithm>
#include <functional>
#include <set>

#include "search_fixture.h"

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST_F(SearchTest, ReturnsTheDocumentedExampleWithVariables) {
  const auto response =
      run("query Ended($from: Long!, $to: Long!, $cursor: String) { taskDetails(from: $from, to: $to, timeComparator: "
          "endedTime, "
          "filter: { and: [ { channelType: { equals: chat } } { isActive: { equals: false } } ] }, pagination: { "
          "cursor: $cursor }) "
          "{ tasks { id status isActive channelType channelSubType direction origin destination createdTime "
          "endedTime(sort: asc) "
          "totalDuration customer { name email phoneNumber } lastAgent { id name } lastQueue { id name } lastTeam { id "
          "name } "
          "lastEntryPoint { id name } lastWrapupCodeName terminationType terminationReason contactReason csatScore "
          "captureRequested "
          "isTranscriptionAvailable } pageInfo { hasNextPage endCursor } } }",
          fmt::format(R"({{"from":"{}","to":{},"cursor":"NA"}})", now_ms() - 14 * 86'400'000LL, now_ms()));
  ASSERT_TRUE(response) << response.error();
  const auto document = base::JsonDocument::parse(*response);
  ASSERT_EQ(list(*document).size(), 250U);
  std::int64_t last = 0;
  for (const base::JsonNode task : list(*document)) {
    EXPECT_EQ(task["channelType"].text(), "chat");
    EXPECT_EQ(task["isActive"].boolean(), false);
    EXPECT_GE(*task["endedTime"].integer(), last);
    last = *task["endedTime"].integer();
    EXPECT_EQ(*task["totalDuration"].integer(), last - *task["createdTime"].integer());
  }
  EXPECT_EQ(page_info(*document)["hasNextPage"].boolean(), true);
  EXPECT_EQ(page_info(*document)["endCursor"].text(), "1");
}

TEST_F(SearchTest, PagesHoldEachTaskOnceDespiteEqualTimes) {
  options.duplicate_timestamps = 30;
  options.page_size = 50;
  for (const bool opaque : {false, true}) {
    options.opaque_cursors = opaque;
    populate();
    const auto ids = all_ids(span() + ", timeComparator: endedTime", "id endedTime(sort: asc)");
    EXPECT_EQ(ids.size(), 700U);
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 700U);
  }
}

TEST_F(SearchTest, PagesAreLiveAndShiftWhenTasksArrive) {
  options.live_rate = 10;
  populate();
  const std::string arguments = fmt::format("from: {}, to: {}", now_ms() - 14 * 86'400'000LL, now_ms() + 86'400'000LL);
  const auto first = tasks(arguments, "id");
  const std::string last_of_first(*list(first).at(249)["id"].text());
  clock.advance(10min);
  const auto second = tasks(arguments + ", pagination: { cursor: \"1\" }", "id");
  std::set<std::string> ids;
  for (const base::JsonNode task : list(second)) ids.emplace(*task["id"].text());
  EXPECT_TRUE(ids.contains(last_of_first))
      << "newest first: what arrived pushed the first page's last task onto the second";
}

TEST_F(SearchTest, AcceptsEverySpellingOfTheFirstPage) {
  for (const std::string pagination : {"", ", pagination: null", ", pagination: {}", ", pagination: { cursor: \"NA\" }",
                                       ", pagination: { cursor: \"0\" }", ", pagination: { cursor: null }"}) {
    const auto response = tasks(span() + pagination, "id");
    EXPECT_EQ(page_info(response)["endCursor"].text(), "1") << pagination;
  }
  const auto unset =
      run(fmt::format("query($c: String) {{ task({}, pagination: {{ cursor: $c }}) {{ tasks {{ id }} }} }}", span()));
  EXPECT_TRUE(unset) << unset.error();
}

TEST_F(SearchTest, SortsByCreatedTimeDescendingByDefault) {
  const auto created = [&](const std::string& fields) {
    std::vector<std::int64_t> times;
    const auto response = tasks(span() + ", timeComparator: endedTime", fields);
    for (const base::JsonNode task : list(response)) times.push_back(*task.at(0).integer());
    return times;
  };
  EXPECT_TRUE(std::ranges::is_sorted(created("createdTime"), std::ranges::greater{}));
  EXPECT_TRUE(std::ranges::is_sorted(created("createdTime(sort: asc)")));
  EXPECT_TRUE(std::ranges::is_sorted(created("endedTime(sort: desc)"), std::ranges::greater{}));
  EXPECT_TRUE(std::ranges::is_sorted(created("createdTime(sort: desc)"), std::ranges::greater{}));
}

TEST_F(SearchTest, BoundsAreInclusive) {
  const base::Instant ended = generator->record(generator->by_ended()[100]).ended;
  const auto response = tasks(fmt::format("from: {0}, to: {0}, timeComparator: endedTime", base::to_ms(ended)), "id");
  EXPECT_EQ(list(response).size(), 1U);
}

TEST_F(SearchTest, StopsSilentlyAtTheRecordCap) {
  options.record_cap = 300;
  EXPECT_EQ(all_ids(span(), "id").size(), 300U);
}

TEST_F(SearchTest, EndTimeIsVisibleAfterItsLag) {
  options.tasks = 0;
  options.live_rate = 60;
  options.live_duration = 20s;
  options.search_lag = 60s;
  options.end_time_pending_share = 0.5;
  options.end_time_pending_for = 10min;
  options.page_size = 1000;
  options.start = clock.now();
  populate();
  clock.advance(5min);
  const auto response =
      tasks(fmt::format("from: {}, to: {}", now_ms() - 600'000, now_ms()), "id isActive endedTime status");
  std::size_t open = 0;
  std::size_t undated = 0;
  std::size_t ended = 0;
  for (const base::JsonNode task : list(response)) {
    const bool active = *task["isActive"].boolean();
    const bool has_end = *task["endedTime"].integer() > 0;
    EXPECT_FALSE(active && has_end);
    ++(active ? open : has_end ? ended : undated);
  }
  EXPECT_GT(open, 0U);
  EXPECT_GT(undated, 0U);
  EXPECT_GT(ended, 0U);
  const std::string by_end = fmt::format("from: {}, to: {}, timeComparator: endedTime", now_ms() - 600'000, now_ms());
  EXPECT_EQ(list(tasks(by_end, "id")).size(), ended);

  const base::Instant then = clock.now();
  const auto really_ended = std::ranges::count_if(
      generator->by_ended(), [&](TaskNumber number) { return generator->record(number).ended <= then; });
  clock.advance(30min);
  EXPECT_EQ(list(tasks(by_end, "id")).size(), static_cast<std::size_t>(really_ended));
}

TEST_F(SearchTest, WrapUpAndScoreAreSetLater) {
  options.tasks = 0;
  options.live_rate = 60;
  options.live_duration = 5s;
  options.late_fields_lag = 10min;
  options.start = clock.now();
  populate();
  const auto with_wrapup = [&] {
    const auto response = tasks(
        fmt::format(
            "from: {}, to: {}, filter: {{ isActive: {{ equals: false }} lastAgent: {{ id: {{ notequals: null }} }} }}",
            base::to_ms(*options.start), base::to_ms(*options.start) + 60'000),
        "lastWrapupCodeName topicName");
    std::size_t count = 0;
    for (const base::JsonNode task : list(response)) count += task["topicName"].text() != "N/A" ? 1U : 0U;
    return count;
  };
  clock.advance(2min);
  const std::size_t early = with_wrapup();
  clock.advance(1h);
  EXPECT_GT(with_wrapup(), early);
}

TEST_F(SearchTest, EpochSecondsFindNothingAndFutureEndIsNow) {
  const auto seconds = tasks(fmt::format("from: {}, to: {}", now_ms() / 1000 - 86400, now_ms() / 1000), "id");
  EXPECT_EQ(list(seconds).size(), 0U);
  EXPECT_EQ(page_info(seconds)["hasNextPage"].boolean(), false);
  EXPECT_TRUE(page_info(seconds)["endCursor"].is_null());
  const auto future =
      tasks(fmt::format("from: {}, to: {}", now_ms() - 14 * 86'400'000LL, now_ms() + 400 * 86'400'000LL), "id");
  EXPECT_EQ(list(future).size(), 250U);
}

TEST_F(SearchTest, AbsentAgentsHaveThreeForms) {
  const auto response = tasks(span(), "lastAgent { id name }");
  std::set<std::string> spellings;
  for (const base::JsonNode task : list(response))
    if (task["lastAgent"]["id"].text().value_or("").empty()) spellings.insert(task["lastAgent"].to_json());
  EXPECT_TRUE(spellings.contains(R"({"id":null,"name":null})"));
  EXPECT_GE(spellings.size(), 2U);
}

TEST_F(SearchTest, HasAliasesJsonAndNestedObjects) {
  const auto response = run(fmt::format(
      "{{ mine: taskDetails({}) {{ tasks {{ key: id globalVariables channelMetaData {{ chat {{ chatReason }} "
      "inBoundTranscript }} }} intervalInfo {{ interval }} }} }}",
      span()));
  ASSERT_TRUE(response) << response.error();
  const auto document = base::JsonDocument::parse(*response);
  const base::JsonNode root = document->root()["data"]["mine"];
  EXPECT_TRUE(root["intervalInfo"].is_null());
  const base::JsonNode task = root["tasks"].at(0);
  EXPECT_TRUE(task["key"].is_string());
  EXPECT_TRUE(task["globalVariables"].is_object());
  EXPECT_TRUE(task["channelMetaData"]["chat"]["chatReason"].exists());
  EXPECT_TRUE(task["channelMetaData"]["inBoundTranscript"].is_null());
}

TEST_F(SearchTest, CountsByAggregation) {
  const auto counts = [&](const std::string& filter, const std::string& aggregations) {
    const auto response = run(
        fmt::format("{{ taskDetails({}, filter: {}, aggregations: [{}]) {{ tasks {{ aggregation {{ name value }} }} "
                    "pageInfo {{ hasNextPage }} }} }}",
                    span(), filter, aggregations));
    return response ? base::JsonDocument::parse(*response)->root()["data"]["taskDetails"]["tasks"].to_json()
                    : response.error();
  };
  EXPECT_EQ(counts("{}", R"({ field: "id", type: count, name: "all" })"),
            R"([{"aggregation":[{"name":"all","value":700.0}]}])");
  const std::string chats = counts("{ channelType: { equals: chat } }",
                                   R"({ field: "id", type: count, name: "n" }, { field: "id", type: count, name: "none",
                                   filter: { channelType: { equals: email } } })");
  const auto listed = all_ids(span() + ", filter: { channelType: { equals: chat } }", "id");
  EXPECT_EQ(chats, fmt::format(R"([{{"aggregation":[{{"name":"n","value":{}.0}},{{"name":"none","value":0.0}}]}}])",
                               listed.size()));
  EXPECT_THAT(counts("{}", R"({ field: "totalDuration", type: sum, name: "n" })"), HasSubstr("no aggregation but"));
}

struct ErrorCase {
  const char* arguments;  // "SPAN" is replaced by a valid from and to
  const char* fields;
  const char* message;
};
class SearchError : public SearchTest, public testing::WithParamInterface<ErrorCase> {};

TEST_P(SearchError, NamesTheProblem) {
  std::string arguments = GetParam().arguments;
  if (const auto place = arguments.find("SPAN"); place != std::string::npos) arguments.replace(place, 4, span());
  EXPECT_THAT(error_of(fmt::format("{{ taskDetails({}) {{ tasks {{ {} }} }} }}", arguments, GetParam().fields)),
              HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, SearchError,
    testing::Values(
        ErrorCase{"SPAN", "id queue { id }",
                  "(FieldUndefined@[taskDetails/tasks/queue]) : Field 'queue' in type 'TaskDetails' is undefined"},
        ErrorCase{"SPAN", "customer { age }", "FieldUndefined@[taskDetails/tasks/customer/age]"},
        ErrorCase{"SPAN", "customer", "SubSelectionRequired"}, ErrorCase{"SPAN", "id { x }", "SubSelectionNotAllowed"},
        ErrorCase{"SPAN", "id(sort: asc)", "UnknownArgument"},
        ErrorCase{"SPAN", "createdTime(sort: upwards)", "WrongType"},
        ErrorCase{"to: 1767225600000", "id", "Missing field argument 'from'"},
        ErrorCase{"from: 1767225600000", "id", "Missing field argument 'to'"},
        ErrorCase{"SPAN, first: 50", "id", "UnknownArgument"},
        ErrorCase{"from: \"yesterday\", to: 1767225600000", "id", "'from' is not a valid 'Long'"},
        ErrorCase{"from: 1735600000000, to: 1767225600000", "id", "365 days"},
        ErrorCase{"from: 1500000000000, to: 1510000000000", "id", "36 months"},
        ErrorCase{"from: 1767225600000, to: 1767225500000", "id", "less than to"},
        ErrorCase{"SPAN, timeComparator: \"endedTime\"", "id", "QueryTimeType"},
        ErrorCase{"SPAN, timeComparator: startTime", "id", "QueryTimeType"},
        ErrorCase{"SPAN, pagination: { cursor: \"abc\" }", "id", "cursor"},
        ErrorCase{"SPAN, pagination: { cursor: 1 }", "id", "cursor"},
        ErrorCase{"SPAN, filter: { createdTime: { gt: 1 } }", "id", "not in 'TaskDetailsFilters': 'createdTime'"},
        ErrorCase{"SPAN, filter: { channelType: { equals: \"chat\" } }", "id", "ChannelType"},
        ErrorCase{"SPAN, filter: { channelType: { equals: chatt } }", "id", "ChannelType"},
        ErrorCase{"SPAN, filter: { status: { equals: ended } }", "id", "String"},
        ErrorCase{"SPAN, filter: { status: { in: [\"ended\"] } }", "id", "unknown operator 'in'"},
        ErrorCase{"SPAN, filter: { origin: { match: \"([\" } }", "id", "regular expression"},
        ErrorCase{"SPAN, filter: { id: \"x\" }", "id", "operators"},
        ErrorCase{"SPAN, filter: { id: { equals: $no } }", "id", "UndefinedVariable"}));

TEST_F(SearchTest, RejectsIntrospectionAndUnknownRoots) {
  EXPECT_THAT(error_of("{ __schema { types { name } } }"), HasSubstr("Introspection"));
  EXPECT_THAT(error_of("{ tasks { id } }"), HasSubstr("FieldUndefined@[tasks]"));
  EXPECT_THAT(error_of("{ taskDetails("), HasSubstr("Invalid Syntax"));
  EXPECT_THAT(error_of("query($f: Long!) { task(from: $f, to: $f) { tasks { id } } }"), HasSubstr("NonNull"));
}

}  // namespace
}  // namespace wxcc::simulator
