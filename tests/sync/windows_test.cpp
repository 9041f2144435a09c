// SPDX-License-Identifier: Apache-2.0
#include "sync/windows.h"

#include <gtest/gtest.h>

#include <random>

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;
using base::Instant;
using base::Millis;
using base::TimeRange;

const Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

TEST(Windows, SplitRangeWithoutGapOrOverlap) {
  std::mt19937_64 random{7};
  for (int round = 0; round < 2'000; ++round) {
    const Instant from = kNow - Millis{static_cast<std::int64_t>(random() % 1'000'000'000)};
    const TimeRange range{from, from + Millis{static_cast<std::int64_t>(random() % 500'000'000)}};
    const Millis width{1'000'000 + static_cast<std::int64_t>(random() % 100'000'000)};
    const auto windows = split_into_windows(range, width);
    Instant reached = range.from;
    for (const TimeRange& window : windows) {
      ASSERT_EQ(window.from, reached);
      ASSERT_LT(window.from, window.to);
      ASSERT_LE(window.to - window.from, width);
      reached = window.to;
    }
    ASSERT_EQ(reached, range.to);
  }
  EXPECT_TRUE(split_into_windows({kNow, kNow}, kDefaultWindow).empty());
}

TEST(Windows, PollsLeaveNoGapWhenClockSteps) {
  std::mt19937_64 random{11};
  std::optional<Instant> mark;
  Instant covered_to{};
  Instant now = kNow;
  for (int poll = 0; poll < 5'000; ++poll) {
    now += Millis{static_cast<std::int64_t>(random() % 7'200'000) - 1'800'000};
    const auto range = poll_range(mark, now, ch::seconds{30}, ch::minutes{15});
    if (!range) continue;
    ASSERT_LT(range->from, range->to);
    if (mark) {
      ASSERT_LE(range->from, covered_to) << "a gap";
      ASSERT_GT(range->to, *mark) << "the mark never moves back";
    }
    ASSERT_LE(range->to, now - ch::seconds{30});
    mark = covered_to = range->to;
  }
}

TEST(Windows, PollLooksBackByOverlapWithinApiLookback) {
  const auto first = poll_range(std::nullopt, kNow, ch::seconds{30}, ch::minutes{15});
  EXPECT_EQ(first->to, kNow - ch::seconds{30});
  EXPECT_EQ(first->from, first->to - ch::minutes{15});
  const auto after_years = poll_range(kNow - ch::years{5}, kNow, ch::seconds{30}, ch::minutes{15});
  EXPECT_EQ(after_years->from, kNow - kMaxLookback);
  EXPECT_FALSE(poll_range(kNow, kNow, ch::seconds{30}, ch::minutes{15})) << "nothing new to read";
}

TEST(Windows, FirstPollWithoutOverlapReadsOneMinute) {
  const auto first = poll_range(std::nullopt, kNow, ch::seconds{30}, Millis{0});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->from, first->to - ch::minutes{1});
  EXPECT_EQ(poll_range(kNow - ch::hours{1}, kNow, Millis{0}, Millis{0}), (TimeRange{kNow - ch::hours{1}, kNow}));
}

TEST(Windows, ReconcileIsDueOneIntervalAfterLast) {
  EXPECT_EQ(time_until_reconcile(kNow - ch::hours{2}, kNow, ch::hours{6}), ch::hours{4});
  EXPECT_EQ(time_until_reconcile(kNow - ch::hours{6}, kNow, ch::hours{6}), Millis{0});
  EXPECT_EQ(time_until_reconcile(kNow - ch::days{9}, kNow, ch::hours{6}), Millis{0});
  EXPECT_EQ(time_until_reconcile(kNow + ch::hours{1}, kNow, ch::hours{6}), Millis{0}) << "the clock was set back";
}

TEST(Windows, ClockSetBackBehindMarkIsDetected) {
  EXPECT_FALSE(clock_stepped_back(std::nullopt, kNow));
  EXPECT_FALSE(clock_stepped_back(kNow - ch::seconds{30}, kNow));
  EXPECT_FALSE(clock_stepped_back(kNow + ch::seconds{59}, kNow)) << "a step that will soon be made up for";
  EXPECT_TRUE(clock_stepped_back(kNow + ch::seconds{61}, kNow));
}

TEST(Windows, RangeIsClampedToSearchablePart) {
  const ch::seconds settle{30};
  const TimeRange day{kNow - ch::days{3}, kNow - ch::days{2}};
  EXPECT_EQ(clamp_to_searchable(day, kNow, settle), day);
  EXPECT_EQ(clamp_to_searchable({kNow - ch::days{3}, kNow + ch::days{1}}, kNow, settle),
            (TimeRange{kNow - ch::days{3}, kNow - settle}));
  EXPECT_EQ(clamp_to_searchable({kNow - ch::years{9}, kNow - ch::days{1}}, kNow, settle),
            (TimeRange{kNow - kMaxLookback, kNow - ch::days{1}}));
  EXPECT_FALSE(clamp_to_searchable({kNow + ch::days{1}, kNow + ch::days{2}}, kNow, settle)) << "the future";
  EXPECT_FALSE(clamp_to_searchable({kNow - ch::seconds{5}, kNow}, kNow, settle)) << "not settled";
  EXPECT_FALSE(clamp_to_searchable({kNow - ch::years{9}, kNow - ch::years{8}}, kNow, settle)) << "beyond the lookback";
  EXPECT_FALSE(clamp_to_searchable({day.to, day.from}, kNow, settle)) << "reversed";
}

TEST(Windows, BackfillGoesFromNewestToOldest) {
  const std::vector<TimeRange> uncovered = {{kNow - ch::days{28}, kNow - ch::days{20}},
                                            {kNow - ch::days{3}, kNow - ch::hours{36}}};
  const auto first = next_backfill(uncovered, ch::days{1});
  EXPECT_EQ(first, (TimeRange{kNow - ch::hours{60}, kNow - ch::hours{36}}));
  EXPECT_EQ(next_backfill({{kNow - ch::hours{5}, kNow}}, ch::days{1}), (TimeRange{kNow - ch::hours{5}, kNow}));
  EXPECT_FALSE(next_backfill({}, ch::days{1}));
}

TEST(Windows, WidenOverQuietDays) {
  Millis width = kDefaultWindow;
  int windows = 0;
  for (Millis lookback = ch::days{28}; lookback > Millis{0}; lookback -= width, width = next_window_width(width, 1))
    ++windows;
  EXPECT_LE(windows, 6);
  EXPECT_EQ(next_window_width(ch::days{32}, 1), ch::days{32});
  EXPECT_EQ(next_window_width(ch::days{4}, 10), ch::days{4});
  EXPECT_EQ(next_window_width(ch::days{4}, 50), ch::days{2});
  EXPECT_EQ(next_window_width(ch::days{1}, 50), ch::days{1});
}

TEST(Windows, HalvesCoverWholeRange) {
  const auto parts = bisect({kNow, kNow + Millis{5}});
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->first.from, kNow);
  EXPECT_EQ(parts->first.to, parts->second.from);
  EXPECT_EQ(parts->second.to, kNow + Millis{5});
  EXPECT_FALSE(bisect({kNow, kNow + Millis{1}}));
  EXPECT_FALSE(bisect({kNow, kNow}));
}

