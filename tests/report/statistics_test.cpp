// SPDX-License-Identifier: Apache-2.0
#include "report/statistics.h"

#include <gmock/gmock.h>

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

base::Instant at(std::string_view text) {
  return base::parse_iso8601(text).value();
}

store::StoredTask row(const char* queue, std::string_view created, std::string_view ended) {
  store::StoredTask row;
  row.task.queue.name = queue;
  row.task.created = at(created);
  row.task.ended = at(ended);
  row.task.duration = *row.task.ended - *row.task.created;
  return row;
}

TEST(DurationSample, InterpolatesQuantilesAsSpreadsheetsDo) {
  DurationSample lengths;
  EXPECT_EQ(lengths.quantile(0.5), std::nullopt);
  lengths.add(40ms);
  EXPECT_EQ(lengths.quantile(0.9), 40ms);
  for (const auto value : {10ms, 30ms, 20ms}) lengths.add(value);
  // PERCENTILE.INC({10,20,30,40}; 0.5) = 25 and (...; 0.9) = 37.
  EXPECT_EQ(lengths.quantile(0.5), 25ms);
  EXPECT_EQ(lengths.quantile(0.9), 37ms);
  EXPECT_EQ(lengths.quantile(0.0), 10ms);
  EXPECT_EQ(lengths.quantile(1.0), 40ms);
  lengths.add(0ms);
  EXPECT_EQ(lengths.quantile(0.5), 20ms) << "after more values";
}

TEST(DurationSample, IgnoresNegativeAndLimitsLongDurations) {
  DurationSample lengths;
  lengths.add(-1ms);
  EXPECT_EQ(lengths.count(), 0U);
  lengths.add(24h * 365);
  EXPECT_EQ(lengths.quantile(0.5), base::Millis{4294967295});
}

TEST(Statistics, CountByLocalTimeAcrossClockChanges) {
  Statistics statistics(base::Zone::find("Europe/Amsterdam").value(), model::TimeField::Ended);
  // Sunday 2026-10-25 has the hour from 2 to 3 twice, Sunday 2026-03-29 has none.
  statistics.add(row("a", "2026-10-25T00:30:00Z", "2026-10-25T22:59:59Z"), {});
  statistics.add(row("a", "2026-10-25T01:30:00Z", "2026-10-25T23:00:00Z"), {});
  statistics.add(row("b", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"), {});
  statistics.add(row("b", "2026-03-29T01:00:00Z", "2026-03-28T23:00:00Z"), {});
  EXPECT_EQ(statistics.by_hour[2][6], 2);
  EXPECT_EQ(statistics.by_hour[1][6], 1);
  EXPECT_EQ(statistics.by_hour[3][6], 1);
  EXPECT_EQ(statistics.by_day.at(std::chrono::sys_days{2026y / 10 / 25}), 1);
  EXPECT_EQ(statistics.by_day.at(std::chrono::sys_days{2026y / 10 / 26}), 1);
  EXPECT_EQ(statistics.by_day.at(std::chrono::sys_days{2026y / 3 / 29}), 2);
  EXPECT_EQ(statistics.total.conversations, 4);
  EXPECT_EQ(statistics.by_queue.at("a").conversations, 2);
}

TEST(Statistics, GroupsAddUpToTotal) {
  Statistics statistics(base::Zone::utc(), model::TimeField::Created);
  model::ConversationMetrics metrics;
  metrics.customer_messages = 2;
  metrics.agent_messages = 3;
  metrics.first_response = 7s;
  auto first = row("a", "2026-10-01T08:00:00Z", "2026-10-01T08:10:00Z");
  first.task.csat_score = 4;
  first.transcript_state = model::TranscriptState::Archived;
  statistics.add(first, metrics);
  auto second = row("", "2026-10-02T08:00:00Z", "2026-10-03T08:20:00Z");
  second.task.csat_score = 0;
  statistics.add(second, {});
  EXPECT_EQ(statistics.total.messages, 5);
  for (const auto* groups : {&statistics.by_queue, &statistics.by_agent}) {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    for (const auto& [name, group] : *groups) {
      conversations += group.conversations;
      messages += group.messages;
    }
    EXPECT_EQ(conversations, statistics.total.conversations);
    EXPECT_EQ(messages, statistics.total.messages);
  }
  EXPECT_EQ(statistics.total.conversations, 2);
  EXPECT_EQ(statistics.total.with_transcript, 1);
  EXPECT_EQ(statistics.total.rated, 1);
  EXPECT_EQ(statistics.total.ratings, 4);
  EXPECT_EQ(statistics.total.first_responses.quantile(0.5), 7s);
  EXPECT_EQ(statistics.by_queue.at("").conversations, 1);
  EXPECT_EQ(statistics.by_day.at(std::chrono::sys_days{2026y / 10 / 2}), 1) << "the start counts";
}

TEST(LargestGroups, AreOrderedBySizeThenName) {
  std::map<std::string, GroupStats> groups;
  groups["a"].conversations = 1;
  groups["b"].conversations = 3;
  groups["c"].conversations = 3;
  EXPECT_THAT(largest_groups(groups, 2), ElementsAre("b", "c"));
  EXPECT_THAT(largest_groups(groups, 9), ElementsAre("b", "c", "a"));
}

}  // namespace
}  // namespace wxcc::report
