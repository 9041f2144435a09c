// SPDX-License-Identifier: Apache-2.0
#include "store/spans.h"

#include <algorithm>

namespace wxcc::store {

base::TimeRange joined(const std::vector<base::TimeRange>& overlapping_or_touching, base::TimeRange added) {
  for (const base::TimeRange& span : overlapping_or_touching) {
    added.from = std::min(added.from, span.from);
    added.to = std::max(added.to, span.to);
  }
  return added;
}

std::vector<base::TimeRange> gaps(const std::vector<base::TimeRange>& spans, base::TimeRange range) {
  std::vector<base::TimeRange> result;
  base::Instant uncovered_from = range.from;
  for (const base::TimeRange& span : spans) {
    if (span.to <= uncovered_from) continue;
    if (span.from >= range.to) break;
    if (span.from > uncovered_from) result.push_back({uncovered_from, span.from});
    uncovered_from = span.to;
  }
  if (uncovered_from < range.to) result.push_back({uncovered_from, range.to});
  return result;
}

}  // namespace wxcc::store
