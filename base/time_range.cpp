// SPDX-License-Identifier: Apache-2.0
#include "base/time_range.h"

namespace wxcc::base {

TimeRange merge_ranges(const std::vector<TimeRange>& overlapping_or_touching, TimeRange added) {
  for (const TimeRange& span : overlapping_or_touching) {
    added.from = std::min(added.from, span.from);
    added.to = std::max(added.to, span.to);
  }
  return added;
}

std::vector<TimeRange> subtract_ranges(TimeRange range, const std::vector<TimeRange>& spans) {
  std::vector<TimeRange> result;
  Instant uncovered_from = range.from;
  for (const TimeRange& span : spans) {
    if (span.to <= uncovered_from) continue;
    if (span.from >= range.to) break;
    if (span.from > uncovered_from) result.push_back({uncovered_from, span.from});
    uncovered_from = span.to;
  }
  if (uncovered_from < range.to) result.push_back({uncovered_from, range.to});
  return result;
}

Millis total_length(const std::vector<TimeRange>& ranges) {
  Millis sum{0};
  for (const TimeRange& range : ranges) sum += range.length();
  return sum;
}

Millis total_overlap(TimeRange range, const std::vector<TimeRange>& spans) {
  Millis sum{0};
  for (const TimeRange& span : spans) sum += intersection(range, span).length();
  return sum;
}

}  // namespace wxcc::base
