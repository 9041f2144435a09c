// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/time_range.h"
#include "model/backfill_start.h"

namespace wxcc::sync {

// Which spans of time to search. All pure.

using model::kMaxLookback;

// How much of the past one window holds: with a day, pages are few and progress is visible.
inline constexpr std::chrono::days kDefaultWindow{1};

// Windows without gap or overlap that make up the range, each at most so wide, oldest first. Empty for an empty range.
std::vector<base::TimeRange> split_into_windows(base::TimeRange range, base::Millis width);

// The range of a poll at `now`: from the mark, less the overlap for tasks that become visible late, to now less the
// time that the API needs to settle. Without a mark (the first poll) just the overlap, and at least a minute, since the
// mark begins with it. std::nullopt when that end is not after the mark, as after a clock was set back.
std::optional<base::TimeRange> poll_range(std::optional<base::Instant> mark, base::Instant now, base::Millis settle,
                                          base::Millis overlap);

// Whether a clock that reads `now` has been set back to before the mark: nothing can be read until it has passed the
// mark, and waiting for that is no success. A step of less than a minute does not count.
bool clock_stepped_back(std::optional<base::Instant> mark, base::Instant now);

// The part of the range that the API can search: within its lookback, and up to now less the time that it needs to
// settle. std::nullopt when that part is empty.
std::optional<base::TimeRange> clamp_to_searchable(base::TimeRange range, base::Instant now, base::Millis settle);

// The next window of a backfill: the newest part, at most so wide, of the newest uncovered span (spans in order of
// time). std::nullopt when nothing is uncovered.
std::optional<base::TimeRange> next_backfill(const std::vector<base::TimeRange>& uncovered, base::Millis width);

// The width of a backfill's next window after one that had so many pages: it doubles (up to 32 days) while windows have
// few pages, so that a quiet organisation does not cost a request for each day, and halves (down to a day) when they
// have many, so that a busy organisation's progress is kept.
base::Millis next_window_width(base::Millis width, int pages);

// The two halves of a range, for a window that holds too many pages. std::nullopt for a range of one millisecond.
std::optional<std::pair<base::TimeRange, base::TimeRange>> bisect(base::TimeRange range);

// Watches the order of the tasks on the pages of one window. As long as they come in ascending order of the compared
// timestamp, everything before the last of them has been seen, even when the API gives no way to the next page.
class PageOrderTracker {
 public:
  PageOrderTracker() = default;
  explicit PageOrderTracker(base::TimeRange range) : range_(range), last_(range.from) {}

  // The next task of the page, or of the next page, by its compared timestamp.
  void observe(std::optional<base::Instant> timestamp);
  [[nodiscard]] int tasks() const { return tasks_; }
  // Where reading can resume: at the last timestamp again, because further tasks may have it too. std::nullopt when the
  // tasks were out of order, or when all tasks so far have the timestamp at which the window begins.
  [[nodiscard]] std::optional<base::Instant> resume_point() const;

 private:
  base::TimeRange range_;
  base::Instant last_;
  int tasks_ = 0;
  bool ascending_ = true;
};

// How long until the next reconcile. A last one in the future comes of a clock's error: then at once.
base::Millis time_until_reconcile(base::Instant last, base::Instant now, base::Millis interval);

// The ranges of task ends in which a reconcile at `now` queues missing transcripts again, when the one before was at
// `last`: those within the lookback, and those whose age has passed twice, four times, eight times ... the deadline
// since then, so that what appears after the deadline is found at a cost that dwindles.
std::vector<base::TimeRange> recheck_ranges(std::optional<base::Instant> last, base::Instant now, base::Millis lookback,
                                            base::Millis deadline);

}  // namespace wxcc::sync
