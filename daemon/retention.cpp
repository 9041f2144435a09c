// SPDX-License-Identifier: Apache-2.0
#include "daemon/retention.h"

#include <chrono>

#include "base/log.h"
#include "base/text.h"
#include "net/retry_delays.h"
#include "sync/catch_store_errors.h"

namespace wxcc::daemon {
namespace {

namespace ch = std::chrono;

constexpr ch::minutes kInitialDelay{1};
constexpr ch::hours kInterval{24};
// Between steps the event loop serves everything else.
constexpr ch::milliseconds kStepDelay{50};
constexpr int kMaxTasksPerStep = 50;
constexpr int kMaxPagesPerStep = 64;

}  // namespace

Retention::Retention(std::optional<int> days, base::Timers& timers, store::Archive& archive, const base::Clock& clock)
    : days_(days), archive_(archive), clock_(clock), timer_(timers.add_timer([this] { step(); })) {}

void Retention::start() {
  timer_->start(kInitialDelay);
}

void Retention::step() {
  base::Millis delay = net::kRetentionRetryDelay;
  const auto done = sync::catch_store_errors([&] { delay = next(); });
  if (!done) base::log::warning("retention: {}; retrying in an hour", done.error().message);
  timer_->start(delay);
}

base::Millis Retention::next() {
  if (days_ && !cutoff_) cutoff_ = clock_.now() - ch::days(*days_);
  return cutoff_ ? remove() : purge();
}

base::Millis Retention::remove() {
  const store::RemovedRows batch = archive_.removal().remove_ended_before(*cutoff_, kMaxTasksPerStep);
  removed_ += batch;
  if (batch.conversations > 0) return kStepDelay;
  if (removed_.conversations > 0) {
    archive_.removal().finish_retention(*cutoff_, removed_, clock_.now());
    base::log::info("retention: removed {} with {}", base::count_of(removed_.conversations, "conversation"),
                    base::count_of(removed_.messages, "message"));
    removed_ = {};
  }
  return purge();
}

base::Millis Retention::purge() {
  switch (archive_.removal().purge_step(kMaxPagesPerStep)) {
    case store::Removal::PurgeResult::More:
      return kStepDelay;
    case store::Removal::PurgeResult::BlockedByReader:
      cutoff_.reset();
      return net::kRetentionRetryDelay;
    case store::Removal::PurgeResult::Done:
      break;
  }
  cutoff_.reset();
  return kInterval;
}

}  // namespace wxcc::daemon
