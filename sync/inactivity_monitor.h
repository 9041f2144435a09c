// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "sync/engine_deps.h"

namespace wxcc::sync {

// True when no task has ended for several times the longest interval of the last weeks: then a fault of the search (a
// filter, a permission, the organisation) is likelier than quiet business. Pure.
bool is_unusually_inactive(const store::TaskIntervalStats& intervals, base::Instant now);

// Logs a warning once for each such span without tasks. Queries the archive at most once an hour.
class InactivityMonitor {
 public:
  explicit InactivityMonitor(EngineDeps& deps) : deps_(deps) {}
  // To be called after a poll that has read everything up to now.
  void on_poll();

 private:
  EngineDeps& deps_;
  std::optional<base::Millis> queried_at_;          // on the timers' clock
  std::optional<base::Instant> warned_about_task_;  // the end of the newest task then
};

}  // namespace wxcc::sync
