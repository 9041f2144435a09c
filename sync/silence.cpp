// SPDX-License-Identifier: Apache-2.0
#include "sync/silence.h"
#include "sync/catch_store_errors.h"

#include <algorithm>

#include "base/log.h"

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;

constexpr ch::hours kLookEvery{1};
constexpr ch::days kWeeks{28};
// Even an organisation that is never idle may be closed for a day.
constexpr ch::hours kShortest{36};
constexpr int kTimes = 3;

}  // namespace

bool unusually_silent(const store::Archive::Rhythm& rhythm, base::Instant now) {
  return now - rhythm.newest > std::max<base::Millis>(kShortest, rhythm.longest_gap * kTimes);
}

void SilenceWatch::polled() {
  const base::Millis elapsed = deps_.timers.monotonic_now();
  if (looked_ && elapsed - *looked_ < kLookEvery) return;
  looked_ = elapsed;
  const auto read = catch_store_errors([&] { return deps_.archive.rhythm(kWeeks); });
  const auto rhythm = read.value_or(std::nullopt);
  if (!rhythm || warned_after_ == rhythm->newest || !unusually_silent(*rhythm, deps_.clock.now())) return;
  warned_after_ = rhythm->newest;
  base::log::warning(
      "no task has ended since {}, though there were never more than {} h between two before; are the channels, the "
      "queues and the rights of the login still right?",
      base::to_iso8601(rhythm->newest), ch::ceil<ch::hours>(rhythm->longest_gap).count());
}

}  // namespace wxcc::sync
