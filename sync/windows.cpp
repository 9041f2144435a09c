// SPDX-License-Identifier: Apache-2.0
#include "sync/windows.h"

#include <algorithm>

namespace wxcc::sync {

using base::Instant;
using base::Millis;
using base::TimeRange;

std::vector<TimeRange> tile(TimeRange range, Millis width) {
  std::vector<TimeRange> windows;
  for (Instant from = range.from; from < range.to; from += width)
    windows.push_back({from, std::min(from + width, range.to)});
  return windows;
}

std::optional<TimeRange> poll_range(std::optional<Instant> mark, Instant now, Millis settle, Millis overlap) {
  const Instant to = now - settle;
  if (mark && to <= *mark) return std::nullopt;
  constexpr std::chrono::minutes kFirst{1};
  const Instant from = mark ? *mark - overlap : to - std::max<Millis>(overlap, kFirst);
  return TimeRange{std::max(from, now - kLongestReach), to};
}

bool set_back(std::optional<Instant> mark, Instant now) {
  return mark && now + std::chrono::minutes{1} < *mark;
}

std::optional<TimeRange> readable_part(TimeRange range, Instant now, Millis settle) {
  const TimeRange part{std::max(range.from, now - kLongestReach), std::min(range.to, now - settle)};
  return part.from < part.to ? std::optional(part) : std::nullopt;
}

Instant backfill_start(std::optional<Instant> date, Millis reach, Instant now) {
  return std::max(date.value_or(now - reach), now - kLongestReach);
}

std::optional<TimeRange> next_backfill(const std::vector<TimeRange>& uncovered, Millis width) {
  if (uncovered.empty()) return std::nullopt;
  const TimeRange newest = uncovered.back();
  return TimeRange{std::max(newest.from, newest.to - width), newest.to};
}

Millis next_width(Millis width, int pages) {
  constexpr std::chrono::days kWidest{32};
  constexpr int kFew = 2;
  constexpr int kMany = 20;
  if (pages <= kFew) return std::min<Millis>(width * 2, kWidest);
  return pages > kMany ? std::max<Millis>(width / 2, kWindow) : width;
}

std::optional<std::pair<TimeRange, TimeRange>> halves(TimeRange range) {
  const Instant middle = range.from + (range.to - range.from) / 2;
  if (middle <= range.from || middle >= range.to) return std::nullopt;
  return std::pair{TimeRange{range.from, middle}, TimeRange{middle, range.to}};
}

void Progress::saw(std::optional<Instant> stamp) {
  ++tasks_;
  ascending_ = ascending_ && stamp && *stamp >= last_ && *stamp <= range_.to;
  if (ascending_) last_ = *stamp;
}

std::optional<Instant> Progress::reached() const {
  return ascending_ && last_ > range_.from ? std::optional(last_) : std::nullopt;
}

Millis until_reconcile(Instant last, Instant now, Millis every) {
  return last > now ? Millis{0} : std::max(last + every - now, Millis{0});
}

std::vector<TimeRange> ends_to_ask_again(std::optional<Instant> last, Instant now, Millis reach, Millis deadline) {
  std::vector<TimeRange> ranges{{now - reach, now}};
  if (!last || *last >= now) return ranges;
  const Millis shortest = std::max<Millis>(deadline, std::chrono::hours{1});
  for (Millis age = shortest * 2; age < kLongestReach; age *= 2) ranges.push_back({*last - age, now - age});
  return ranges;
}

}  // namespace wxcc::sync
