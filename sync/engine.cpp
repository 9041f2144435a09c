// SPDX-License-Identifier: Apache-2.0
#include "sync/engine.h"

#include <algorithm>
#include <utility>

#include "sync/windows.h"

namespace wxcc::sync {
namespace {

// The setting that holds when missing transcripts were last asked for again.
constexpr std::string_view kReconciledAt = "reconciled_at";

std::deque<Window> windows_of(base::TimeRange range, store::TimeField by, Window::Mark mark) {
  std::deque<Window> windows;
  for (const base::TimeRange& part : tile(range, kWindow)) windows.push_back({part, by, mark});
  return windows;
}

}  // namespace

Engine::Engine(Context context)
    : context_(std::move(context)), discovery_(context_), fetcher_(context_), silence_(context_) {
  discovery_.on_added([this] { fetcher_.pump(); });
}

void Engine::run(std::deque<Window> windows, webex::Priority priority, Done done) {
  if (discovery_.running()) return waiting_.push_back({std::move(windows), priority, std::move(done)});
  fetcher_.set_batches(Fetcher::Batches::Full);
  discovery_.run(std::move(windows), priority, [this, done](const webex::Result<ScanReport>& report) {
    done(report);
    if (discovery_.running()) return;
    if (waiting_.empty()) return fetcher_.set_batches(Fetcher::Batches::Any);
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    run(std::move(next.windows), next.priority, std::move(next.done));
  });
}

void Engine::poll(Done done) {
  std::optional<base::Instant> mark;
  const auto read = on_archive([&] { mark = context_.archive.high_water_mark(); });
  if (!read) return done(base::make_unexpected(read.error()));
  const auto range = poll_range(mark, context_.clock.now(), context_.settings.settle, context_.settings.overlap);
  if (!range) return done(ScanReport{});
  run(windows_of(*range, store::TimeField::Ended, Window::Mark::Moves), webex::Priority::Live,
      [this, done = std::move(done)](const webex::Result<ScanReport>& report) {
        if (report) silence_.polled();
        done(report);
      });
}

bool Engine::backfill(const Done& done) {
  std::optional<base::TimeRange> window;
  const auto read = on_archive([&] { window = next_unread(); });
  if (!read) {
    done(base::make_unexpected(read.error()));
    return false;
  }
  if (!window) return false;
  run({Window{*window}}, webex::Priority::Background, [this, done](const webex::Result<ScanReport>& report) {
    if (report) backfill_width_ = next_width(backfill_width_, report->pages);
    done(report);
  });
  return true;
}

std::optional<base::TimeRange> Engine::next_unread() const {
  const auto mark = context_.archive.high_water_mark();
  const base::Instant start =
      backfill_start(context_.settings.backfill_date, context_.settings.backfill_reach, context_.clock.now());
  if (!mark || start >= *mark) return std::nullopt;
  return next_backfill(context_.archive.uncovered(store::TimeField::Ended, {start, *mark}), backfill_width_);
}

void Engine::reconcile(const Done& done) {
  std::optional<base::Instant> mark;
  const auto read = on_archive([&] { mark = context_.archive.high_water_mark(); });
  if (!read) return done(base::make_unexpected(read.error()));
  if (!mark) return done(ScanReport{});
  const base::TimeRange range{std::max(*mark - context_.settings.reconcile_reach, context_.clock.now() - kLongestReach),
                              *mark};
  std::deque<Window> windows = windows_of(range, store::TimeField::Ended, Window::Mark::Stays);
  const auto by_creation = windows_of(range, store::TimeField::Created, Window::Mark::Stays);
  windows.insert(windows.end(), by_creation.begin(), by_creation.end());
  run(std::move(windows), webex::Priority::Background, [this, done](const webex::Result<ScanReport>& report) {
    if (report) {
      const auto asked_again = on_archive([&] { ask_again_for_missing(); });
      if (!asked_again) return done(base::make_unexpected(asked_again.error()));
      fetcher_.pump();
    }
    done(report);
  });
}

void Engine::ask_again_for_missing() {
  const base::Instant now = context_.clock.now();
  const auto stored = context_.archive.setting(kReconciledAt);
  const auto last = stored ? base::parse_iso8601(*stored) : std::nullopt;
  for (const base::TimeRange& ends :
       ends_to_ask_again(last, now, context_.settings.reconcile_reach, context_.settings.transcript_deadline))
    context_.archive.requeue_missing(ends, now);
  context_.archive.set_setting(kReconciledAt, base::to_iso8601(now));
}

void Engine::read(base::TimeRange range, Done done) {
  range.to = std::min(range.to, context_.clock.now());
  range.from = std::max(range.from, context_.clock.now() - kLongestReach);
  run(windows_of(range, store::TimeField::Ended, Window::Mark::Stays), webex::Priority::Live, std::move(done));
}

void Engine::complete_pass(std::optional<base::TimeRange> range, PassDone done) {
  pass_ = {};
  pass_done_ = std::move(done);
  pass_backfills_ = !range;
  fetcher_.on_idle([this] {
    if (!scanning() && pass_done_ && !fetcher_.worth_waiting_for()) finish_pass();
  });
  const auto scanned = [this](const webex::Result<ScanReport>& report) { pass_scanned(report); };
  if (range)
    read(*range, scanned);
  else
    poll(scanned);
}

void Engine::pass_scanned(const webex::Result<ScanReport>& report) {
  if (report)
    pass_.scanned += *report;
  else
    pass_.failure = report.error();
  const bool more = pass_backfills_ && !pass_.failure &&
                    backfill([this](const webex::Result<ScanReport>& next) { pass_scanned(next); });
  if (!more) fetcher_.set_batches(Fetcher::Batches::Any);
}

void Engine::finish_pass() {
  pass_.fetched = fetcher_.take_report();
  const PassDone done = std::exchange(pass_done_, nullptr);
  done(pass_);
}

}  // namespace wxcc::sync
