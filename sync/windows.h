// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/zone.h"

namespace wxcc::sync {

// Which spans of time to search. All pure.

// The Search API looks back at most 36 months; a margin keeps a window's start inside while its pages are read.
inline constexpr std::chrono::days kLongestReach{36 * 30};

// How much one search reads at the most, oldest or newest first: a day keeps pages few and progress visible.
inline constexpr std::chrono::days kWindow{1};

// The windows that tile the range without gap or overlap, each at most so long, oldest first. Empty for an empty range.
std::vector<base::TimeRange> tile(base::TimeRange range, base::Millis width);

// What a poll at `now` has to read: from the mark, less the overlap for tasks that became visible late, to now less the
// time that the cloud needs to settle. Without a mark (the first poll) just the overlap. Nothing when that end is not
// after the mark, as after a clock was set back.
std::optional<base::TimeRange> poll_range(std::optional<base::Instant> mark, base::Instant now, base::Millis settle,
                                          base::Millis overlap);

// The earliest instant of interest, never beyond the cloud's reach.
base::Instant backfill_start(std::optional<base::Instant> date, base::Millis reach, base::Instant now);

// The next window of a backfill: the newest part, at most so long, of the newest uncovered span (spans in order of
// time).
std::optional<base::TimeRange> next_backfill(const std::vector<base::TimeRange>& uncovered, base::Millis width);

// How wide a backfill's next window is after one that had so many pages: days of a quiet organisation are read many at
// a time, so that a request is not spent on each; those of a busy one singly, so that progress is kept.
base::Millis next_width(base::Millis width, int pages);

// Two halves that tile the range; for a window that holds too many pages. Nothing for a range of one millisecond.
std::optional<std::pair<base::TimeRange, base::TimeRange>> halves(base::TimeRange range);

}  // namespace wxcc::sync