TEST(PageOrderTracker, ResumesAtLastTimestampOfOrderedTasks) {
  std::mt19937_64 random{5};
  for (int round = 0; round < 1'000; ++round) {
    const TimeRange range{kNow, kNow + ch::hours{1}};
    PageOrderTracker order(range);
    Instant last = range.from;
    bool ascending = true;
    const int tasks = static_cast<int>(random() % 6);
    for (int task = 0; task < tasks; ++task) {
      const Instant timestamp = range.from + Millis{static_cast<std::int64_t>(random() % 5)};
      ascending = ascending && timestamp >= last;
      last = timestamp;
      order.observe(timestamp);
    }
    EXPECT_EQ(order.tasks(), tasks);
    const auto wanted = ascending && last > range.from ? std::optional(last) : std::nullopt;
    ASSERT_EQ(order.resume_point(), wanted);
  }
  PageOrderTracker without_timestamp({kNow, kNow + ch::hours{1}});
  without_timestamp.observe(kNow + ch::minutes{1});
  without_timestamp.observe(std::nullopt);
  EXPECT_FALSE(without_timestamp.resume_point());
  PageOrderTracker outside({kNow, kNow + ch::hours{1}});
  outside.observe(kNow + ch::hours{2});
  EXPECT_FALSE(outside.resume_point());
}

// However irregular the reconciles, each missing task is requested once each time its age has doubled.
TEST(Windows, RecheckRangesRecurWheneverAgeDoubles) {
  const Millis lookback = ch::days{3};
  const Millis deadline = ch::days{3};
  const Instant ended = kNow + ch::minutes{17};
  std::mt19937_64 random{3};
  std::optional<Instant> last = kNow;
  std::vector<Millis> rechecks;
  for (Instant now = kNow; now < kNow + ch::days{60}; now += Millis{static_cast<std::int64_t>(random() % 60'000'000)}) {
    int matches = 0;
    for (const TimeRange& ends : recheck_ranges(last, now, lookback, deadline))
      matches += ended >= ends.from && ended < ends.to ? 1 : 0;
    EXPECT_LE(matches, 1);
    if (matches > 0 && now - ended > lookback) rechecks.push_back(now - ended);
    last = now;
  }
  ASSERT_EQ(rechecks.size(), 4U);
  for (std::size_t i = 0; i < rechecks.size(); ++i) {
    const Millis due = deadline * (2 << i);
    EXPECT_GE(rechecks[i], due);
    EXPECT_LE(rechecks[i], due + ch::hours{17});
  }
  EXPECT_EQ(recheck_ranges(std::nullopt, kNow, lookback, deadline).size(), 1U);
  EXPECT_EQ(recheck_ranges(kNow + ch::hours{1}, kNow, lookback, deadline).size(), 1U) << "a clock that was set back";
}

}  // namespace
}  // namespace wxcc::sync
