// SPDX-License-Identifier: Apache-2.0
#include "report/filter_description.h"

#include <gmock/gmock.h>

namespace wxcc::report {
namespace {

using testing::ElementsAre;

store::ConversationFilter everything() {
  store::ConversationFilter filter;
  filter.queues = {"Parcels", "Billing"};
  filter.teams = {"North"};
  filter.agents = {"Arne Holm"};
  filter.customers = {"mira@example.org"};
  filter.channels = {"chat"};
  filter.states = {model::TranscriptState::Pending, model::TranscriptState::Failed};
  filter.text = "Mira";
  return filter;
}

TEST(DescribeFilter, HasKeyLabelAndValuesOfConditions) {
  std::vector<std::string> lines;
  for (const FilterCondition& condition : describe_filter(everything(), std::nullopt)) {
    std::string line = std::string(condition.key) + "/" + std::string(condition.label);
    for (const std::string& value : condition.values) line += "/" + value;
    lines.push_back(line);
  }
  EXPECT_THAT(lines, ElementsAre("queues/Queue/Parcels/Billing", "teams/Team/North", "agents/Agent/Arne Holm",
                                 "customers/Customer/mira@example.org", "channels/Channel/chat",
                                 "states/Transcript state/pending/failed", "text/Text/Mira"));
}

TEST(DescribeFilter, IncludesConditionsWithoutValues) {
  EXPECT_EQ(describe_filter({}, std::nullopt).size(), describe_filter(everything(), std::nullopt).size());
  for (const FilterCondition& condition : describe_filter({}, model::RedactionProfile::Everyone))
    EXPECT_TRUE(condition.values.empty()) << condition.key;
}

TEST(FilterSentence, JoinsConditions) {
  EXPECT_EQ(filter_sentence({}, std::nullopt), "");
  EXPECT_EQ(filter_sentence(everything(), std::nullopt),
            "Queue: Parcels, Billing; Team: North; Agent: Arne Holm; Customer: mira@example.org; Channel: chat; "
            "Transcript state: pending, failed; Text: Mira");
}

TEST(FilterSentence, HidesSearchedPersonsInRedactedExtract) {
  store::ConversationFilter filter = everything();
  filter.queues.clear();
  filter.teams.clear();
  filter.channels.clear();
  filter.states.clear();
  EXPECT_EQ(filter_sentence(filter, model::RedactionProfile::Customers),
            "Agent: Arne Holm; Customer: [removed]; Text: [removed]; Redacted: customers");
  EXPECT_EQ(filter_sentence(filter, model::RedactionProfile::Agents),
            "Agent: [removed]; Customer: [removed]; Text: [removed]; Redacted: agents");
}

}  // namespace
}  // namespace wxcc::report
