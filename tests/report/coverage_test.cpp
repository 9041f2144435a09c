// SPDX-License-Identifier: Apache-2.0
#include "report/coverage.h"

#include <gtest/gtest.h>

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;
using model::TranscriptState;

const base::Zone kAmsterdam = base::Zone::find("Europe/Amsterdam").value();

base::Instant at(std::string_view text) {
  return base::parse_iso8601(text).value();
}

store::StoredTask ended(std::string_view when, model::TranscriptState state) {
  store::StoredTask row;
  row.task.ended = at(when);
  row.task.created = at(when) - 24h;
  row.transcript_state = state;
  return row;
}

TEST(Coverage, CountsByDaysOfZone) {
  Coverage coverage(kAmsterdam, model::TimeField::Ended);
  coverage.add(ended("2026-01-01T22:59:59Z", model::TranscriptState::Archived));
  coverage.add(ended("2026-01-01T23:00:00Z", model::TranscriptState::Pending));
  const auto days = coverage.days({at("2025-12-31T23:00:00Z"), at("2026-01-02T23:00:00Z")}, {});
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].day, 2026y / 1 / 1);
  EXPECT_EQ(days[0].transcripts, (model::StateCounts{model::TranscriptState::Archived}));
  EXPECT_EQ(days[1].transcripts, (model::StateCounts{model::TranscriptState::Pending}));
}

TEST(Coverage, CountsByRequestedTimestamp) {
  Coverage coverage(base::Zone::utc(), model::TimeField::Created);
  coverage.add(ended("2026-01-02T12:00:00Z", model::TranscriptState::Failed));
  const auto days = coverage.days({at("2026-01-01T00:00:00Z"), at("2026-01-03T00:00:00Z")}, {});
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].transcripts[model::TranscriptState::Failed], 1);
  EXPECT_EQ(days[1].transcripts[model::TranscriptState::Failed], 0);
}

TEST(Coverage, CountsEachState) {
  Coverage coverage(base::Zone::utc(), model::TimeField::Ended);
  for (const auto& state : model::kTranscriptStateNames) coverage.add(ended("2026-01-02T12:00:00Z", state.value));
  for (const auto& state : model::kTranscriptStateNames) EXPECT_EQ(coverage.total()[state.value], 1) << state.text;
}

TEST(Coverage, ListsDaysWithoutConversationsAndTheirGaps) {
  const Coverage coverage(kAmsterdam, model::TimeField::Ended);
  // The clock goes back on the 25th: that day has 25 hours.
  const auto days = coverage.days({at("2026-10-23T22:00:00Z"), at("2026-10-26T10:00:00Z")},
                                  {{at("2026-10-24T21:00:00Z"), at("2026-10-26T12:00:00Z")}});
  ASSERT_EQ(days.size(), 3U);
  EXPECT_EQ(days[0].uncovered, 1h);
  EXPECT_EQ(days[1].uncovered, 25h);
  EXPECT_EQ(days[2].uncovered, 11h) << "only the part inside the period";
}

TEST(Coverage, RangeEndingAtMidnightAddsNoDay) {
  const Coverage coverage(base::Zone::utc(), model::TimeField::Ended);
  EXPECT_EQ(coverage.days({at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")}, {}).size(), 31U);
  EXPECT_TRUE(coverage.days({at("2026-10-01T00:00:00Z"), at("2026-10-01T00:00:00Z")}, {}).empty());
}

TEST(Coverage, LimitsDaysToTenYears) {
  const Coverage coverage(base::Zone::utc(), model::TimeField::Ended);
  const auto days = coverage.days({at("1000-01-01T00:00:00Z"), at("2026-10-01T00:00:00Z")}, {});
  EXPECT_EQ(days.size(), 3661U);
  EXPECT_EQ(days.back().day, 2026y / 9 / 30);
}

}  // namespace
}  // namespace wxcc::report
