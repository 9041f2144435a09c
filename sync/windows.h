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
// time that the cloud needs to settle. Without a mark (the first poll) just the overlap, and at least a minute, since
// the mark begins with it. Nothing when that end is not after the mark, as after a clock was set back.
std::optional<base::TimeRange> poll_range(std::optional<base::Instant> mark, base::Instant now, base::Millis settle,
                                          base::Millis overlap);

// Whether a clock that says `now` has been set back to before what was read already: nothing can be read until it has
// passed that, and waiting for it is no success. A step of less than a minute is waited for in silence.
bool set_back(std::optional<base::Instant> mark, base::Instant now);

// The part of a wanted range that the cloud can be asked for: within its reach, and up to now less the time it needs to
// settle. Nothing when that is no time.
std::optional<base::TimeRange> readable_part(base::TimeRange range, base::Instant now, base::Millis settle);

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

// How far the pages of one window have come. As long as their tasks come in ascending order of the compared stamp,
// everything before the last of them has been seen, even when the cloud gives no way to the next page.
class Progress {
 public:
  Progress() = default;
  explicit Progress(base::TimeRange range) : range_(range), last_(range.from) {}

  // The next task of the page, or of the next page.
  void saw(std::optional<base::Instant> stamp);
  [[nodiscard]] int tasks() const { return tasks_; }
  // Where reading may go on: at the last stamp again, because further tasks may have it too. Nothing when the order was
  // not kept, or when all tasks so far have the stamp at which the window begins.
  [[nodiscard]] std::optional<base::Instant> reached() const;

 private:
  base::TimeRange range_;
  base::Instant last_;
  int tasks_ = 0;
  bool ascending_ = true;
};

// How long until the next reconcile. A new archive has its first a whole interval after its beginning; a time in the
// future is a clock's error.
base::Millis until_reconcile(base::Instant last, base::Instant now, base::Millis every);

// The ends of the tasks whose transcripts are missing and are to be asked for once more by a reconcile now, when the
// one before was at `last`: those within the reach, and those whose age has passed twice, four times, eight times ...
// the deadline since then, so that what appears after the deadline is found at a cost that dwindles.
std::vector<base::TimeRange> ends_to_ask_again(std::optional<base::Instant> last, base::Instant now, base::Millis reach,
                                               base::Millis deadline);

}  // namespace wxcc::sync
