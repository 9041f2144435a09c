// SPDX-License-Identifier: Apache-2.0
#include <bitset>
#include <random>

#include "archive_fixture.h"

namespace wxcc::store {
namespace {

TimeRange range(int from, int to) {
  return {from_ms(from), from_ms(to)};
}

// The archive's spans against one bit for every millisecond.
class Coverage : public ArchiveFixture, public testing::WithParamInterface<unsigned> {};

TEST_P(Coverage, EqualsBruteForceModelForRandomScans) {
  std::mt19937 random(GetParam());
  Archive archive = open();
  std::bitset<60> covered;
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  for (int scan = 0; scan < 25; ++scan) {
    const int from = below(60);
    const int to = from + below(std::min(9, 61 - from));
    archive.commit_page({}, Scan{model::TimeField::Ended, range(from, to), kNow}, std::nullopt, kNow);
    for (int i = from; i < to; ++i) covered.set(static_cast<std::size_t>(i));

    std::bitset<60> uncovered;
    for (const TimeRange& gap : archive.reader().uncovered(model::TimeField::Ended, range(0, 60)))
      for (Instant i = gap.from; i < gap.to; i += base::Millis(1))
        uncovered.set(static_cast<std::size_t>(base::to_ms(i)));
    ASSERT_EQ(uncovered, ~covered) << "after the scan of [" << from << ", " << to << ")";
    // Stored apart: no two spans overlap or touch.
    ASSERT_EQ(
        row("SELECT count(*) FROM scan_span a JOIN scan_span b ON a.from_ms < b.from_ms AND a.to_ms >= b.from_ms"),
        "0");
  }
  EXPECT_EQ(archive.reader().uncovered(model::TimeField::Created, range(0, 60)), std::vector{range(0, 60)});
}

class CoverageGaps : public ArchiveFixture {
 protected:
  void scan(TimeRange span, std::optional<Instant> mark = std::nullopt) {
    archive_.commit_page({}, Scan{model::TimeField::Ended, span, kNow}, mark, kNow);
  }
  std::vector<TimeRange> gaps() const {
    const std::vector<TimeRange> gaps = Reader::open(path_).coverage_gaps(kNow);
    EXPECT_EQ(archive_.reader().coverage_gaps(kNow), gaps) << "the writer sees the same";
    return gaps;
  }
  Archive archive_ = open();
};

TEST_F(CoverageGaps, BeginWithRecordedBackfillStart) {
  const TimeRange read{kNow - hours(10), kNow - hours(8)};
  scan(read, read.to);
  EXPECT_TRUE(gaps().empty());
  archive_.service().record_backfill_start({std::nullopt, hours(24)});
  EXPECT_EQ(gaps(), std::vector({TimeRange{kNow - hours(24), read.from}}));
  archive_.service().record_backfill_start({.date = kNow - hours(48)});
  EXPECT_EQ(gaps(), std::vector({TimeRange{kNow - hours(48), read.from}}));
  archive_.service().record_backfill_start({std::nullopt, hours(9)});
  EXPECT_TRUE(gaps().empty());
  archive_.service().record_backfill_start({std::nullopt, hours(1)});
  EXPECT_TRUE(gaps().empty()) << "it begins after the mark";
  archive_.service().record_backfill_start({.date = kNow - std::chrono::years(10)});
  EXPECT_EQ(gaps().at(0).from, kNow - model::kMaxLookback) << "limited to the maximum lookback";
}

TEST_F(CoverageGaps, EndWithHighWaterMark) {
  archive_.service().record_backfill_start({std::nullopt, hours(10)});
  EXPECT_TRUE(gaps().empty()) << "nothing was scanned";
  scan({kNow - hours(10), kNow - hours(8)});
  scan({kNow - hours(6), kNow - hours(5)});
  EXPECT_EQ(gaps(), std::vector({TimeRange{kNow - hours(8), kNow - hours(6)}})) << "no mark: up to the newest scan";
  scan({kNow - hours(4), kNow - hours(3)}, kNow - hours(3));
  EXPECT_EQ(gaps().back(), (TimeRange{kNow - hours(5), kNow - hours(4)}));
}

TEST_F(CoverageGaps, BeginWithOldestScanWithoutBackfillStart) {
  scan({kNow - hours(10), kNow - hours(8)});
  scan({kNow - hours(4), kNow - hours(3)}, kNow - hours(3));
  EXPECT_EQ(gaps(), std::vector({TimeRange{kNow - hours(8), kNow - hours(4)}}));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Coverage, testing::Range(1U, 9U));

}  // namespace
}  // namespace wxcc::store
