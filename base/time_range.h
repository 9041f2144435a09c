// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "base/instant.h"

namespace wxcc::base {

// A half-open span of time: `from` belongs to it, `to` does not. Empty when `from` is not before `to`.
struct TimeRange {
  Instant from;
  Instant to;
  [[nodiscard]] bool empty() const { return from >= to; }
  [[nodiscard]] Millis length() const { return empty() ? Millis{0} : to - from; }
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

// The part that both ranges have in common; empty when they have none.
[[nodiscard]] inline TimeRange intersection(TimeRange a, TimeRange b) {
  return {std::max(a.from, b.from), std::min(a.to, b.to)};
}

// The smallest range that holds `added` and all of the ranges, which overlap or touch it, in any order.
[[nodiscard]] TimeRange merge_ranges(const std::vector<TimeRange>& overlapping_or_touching, TimeRange added);

// The parts of the range that none of the spans covers, in order. The spans must be in order and must not overlap.
[[nodiscard]] std::vector<TimeRange> subtract_ranges(TimeRange range, const std::vector<TimeRange>& spans);

// The sum of the lengths.
[[nodiscard]] Millis total_length(const std::vector<TimeRange>& ranges);

// How much of the range the spans cover; the spans must not overlap each other.
[[nodiscard]] Millis total_overlap(TimeRange range, const std::vector<TimeRange>& spans);

}  // namespace wxcc::base
