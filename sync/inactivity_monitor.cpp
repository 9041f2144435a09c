// SPDX-License-Identifier: Apache-2.0
#include "sync/inactivity_monitor.h"

#include <algorithm>

#include "base/log.h"
#include "sync/catch_store_errors.h"

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;

constexpr ch::hours kQueryInterval{1};
constexpr ch::days kObservedPeriod{28};
// Even an organisation that is never idle may be closed for a day.
constexpr ch::hours kMinInactivity{36};
constexpr int kInactivityFactor = 3;

}  // namespace

bool is_unusually_inactive(const store::TaskIntervalStats& intervals, base::Instant now) {
  return now - intervals.newest > std::max<base::Millis>(kMinInactivity, intervals.longest_gap * kInactivityFactor);
}

void InactivityMonitor::on_poll() {
  const base::Millis elapsed = deps_.timers.monotonic_now();
  if (queried_at_ && elapsed - *queried_at_ < kQueryInterval) return;
  queried_at_ = elapsed;
  const auto read = catch_store_errors([&] { return deps_.archive.reader().task_interval_stats(kObservedPeriod); });
  const auto intervals = read.value_or(std::nullopt);
  if (!intervals || warned_about_task_ == intervals->newest || !is_unusually_inactive(*intervals, deps_.clock.now()))
    return;
  warned_about_task_ = intervals->newest;
  base::log::warning(
      "poll: no task has ended since {} (longest interval in 28 days: {} h); check channels, queues and the login's "
      "permissions",
      base::to_iso8601(intervals->newest), ch::ceil<ch::hours>(intervals->longest_gap).count());
}

}  // namespace wxcc::sync
