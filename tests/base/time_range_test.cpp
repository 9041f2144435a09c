// SPDX-License-Identifier: Apache-2.0
#include "base/time_range.h"

#include <gtest/gtest.h>

namespace wxcc::base {
namespace {

TimeRange range(int from, int to) {
  return {from_ms(from), from_ms(to)};
}

TEST(SubtractRanges, ReturnsWholeRangeWithoutSpans) {
  EXPECT_EQ(subtract_ranges(range(5, 9), {}), std::vector{range(5, 9)});
}

TEST(SubtractRanges, ReturnsPartsAroundSpans) {
  EXPECT_EQ(subtract_ranges(range(0, 10), {range(2, 3), range(5, 7)}),
            (std::vector{range(0, 2), range(3, 5), range(7, 10)}));
}

TEST(SubtractRanges, ReturnsNoPartsInsideSpan) {
  EXPECT_TRUE(subtract_ranges(range(3, 5), {range(2, 7)}).empty());
  EXPECT_TRUE(subtract_ranges(range(2, 7), {range(2, 7)}).empty());
}

TEST(SubtractRanges, ReturnsNoPartsOfEmptyRange) {
  EXPECT_TRUE(subtract_ranges(range(5, 5), {}).empty());
}

TEST(SubtractRanges, IgnoresSpansOutsideTheRange) {
  EXPECT_EQ(subtract_ranges(range(3, 6), {range(0, 2), range(8, 9)}), std::vector{range(3, 6)});
}

TEST(MergeRanges, ReturnsSmallestRangeThatHoldsAll) {
  EXPECT_EQ(merge_ranges({}, range(3, 6)), range(3, 6));
  EXPECT_EQ(merge_ranges({range(6, 8), range(1, 4)}, range(3, 6)), range(1, 8));
}

TEST(TotalOverlap, CountsOnlyPartsWithinRange) {
  EXPECT_EQ(total_overlap(range(2, 9), {range(0, 3), range(5, 6), range(8, 20), range(30, 40)}), Millis{3});
  EXPECT_EQ(total_overlap(range(2, 9), {}), Millis{0});
}

TEST(Intersection, IsEmptyForDisjointRanges) {
  EXPECT_EQ(intersection(range(0, 5), range(3, 9)), range(3, 5));
  EXPECT_TRUE(intersection(range(0, 3), range(3, 9)).empty());
  EXPECT_EQ(intersection(range(0, 2), range(3, 9)).length(), Millis{0});
}

}  // namespace
}  // namespace wxcc::base
