// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/search_filter.h"

#include "search_fixture.h"

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;

struct FilterCase {
  const char* filter;
  const char* field;   // of the response
  const char* wanted;  // value of every task; with "!" in front: of no task
};
class SearchFilter : public SearchTest, public testing::WithParamInterface<FilterCase> {};

TEST_P(SearchFilter, ReturnsMatchingTasksOnly) {
  const auto response = tasks(span() + ", filter: " + GetParam().filter, GetParam().field);
  ASSERT_GT(list(response).size(), 0U);
  const std::string wanted = GetParam().wanted;
  for (const base::JsonNode task : list(response)) {
    const std::string value = task.at(0).to_json();
    if (wanted.starts_with('!'))
      EXPECT_NE(value, wanted.substr(1));
    else
      EXPECT_EQ(value, wanted);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SearchFilter,
    testing::Values(
        FilterCase{"{ channelType: { equals: email } }", "channelType", "\"email\""},
        FilterCase{"{ channelType: { notequals: chat } }", "channelType", "!\"chat\""},
        FilterCase{"{ status: { equals: \"ended\" } isActive: { equals: false } }", "isActive", "false"},
        FilterCase{"{ and: [ { csatScore: { gte: 4 } } { csatScore: { lt: 5 } } ] }", "csatScore", "4"},
        FilterCase{"{ csatScore: { gt: 3 lte: 4 } }", "csatScore", "4"},
        FilterCase{"{ or: [ { csatScore: { equals: 5 } } { and: [ { csatScore: { gt: 4 } } ] } ] }", "csatScore", "5"},
        FilterCase{"{ lastQueue: { name: { equals: \"Returns\" } } }", "lastQueue { name }", "{\"name\":\"Returns\"}"},
        FilterCase{"{ lastQueue: { name: { match: \"^Ret.*s$\" } } }", "lastQueue { name }", "{\"name\":\"Returns\"}"},
        FilterCase{"{ lastQueue: { name: { contains: \"(24/7)\" } } }", "lastQueue { name }",
                   "{\"name\":\"Premium (24/7)\"}"},
        FilterCase{"{ owner: { notequals: { id: null } } }", "owner { id }", "!{\"id\":null}"},
        FilterCase{"{ endedTime: { gt: \"1\" } }", "isActive", "false"},
        FilterCase{"{ channelSubType: { equals: null } }", "channelSubType", "null"}));

TEST_F(SearchTest, AcceptsTextVariablesForEnumLiterals) {
  const auto response = run(
      fmt::format("query($f: TaskDetailsFilters, $t: QueryTimeType) {{ taskDetails({}, filter: $f, timeComparator: $t) "
                  "{{ tasks {{ channelType }} }} }}",
                  span()),
      R"({"f":{"channelType":{"equals":"telephony"}},"t":"endedTime"})");
  ASSERT_TRUE(response) << response.error();
  EXPECT_THAT(*response, HasSubstr("telephony"));
  EXPECT_EQ(response->find("chat"), std::string::npos);
}

TEST_F(SearchTest, RejectsMoreThanAThousandComparisons) {
  std::string any;
  for (int i = 0; i < 1001; ++i) any += " { id: { equals: \"x\" } }";
  EXPECT_THAT(error_of(fmt::format("{{ task({}, filter: {{ or: [{}] }}) {{ tasks {{ id }} }} }}", span(), any)),
              HasSubstr("1000"));
}

}  // namespace
}  // namespace wxcc::simulator
