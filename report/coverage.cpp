// SPDX-License-Identifier: Apache-2.0
#include "report/coverage.h"

#include <algorithm>

namespace wxcc::report {
namespace {

namespace ch = std::chrono;

// More than the lookback of the Webex API, and few enough for a sheet.
constexpr ch::days kMaxDays{3660};

}  // namespace

void Coverage::add(const store::StoredTask& row) {
  ++total_[row.transcript_state];
  const auto timestamp = by_ == model::TimeField::Ended ? row.task.ended : row.task.created;
  if (!timestamp) return;
  ++by_day_[ch::sys_days{zone_.at(*timestamp).date}][row.transcript_state];
  if (!model::is_settled(row.transcript_state) && (!first_missing_ || *timestamp < *first_missing_))
    first_missing_ = timestamp;
}

std::vector<DayCoverage> Coverage::days(base::TimeRange range,
                                        const std::vector<base::TimeRange>& coverage_gaps) const {
  std::vector<DayCoverage> result;
  if (range.from >= range.to) return result;
  const ch::sys_days last{zone_.at(range.to - base::Millis{1}).date};
  const ch::sys_days first = std::max(ch::sys_days{zone_.at(range.from).date}, last - kMaxDays);
  for (ch::sys_days day = first; day <= last; day += ch::days{1}) {
    const base::TimeRange whole{zone_.start_of(day), zone_.start_of(day + ch::days{1})};
    const base::TimeRange part = base::intersection(whole, range);
    const auto found = by_day_.find(day);
    result.push_back(
        {day, found == by_day_.end() ? model::StateCounts{} : found->second, base::total_overlap(part, coverage_gaps)});
  }
  return result;
}

}  // namespace wxcc::report
