// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/task_view.h"

#include "simulator/cloud/series.h"

namespace wxcc::simulator {

const TaskProfile& TaskView::profile() const {
  if (!profile_) profile_ = profile_of(options_.seed, number_, record());
  return *profile_;
}

bool TaskView::has_late_fields() const {
  if (!is_over()) return false;
  base::SeededRandom rng = series_of(options_.seed, Series::Lag, number_ + (std::uint64_t{2} << 40U));
  const double lag = rng.unit() * 2 * static_cast<double>(options_.late_fields_lag.count());
  return record().ended + base::Millis{static_cast<std::int64_t>(lag)} <= now_;
}

}  // namespace wxcc::simulator
