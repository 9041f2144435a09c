// SPDX-License-Identifier: Apache-2.0
#include "daemon/retention.h"

#include <chrono>

#include "base/log.h"
#include "net/retry_delays.h"
#include "sync/catch_store_errors.h"

namespace wxcc::daemon {
namespace {

namespace ch = std::chrono;

constexpr ch::minutes kFirst{1};
constexpr ch::hours kEvery{24};
// Between steps the loop does everything else.
constexpr ch::milliseconds kPause{50};
constexpr int kTasksAtOnce = 50;
constexpr int kPagesAtOnce = 64;

}  // namespace

Retention::Retention(std::optional<int> days, base::Timers& timers, store::Archive& archive, const base::Clock& clock)
    : days_(days), archive_(archive), clock_(clock), timer_(timers.add_timer([this] { step(); })) {}

void Retention::start() {
  timer_->start(kFirst);
}

void Retention::step() {
  base::Millis pause = net::kRetentionRetryDelay;
  const auto done = sync::catch_store_errors([&] { pause = next(); });
  if (!done) base::log::warning("removing what is too old: {}; tried again in an hour", done.error().message);
  timer_->start(pause);
}

base::Millis Retention::next() {
  if (days_ && !before_) before_ = clock_.now() - ch::days(*days_);
  return before_ ? remove() : purge();
}

base::Millis Retention::remove() {
  const store::RemovedRows batch = archive_.removal().remove_ended_before(*before_, kTasksAtOnce);
  removed_ += batch;
  if (batch.conversations > 0) return kPause;
  if (removed_.conversations > 0) {
    archive_.removal().finish_retention(*before_, removed_, clock_.now());
    base::log::info("retention: {} conversations with {} messages removed", removed_.conversations, removed_.messages);
    removed_ = {};
  }
  return purge();
}

base::Millis Retention::purge() {
  switch (archive_.removal().purge_step(kPagesAtOnce)) {
    case store::Removal::PurgeResult::More:
      return kPause;
    case store::Removal::PurgeResult::BlockedByReader:
      before_.reset();
      return net::kRetentionRetryDelay;
    case store::Removal::PurgeResult::Done:
      break;
  }
  before_.reset();
  return kEvery;
}

}  // namespace wxcc::daemon
