// SPDX-License-Identifier: Apache-2.0
#include "daemon/service.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "net/retry_delays.h"
#include "sync/catch_store_errors.h"
#include "systemd/notify.h"

namespace wxcc::daemon {
namespace {

namespace ch = std::chrono;

constexpr ch::hours kUpkeepEvery{1};

// What work has needed goes back to the system before the service waits again; glibc would keep it.
void rest(const store::Archive& archive) {
  archive.release_memory();
  ::malloc_trim(0);
}

void tell(monitor::Activity activity, const std::string& line) {
  base::log::write(base::log::Level::Info, line, {{"WXCC_ACTIVITY", std::string(to_text(activity))}});
}

}  // namespace

Service::Service(const Settings& settings, const sync::EngineDeps& deps, webex::TokenKeeper& tokens, Monitors monitors)
    : settings_(settings),
      sync_settings_(deps.settings),
      archive_(deps.archive),
      tokens_(tokens),
      clock_(deps.clock),
      engine_(deps),
      retention_(settings.retention_days, deps.timers, deps.archive, deps.clock),
      monitors_(monitors),
      poll_timer_(deps.timers.add_timer([this] { poll(); })),
      reconcile_timer_(deps.timers.add_timer([this] { reconcile(); })),
      upkeep_timer_(deps.timers.add_timer([this] { keep_house(); })),
      token_timer_(deps.timers.add_timer([this] { wait_for_token(); })) {
  tokens_.on_change([this] { login_changed(); });
  engine_.fetcher().on_idle([this] { fetched(); });
}

Service::~Service() {
  tokens_.on_change(nullptr);
}

void Service::start() {
  const auto recorded = sync::catch_store_errors([&] { archive_.record_backfill_start(sync_settings_.backfill_from); });
  if (!recorded) failed(monitor::Activity::Poll, recorded.error());
  tokens_.start();
  upkeep_timer_->start(kUpkeepEvery);
  // A service that is started again more often than that reconciles too; the first poll goes before it.
  constexpr ch::minutes kSoonest{1};
  const auto due = engine_.time_until_reconcile().value_or(sync_settings_.reconcile_every);
  reconcile_timer_->start(std::clamp<base::Millis>(
      due, std::min<base::Millis>(kSoonest, sync_settings_.reconcile_every), sync_settings_.reconcile_every));
  retention_.start();
  wait_for_token();
}

void Service::wait_for_token() {
  tokens_.get_token([this](const model::Result<base::Secret>& token) {
    const bool settled = token || token.error().kind == model::Failure::Kind::AuthRequired;
    if (!token) failed(monitor::Activity::Poll, token.error());
    if (settled || ++token_tries_ >= net::kStartTokenAttempts) return become_ready();
    token_timer_->start(net::kStartTokenDelay);
  });
}

void Service::become_ready() {
  if (ready_) return;
  login_changed();  // so that the first status says it
  ready_ = true;
  told_ = status_line();
  systemd::notify_ready(told_);
  warn_of_login_end();
  poll_timer_->start(base::Millis{0});
}

void Service::poll() {
  poll_timer_->start(settings_.poll_interval);
  if (polling_ || tokens_.login_blocks_requests()) return;
  polling_ = true;
  engine_.poll([this](const model::Result<model::ScanStats>& report) {
    polling_ = false;
    poll_done(report);
  });
}

void Service::poll_done(const model::Result<model::ScanStats>& report) {
  if (!report) return failed(monitor::Activity::Poll, report.error());
  monitors_.metrics.record_scan(*report);
  if (report->added > 0) tell(monitor::Activity::Poll, fmt::format("{} ended tasks found", report->added));
  const auto recorded = sync::catch_store_errors([&] { archive_.record_success(clock_.now()); });
  if (!recorded) return failed(monitor::Activity::Poll, recorded.error());
  if (!reported_error_.empty()) base::log::info("works again after: {}", reported_error_);
  reported_error_.clear();
  end_cycle();
  tell_status();
  continue_backfill();
}

// From one poll that worked to the next: complete when nothing else failed meanwhile either.
void Service::end_cycle() {
  fetched();
  const bool complete = !cycle_failed_ && !engine_.fetcher().last_systemic_error() && tokens_.needs_login().empty();
  cycle_failed_ = false;
  if (complete) monitors_.heartbeat.send();
}

void Service::continue_backfill() {
  if (backfilling_) return;
  backfilling_ = engine_.backfill([this](const model::Result<model::ScanStats>& report) {
    backfilling_ = false;
    if (!report) return failed(monitor::Activity::Backfill, report.error());
    monitors_.metrics.record_success(monitor::Activity::Backfill, clock_.now());
    monitors_.metrics.record_scan(*report);
    if (report->added > 0) {
      tell(monitor::Activity::Backfill, fmt::format("backfill: {} ended tasks found", report->added));
      tell_status();
    }
    continue_backfill();
  });
}

void Service::reconcile() {
  reconcile_timer_->start(sync_settings_.reconcile_every);
  if (tokens_.login_blocks_requests()) return;
  engine_.reconcile([this](const model::Result<model::ScanStats>& report) {
    if (!report) return failed(monitor::Activity::Reconcile, report.error());
    monitors_.metrics.record_success(monitor::Activity::Reconcile, clock_.now());
    monitors_.metrics.record_scan(*report);
    if (report->added > 0 || report->changed > 0)
      tell(monitor::Activity::Reconcile,
           fmt::format("reconcile: {} tasks that had become visible late, {} that had changed", report->added,
                       report->changed));
  });
}

void Service::keep_house() {
  upkeep_timer_->start(kUpkeepEvery);
  bool shortened = true;
  const auto copied = sync::catch_store_errors([&] { shortened = archive_.checkpoint(); });
  if (copied)
    monitors_.metrics.record_success(monitor::Activity::Maintenance, clock_.now());
  else
    failed(monitor::Activity::Maintenance, copied.error());
  if (!shortened) warn_of_large_log();
  warn_of_login_end();
  tell_status();
}

void Service::warn_of_large_log() {
  if (const auto message = monitor::wal_size_warning(base::size_of(archive_.path().string() + "-wal")))
    base::log::warning("{}", *message);
}

void Service::login_changed() {
  const std::string& reason = tokens_.needs_login();
  const bool was_needed = !archive_.reader().service_record().needs_login.empty();
  const auto recorded = sync::catch_store_errors([&] {
    archive_.record_login(reason, tokens_.tokens().access_expires_at, tokens_.tokens().refresh_expires_at,
                          clock_.now());
  });
  if (!recorded) failed(monitor::Activity::Maintenance, recorded.error());
  if (ready_ && was_needed && reason.empty()) {
    poll_timer_->start(base::Millis{0});
    engine_.fetcher().resume();
  }
  warn_of_login_end();
  tell_status();
}

void Service::warn_of_login_end() {
  if (!ready_ || !tokens_.needs_login().empty()) return;
  if (const auto warning = warnings_.next(tokens_.tokens().refresh_expires_at, clock_.now()))
    base::log::warning("{}", *warning);
}

void Service::fetched() {
  const model::FetchStats report = engine_.fetcher().take_stats();
  monitors_.metrics.record_fetch(report);
  if (report.failures > 0) {
    cycle_failed_ = true;
    monitors_.metrics.record_failure(monitor::Activity::Fetch);
  } else if (!engine_.fetcher().last_systemic_error()) {
    monitors_.metrics.record_success(monitor::Activity::Fetch, clock_.now());
  }
  if (report.archived > 0)
    tell(monitor::Activity::Fetch,
         fmt::format("{} transcripts archived with {} messages", report.archived, report.messages));
  if (report.absent > 0)
    tell(monitor::Activity::Fetch,
         fmt::format("{} tasks have no transcript: the cloud had none until the deadline", report.absent));
  if (report.archived + report.absent + report.not_available + report.failures == 0) return;
  tell_status();
  if (engine_.fetcher().idle()) rest(archive_);
}

void Service::failed(monitor::Activity activity, const model::Failure& failure) {
  // The next poll that works reads what this one did not.
  if (activity != monitor::Activity::Poll) cycle_failed_ = true;
  monitors_.metrics.record_failure(activity);
  // The token keeper tells of a login that is needed.
  if (failure.kind == model::Failure::Kind::AuthRequired) return;
  if (failure.message != reported_error_) {
    base::log::Fields fields = model::log_fields(failure);
    fields.emplace_back("WXCC_ACTIVITY", to_text(activity));
    base::log::write(base::log::Level::Warning, failure.message, fields);
  }
  reported_error_ = failure.message;
  // An archive that cannot be written is told of once, not at each poll.
  const auto recorded = sync::catch_store_errors([&] { archive_.record_error(failure.message, clock_.now()); });
  if (!recorded && recorded.error().message != unrecorded_) base::log::error("{}", recorded.error().message);
  unrecorded_ = recorded ? "" : recorded.error().message;
  tell_status();
}

void Service::tell_status() {
  if (!ready_) return;
  const std::string status = status_line();
  if (status == told_) return;
  told_ = status;
  systemd::notify_status(status);
}

monitor::StatusSnapshot Service::snapshot() const {
  monitor::StatusSnapshot snapshot = monitor::collect(archive_.reader(), archive_.path(), clock_.now(),
                                                      settings_.poll_interval, monitor::Detail::Figures);
  snapshot.token_refreshed_at = tokens_.tokens().granted_at;
  rest(archive_);  // the counting has read an index as a whole
  return snapshot;
}

std::string Service::status_line() const {
  monitor::StatusSnapshot snapshot = monitor::collect(archive_.reader(), archive_.path(), clock_.now(),
                                                      settings_.poll_interval, monitor::Detail::Line);
  monitor::overlay_error(reported_error_, snapshot);
  std::string line = monitor::summary(snapshot);
  for (const std::string& warning : monitor::warnings(snapshot)) line += "; " + warning;
  return line;
}

}  // namespace wxcc::daemon
