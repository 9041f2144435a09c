// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "sync/engine_deps.h"

namespace wxcc::sync {

// True when no task has ended for so many times the longest pause of the last weeks that something is likely wrong with
// the search rather than with business: a filter, a permission, the organisation. Pure.
bool unusually_silent(const store::Archive::Rhythm& rhythm, base::Instant now);

// Warns once of each such silence. Looks at the archive at most once an hour.
class SilenceWatch {
 public:
  explicit SilenceWatch(EngineDeps& deps) : deps_(deps) {}
  // A poll has read everything up to now.
  void polled();

 private:
  EngineDeps& deps_;
  std::optional<base::Millis> looked_;  // on the timers' clock
  std::optional<base::Instant> warned_after_;
};

}  // namespace wxcc::sync
