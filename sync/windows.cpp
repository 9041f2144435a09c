// SPDX-License-Identifier: Apache-2.0
#include "sync/windows.h"

#include <algorithm>

namespace wxcc::sync {

using base::Instant;
using base::Millis;
using base::TimeRange;

std::vector<TimeRange> split_into_windows(TimeRange range, Millis width) {
  std::vector<TimeRange> windows;
  for (Instant from = range.from; from < range.to; from += width)
    windows.push_back({from, std::min(from + width, range.to)});
  return windows;
}

std::optional<TimeRange> poll_range(std::optional<Instant> mark, Instant now, Millis settle, Millis overlap) {
  const Instant to = now - settle;
  if (mark && to <= *mark) return std::nullopt;
  constexpr std::chrono::minutes kMinFirstRange{1};
  const Instant from = mark ? *mark - overlap : to - std::max<Millis>(overlap, kMinFirstRange);
  return TimeRange{std::max(from, now - kMaxLookback), to};
}

bool clock_stepped_back(std::optional<Instant> mark, Instant now) {
  return mark && now + std::chrono::minutes{1} < *mark;
}

std::optional<TimeRange> clamp_to_searchable(TimeRange range, Instant now, Millis settle) {
  const TimeRange part = intersection(range, {now - kMaxLookback, now - settle});
  return part.empty() ? std::nullopt : std::optional(part);
}

std::optional<TimeRange> next_backfill(const std::vector<TimeRange>& uncovered, Millis width) {
  if (uncovered.empty()) return std::nullopt;
  const TimeRange newest = uncovered.back();
  return TimeRange{std::max(newest.from, newest.to - width), newest.to};
}

Millis next_window_width(Millis width, int pages) {
  constexpr std::chrono::days kMaxWindow{32};
  constexpr int kSmallWindowPages = 2;
  constexpr int kLargeWindowPages = 20;
  if (pages <= kSmallWindowPages) return std::min<Millis>(width * 2, kMaxWindow);
  return pages > kLargeWindowPages ? std::max<Millis>(width / 2, kDefaultWindow) : width;
}

std::optional<std::pair<TimeRange, TimeRange>> bisect(TimeRange range) {
  const Instant middle = range.from + (range.to - range.from) / 2;
  if (middle <= range.from || middle >= range.to) return std::nullopt;
  return std::pair{TimeRange{range.from, middle}, TimeRange{middle, range.to}};
}

void PageOrderTracker::observe(std::optional<Instant> timestamp) {
  ++tasks_;
  ascending_ = ascending_ && timestamp && *timestamp >= last_ && *timestamp <= range_.to;
  if (ascending_) last_ = *timestamp;
}

std::optional<Instant> PageOrderTracker::resume_point() const {
  return ascending_ && last_ > range_.from ? std::optional(last_) : std::nullopt;
}

Millis time_until_reconcile(Instant last, Instant now, Millis interval) {
  return last > now ? Millis{0} : std::max(last + interval - now, Millis{0});
}

std::vector<TimeRange> recheck_ranges(std::optional<Instant> last, Instant now, Millis lookback, Millis deadline) {
  std::vector<TimeRange> ranges{{now - lookback, now}};
  if (!last || *last >= now) return ranges;
  const Millis first_age = 2 * std::max<Millis>(deadline, std::chrono::hours{1});
  for (Millis age = first_age; age < kMaxLookback; age *= 2) ranges.push_back({*last - age, now - age});
  return ranges;
}

}  // namespace wxcc::sync
