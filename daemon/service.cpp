// SPDX-License-Identifier: Apache-2.0
#include "daemon/service.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "net/retry_delays.h"
#include "sync/catch_store_errors.h"

namespace wxcc::daemon {
namespace {

namespace ch = std::chrono;
using monitor::Activity;

constexpr ch::hours kMaintenanceInterval{1};
// A service that is started again and again reconciles too; the first poll goes before it.
constexpr ch::minutes kMinReconcileDelay{1};

// Returns memory to the system before the service waits again; glibc would retain it.
void release_unused_memory(const store::Archive& archive) {
  archive.release_memory();
  ::malloc_trim(0);
}

void log_activity(Activity activity, const std::string& line) {
  base::log::write(base::log::Level::Info, line, {{"WXCC_ACTIVITY", std::string(to_text(activity))}});
}

}  // namespace

Service::Service(const Settings& settings, sync::Engine& engine, webex::TokenKeeper& tokens, const Monitors& monitors)
    : settings_(settings),
      engine_(engine),
      deps_(engine.deps()),
      tokens_(tokens),
      monitors_(monitors),
      retention_(settings.retention_days, deps_.timers, deps_.archive, deps_.clock),
      token_timer_(deps_.timers.add_timer([this] { await_token(); })),
      poll_timer_(deps_.timers.add_timer([this] { poll(); })),
      reconcile_timer_(deps_.timers.add_timer([this] { reconcile(); })),
      maintenance_timer_(deps_.timers.add_timer([this] { run_maintenance(); })) {
  tokens_.on_change([this] { on_login_state_changed(); });
  engine_.fetcher().on_idle([this] { record_fetch_stats(); });
}

Service::~Service() {
  tokens_.on_change(nullptr);
  engine_.fetcher().on_idle(nullptr);
}

void Service::start() {
  const auto recorded =
      sync::catch_store_errors([&] { deps_.archive.service().record_backfill_start(deps_.settings.backfill_from); });
  if (!recorded) record_failure(Activity::Poll, recorded.error());
  tokens_.start();
  maintenance_timer_->start(kMaintenanceInterval);
  const base::Millis interval = deps_.settings.reconcile_every;
  reconcile_timer_->start(std::clamp<base::Millis>(engine_.time_until_reconcile().value_or(interval),
                                                   std::min<base::Millis>(kMinReconcileDelay, interval), interval));
  retention_.start();
  await_token();
}

void Service::await_token() {
  tokens_.get_token([this](const model::Result<base::Secret>& token) {
    const bool settled = token || token.error().kind == model::Failure::Kind::AuthRequired;
    if (!token) record_failure(Activity::Poll, token.error());
    if (settled || ++startup_token_attempts_ >= net::kStartTokenAttempts) return become_ready();
    token_timer_->start(net::kStartTokenDelay);
  });
}

void Service::become_ready() {
  if (ready_) return;
  on_login_state_changed();  // recorded before the first status
  ready_ = true;
  published_status_ = status_line();
  monitors_.supervisor.on_ready(published_status_);
  warn_of_login_expiry();
  poll_timer_->start(base::Millis{0});
}

void Service::poll() {
  poll_timer_->start(settings_.poll_interval);
  if (polling_ || tokens_.login_blocks_requests()) return;
  polling_ = true;
  engine_.poll([this](const model::Result<model::ScanStats>& stats) {
    polling_ = false;
    on_poll_done(stats);
  });
}

void Service::on_poll_done(const model::Result<model::ScanStats>& stats) {
  if (!stats) return record_failure(Activity::Poll, stats.error());
  monitors_.metrics.record_scan(*stats);
  if (stats->added > 0) log_activity(Activity::Poll, fmt::format("poll: {}", base::count_of(stats->added, "new task")));
  const auto recorded = sync::catch_store_errors([&] { deps_.archive.service().record_success(deps_.clock.now()); });
  if (!recorded) return record_failure(Activity::Poll, recorded.error());
  if (!last_logged_error_.empty()) base::log::info("poll: recovered from: {}", last_logged_error_);
  last_logged_error_.clear();
  last_store_error_.clear();
  end_cycle();
  publish_status();
  continue_backfill();
}

void Service::end_cycle() {
  record_fetch_stats();
  const bool complete = !cycle_failed_ && !engine_.fetcher().last_systemic_error() && tokens_.needs_login().empty();
  cycle_failed_ = false;
  if (complete) monitors_.heartbeat.send();
}

void Service::continue_backfill() {
  if (backfilling_) return;
  backfilling_ = engine_.backfill([this](const model::Result<model::ScanStats>& stats) {
    backfilling_ = false;
    if (!stats) return record_failure(Activity::Backfill, stats.error());
    monitors_.metrics.record_success(Activity::Backfill, deps_.clock.now());
    monitors_.metrics.record_scan(*stats);
    if (stats->added > 0) {
      log_activity(Activity::Backfill, fmt::format("backfill: {}", base::count_of(stats->added, "new task")));
      publish_status();
    }
    continue_backfill();
  });
}

void Service::reconcile() {
  reconcile_timer_->start(deps_.settings.reconcile_every);
  if (tokens_.login_blocks_requests()) return;
  engine_.reconcile([this](const model::Result<model::ScanStats>& stats) {
    if (!stats) return record_failure(Activity::Reconcile, stats.error());
    monitors_.metrics.record_success(Activity::Reconcile, deps_.clock.now());
    monitors_.metrics.record_scan(*stats);
    if (stats->added > 0 || stats->changed > 0)
      log_activity(Activity::Reconcile, fmt::format("reconcile: {} that became visible late, {} changed",
                                                    base::count_of(stats->added, "new task"), stats->changed));
  });
}

void Service::run_maintenance() {
  maintenance_timer_->start(kMaintenanceInterval);
  const auto shortened = sync::catch_store_errors([&] { return deps_.archive.checkpoint(); });
  if (!shortened) record_failure(Activity::Maintenance, shortened.error());
  if (shortened) monitors_.metrics.record_success(Activity::Maintenance, deps_.clock.now());
  if (shortened && !*shortened)
    if (const auto warning = monitor::wal_size_warning(base::size_of(deps_.archive.path().string() + "-wal")))
      base::log::warning("{}", *warning);
  warn_of_login_expiry();
  publish_status();
}

void Service::on_login_state_changed() {
  const std::string& reason = tokens_.needs_login();
  const webex::TokenSet& tokens = tokens_.tokens();
  const bool was_required = std::exchange(login_required_, !reason.empty());
  const auto recorded = sync::catch_store_errors([&] {
    deps_.archive.service().record_login(reason, tokens.access_expires_at, tokens.refresh_expires_at,
                                         deps_.clock.now());
  });
  if (!recorded) record_failure(Activity::Maintenance, recorded.error());
  if (ready_ && was_required && reason.empty()) {
    poll_timer_->start(base::Millis{0});
    engine_.fetcher().resume();
  }
  warn_of_login_expiry();
  publish_status();
}

void Service::warn_of_login_expiry() {
  if (!ready_ || !tokens_.needs_login().empty()) return;
  if (const auto warning = login_expiry_.next(tokens_.tokens().refresh_expires_at, deps_.clock.now()))
    base::log::warning("{}", *warning);
}

// Called when the fetcher is idle, and at the end of a cycle, which a fetcher that is busy for long does not hold up.
void Service::record_fetch_stats() {
  const model::FetchStats stats = engine_.fetcher().take_stats();
  monitors_.metrics.record_fetch(stats);
  if (stats.failures > 0) {
    cycle_failed_ = true;
    monitors_.metrics.record_failure(Activity::Fetch);
  } else if (!engine_.fetcher().last_systemic_error()) {
    monitors_.metrics.record_success(Activity::Fetch, deps_.clock.now());
  }
  if (stats.archived > 0)
    log_activity(Activity::Fetch,
                 fmt::format("fetch: {} archived with {}", base::count_of(stats.archived, "transcript"),
                             base::count_of(stats.messages, "message")));
  if (stats.absent > 0)
    log_activity(Activity::Fetch, fmt::format("fetch: {} without a transcript until the deadline: absent",
                                              base::count_of(stats.absent, "task")));
  if (stats.archived + stats.absent + stats.not_available + stats.failures == 0) return;
  publish_status();
  if (engine_.fetcher().idle()) release_unused_memory(deps_.archive);
}

void Service::record_failure(Activity activity, const model::Failure& failure) {
  if (activity != Activity::Poll) cycle_failed_ = true;
  monitors_.metrics.record_failure(activity);
  // The token keeper logs and records that a login is needed.
  if (failure.kind == model::Failure::Kind::AuthRequired) return;
  if (failure.message != std::exchange(last_logged_error_, failure.message)) {
    base::log::Fields fields = model::log_fields(failure);
    fields.emplace_back("WXCC_ACTIVITY", to_text(activity));
    base::log::write(base::log::Level::Warning, failure.message, fields);
  }
  const auto recorded =
      sync::catch_store_errors([&] { deps_.archive.service().record_error(failure.message, deps_.clock.now()); });
  if (!recorded && recorded.error().message != std::exchange(last_store_error_, recorded.error().message))
    base::log::error("{}", recorded.error().message);
  publish_status();
}

void Service::publish_status() {
  if (!ready_) return;
  std::string status = status_line();
  if (status == published_status_) return;
  published_status_ = std::move(status);
  monitors_.supervisor.on_status(published_status_);
}

monitor::StatusSnapshot Service::snapshot() const {
  monitor::StatusSnapshot snapshot = monitor::collect(deps_.archive.reader(), deps_.archive.path(), deps_.clock.now(),
                                                      settings_.poll_interval, monitor::Detail::Figures);
  snapshot.token_refreshed_at = tokens_.tokens().granted_at;
  release_unused_memory(deps_.archive);  // the counting has read an index as a whole
  return snapshot;
}

std::string Service::status_line() const {
  monitor::StatusSnapshot snapshot = monitor::collect(deps_.archive.reader(), deps_.archive.path(), deps_.clock.now(),
                                                      settings_.poll_interval, monitor::Detail::Line);
  monitor::overlay_error(last_logged_error_, snapshot);
  std::string line = monitor::summary(snapshot);
  for (const std::string& warning : monitor::warnings(snapshot)) line += "; " + warning;
  return line;
}

}  // namespace wxcc::daemon
