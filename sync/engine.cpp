// SPDX-License-Identifier: Apache-2.0
#include "sync/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sync/catch_store_errors.h"
#include "sync/windows.h"

namespace wxcc::sync {
namespace {

std::deque<Window> windows_of(base::TimeRange range, model::TimeField by, Window::Commit commit) {
  std::deque<Window> windows;
  for (const base::TimeRange& part : split_into_windows(range, kDefaultWindow)) windows.push_back({part, by, commit});
  return windows;
}

}  // namespace

Engine::Engine(EngineDeps deps) : deps_(std::move(deps)), discovery_(deps_), fetcher_(deps_), inactivity_(deps_) {
  discovery_.on_added([this] { fetcher_.pump(); });
}

void Engine::run(std::deque<Window> windows, webex::Priority priority, Done done) {
  queued_scans_[static_cast<std::size_t>(priority)].push_back({std::move(windows), std::move(done)});
  if (!scanning_) run_next();
}

// `done` runs before the next scan is taken: a backfill queues its next window there, and a poll that was queued
// meanwhile overtakes it.
void Engine::run_next() {
  const std::size_t first = queued_scans_[0].empty() ? 1 : 0;
  scanning_ = !queued_scans_[first].empty();
  if (!scanning_) return fetcher_.set_batch_mode(BatchMode::AllowPartial);
  QueuedScan next = std::move(queued_scans_[first].front());
  queued_scans_[first].pop_front();
  fetcher_.set_batch_mode(BatchMode::FullOnly);
  discovery_.run(std::move(next.windows), static_cast<webex::Priority>(first),
                 [this, done = std::move(next.done)](const model::Result<model::ScanStats>& stats) {
                   done(stats);
                   run_next();
                 });
}

void Engine::poll(Done done) {
  const auto read = catch_store_errors([&] { return deps_.archive.reader().high_water_mark(); });
  if (!read) return done(model::failed(read.error()));
  const std::optional<base::Instant> mark = *read;
  const base::Instant now = deps_.clock.now();
  if (clock_stepped_back(mark, now))
    return done(model::failed(model::Failure{
        .source = model::Failure::Source::Clock,
        .kind = model::Failure::Kind::Transient,
        .message = fmt::format(
            "poll: the local clock was set back to before {}, the high-water mark; polls are suspended until it "
            "passes the mark; set up time synchronisation",
            base::to_iso8601_seconds(*mark))}));
  const auto range = poll_range(mark, now, deps_.settings.settle, deps_.settings.overlap);
  if (!range) return done(model::ScanStats{});
  run(windows_of(*range, model::TimeField::Ended, Window::Commit::CoverageAndMark), webex::Priority::Live,
      [this, done = std::move(done)](const model::Result<model::ScanStats>& stats) {
        if (stats) inactivity_.on_poll();
        done(stats);
      });
}

bool Engine::backfill(const Done& done) {
  const auto window = catch_store_errors([&] { return next_uncovered_window(); });
  if (!window) {
    done(model::failed(window.error()));
    return false;
  }
  if (!*window) return false;
  run({Window{**window}}, webex::Priority::Background, [this, done](const model::Result<model::ScanStats>& stats) {
    if (stats) backfill_width_ = next_window_width(backfill_width_, stats->pages);
    done(stats);
  });
  return true;
}

std::optional<base::TimeRange> Engine::next_uncovered_window() const {
  const auto mark = deps_.archive.reader().high_water_mark();
  const base::Instant start = deps_.settings.backfill_from.at(deps_.clock.now());
  if (!mark || start >= *mark) return std::nullopt;
  return next_backfill(deps_.archive.reader().uncovered(model::TimeField::Ended, {start, *mark}), backfill_width_);
}

void Engine::reconcile(const Done& done) {
  const auto read = catch_store_errors([&] { return deps_.archive.reader().high_water_mark(); });
  if (!read) return done(model::failed(read.error()));
  const std::optional<base::Instant> mark = *read;
  if (!mark) return done(model::ScanStats{});
  const base::TimeRange range{std::max(*mark - deps_.settings.reconcile_reach, deps_.clock.now() - kMaxLookback),
                              *mark};
  std::deque<Window> windows = windows_of(range, model::TimeField::Ended, Window::Commit::Coverage);
  const auto by_creation = windows_of(range, model::TimeField::Created, Window::Commit::Coverage);
  windows.insert(windows.end(), by_creation.begin(), by_creation.end());
  run(std::move(windows), webex::Priority::Background, [this, done](const model::Result<model::ScanStats>& stats) {
    if (stats) {
      const auto requeued = catch_store_errors([&] { requeue_missing(); });
      if (!requeued) return done(model::failed(requeued.error()));
      fetcher_.pump();
    }
    done(stats);
  });
}

void Engine::requeue_missing() {
  const base::Instant now = deps_.clock.now();
  for (const base::TimeRange& ends :
       recheck_ranges(reconciled_at(), now, deps_.settings.reconcile_reach, deps_.settings.transcript_deadline))
    deps_.archive.queue().requeue_missing(ends, now);
  deps_.archive.service().record_reconciliation(now);
}

std::optional<base::Instant> Engine::reconciled_at() const {
  return deps_.archive.reader().service_record().reconciled_at;
}

model::Result<base::Millis> Engine::time_until_reconcile() {
  const base::Instant now = deps_.clock.now();
  const auto last = catch_store_errors([&] {
    const auto known = reconciled_at();
    if (!known) deps_.archive.service().record_reconciliation(now);
    return known.value_or(now);
  });
  if (!last) return model::failed(last.error());
  return sync::time_until_reconcile(*last, now, deps_.settings.reconcile_every);
}

void Engine::sync_range(base::TimeRange range, Done done) {
  const base::Instant now = deps_.clock.now();
  const auto wanted = catch_store_errors([&] { deps_.archive.queue().make_due(range, now); });
  if (!wanted) return done(model::failed(wanted.error()));
  const auto part = clamp_to_searchable(range, now, deps_.settings.settle);
  if (!part) return done(model::ScanStats{});
  const base::TimeRange recent{std::max(part->from, now - deps_.settings.overlap), part->to};
  if (recent.from >= recent.to) return scan_backwards(*part, kDefaultWindow, {}, done);
  run({Window{recent, model::TimeField::Ended, Window::Commit::TasksOnly}}, webex::Priority::Live,
      [this, before = base::TimeRange{part->from, recent.from}, done](const model::Result<model::ScanStats>& stats) {
        if (!stats) return done(stats);
        scan_backwards(before, kDefaultWindow, *stats, done);
      });
}

void Engine::scan_backwards(base::TimeRange rest, base::Millis width, const model::ScanStats& before,
                            const Done& done) {
  if (rest.from >= rest.to) return done(before);
  const base::TimeRange window{std::max(rest.from, rest.to - width), rest.to};
  run({Window{window}}, webex::Priority::Live,
      [this, remaining = base::TimeRange{rest.from, window.from}, width, before,
       done](const model::Result<model::ScanStats>& stats) {
        if (!stats) return done(stats);
        model::ScanStats sum = before;
        sum += *stats;
        scan_backwards(remaining, next_window_width(width, stats->pages), sum, done);
      });
}

}  // namespace wxcc::sync
