// SPDX-License-Identifier: Apache-2.0
#include "sync/pass.h"

#include <utility>

#include "sync/catch_store_errors.h"

namespace wxcc::sync {

void Pass::run(std::optional<base::TimeRange> range, Done done) {
  done_ = std::move(done);
  is_range_ = range.has_value();
  engine_.fetcher().on_idle([this] { on_idle(); });
  if (range) return engine_.sync_range(*range, scan_done_);
  const EngineDeps& deps = engine_.deps();
  const auto recorded =
      catch_store_errors([&] { deps.archive.service().record_backfill_start(deps.settings.backfill_from); });
  if (!recorded) return on_scan_done(model::failed(recorded.error()));
  engine_.poll(scan_done_);
}

void Pass::on_scan_done(const model::Result<model::ScanStats>& stats) {
  if (stats)
    result_.scanned += *stats;
  else
    result_.failure = stats.error();
  if (!result_.failure && start_next_scan()) return;
  stage_ = Stage::Drain;
  engine_.fetcher().set_batch_mode(BatchMode::AllowPartial);
}

bool Pass::start_next_scan() {
  if (is_range_ || stage_ >= Stage::Reconcile) return false;
  stage_ = Stage::Backfill;
  if (engine_.backfill(scan_done_)) return true;
  if (result_.failure) return false;
  stage_ = Stage::Reconcile;
  const auto wait = engine_.time_until_reconcile();
  if (!wait) result_.failure = wait.error();
  if (!wait || *wait > base::Millis{0}) return false;
  engine_.reconcile(scan_done_);
  return true;
}

// While the engine is scanning, more tasks may come. After a scan has failed, with all its retries, the fetcher's
// retries are not waited for either.
void Pass::on_idle() {
  if (stage_ != Stage::Drain || engine_.scanning() || !done_) return;
  if (!result_.failure && engine_.fetcher().should_wait_for_retry()) return;
  result_.fetched = engine_.fetcher().take_stats();
  const Done done = std::exchange(done_, nullptr);
  done(result_);
}

}  // namespace wxcc::sync
