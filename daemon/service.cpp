// SPDX-License-Identifier: Apache-2.0
#include "daemon/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/log.h"
#include "systemd/notify.h"

namespace wxcc::daemon {
namespace {

namespace ch = std::chrono;

constexpr ch::hours kUpkeepEvery{1};
constexpr std::uintmax_t kLargeLog = std::uintmax_t{256} << 20U;
// How long a start waits for a token host that does not answer before the service declares itself up all the same: a
// dead network is no reason for systemd to start it again and again.
constexpr int kTokenTries = 12;
constexpr ch::seconds kTokenPause{5};

sync::Context context_of(const Service::Options& options, systemd::EventLoop& loop, store::Archive& archive,
                         webex::Cloud& cloud, const base::Clock& clock) {
  sync::Settings settings = options.sync;
  settings.reconcile_every = options.reconcile_every;
  return {std::move(settings), archive, cloud, loop, clock};
}

}  // namespace

Service::Service(Options options, systemd::EventLoop& loop, store::Archive& archive, webex::TokenKeeper& tokens,
                 webex::Cloud& cloud, const base::Clock& clock)
    : options_(std::move(options)),
      archive_(archive),
      tokens_(tokens),
      clock_(clock),
      engine_(context_of(options_, loop, archive, cloud, clock)),
      retention_(options_.retention_days, loop, archive, clock),
      poll_timer_(loop.add_timer([this] { poll(); })),
      reconcile_timer_(loop.add_timer([this] { reconcile(); })),
      upkeep_timer_(loop.add_timer([this] { keep_house(); })),
      token_timer_(loop.add_timer([this] { wait_for_token(); })) {
  tokens_.on_change([this] { login_changed(); });
  engine_.fetcher().on_idle([this] { fetched(); });
}

Service::~Service() {
  tokens_.on_change(nullptr);
}

void Service::start() {
  tokens_.start();
  upkeep_timer_->start(kUpkeepEvery);
  // A service that is started again more often than that reconciles too; the first poll goes before it.
  constexpr ch::minutes kSoonest{1};
  const auto due = engine_.until_reconcile().value_or(options_.reconcile_every);
  reconcile_timer_->start(std::clamp<base::Millis>(due, std::min<base::Millis>(kSoonest, options_.reconcile_every),
                                                   options_.reconcile_every));
  retention_.start();
  wait_for_token();
}

void Service::wait_for_token() {
  tokens_.get([this](const webex::Result<base::Secret>& token) {
    const bool settled = token || token.error().kind == webex::ApiFailure::Kind::Grant;
    if (!token) failed(token.error());
    if (settled || ++token_tries_ >= kTokenTries) return become_ready();
    token_timer_->start(kTokenPause);
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
  poll_timer_->start(options_.poll_interval);
  if (polling_ || tokens_.stuck()) return;
  polling_ = true;
  engine_.poll([this](const webex::Result<sync::ScanReport>& report) {
    polling_ = false;
    poll_done(report);
  });
}

void Service::poll_done(const webex::Result<sync::ScanReport>& report) {
  if (!report) return failed(report.error());
  if (report->added > 0) base::log::info("{} ended tasks found", report->added);
  const auto recorded = sync::on_archive([&] { archive_.record_success(clock_.now()); });
  if (!recorded) return failed(recorded.error());
  if (!reported_error_.empty()) base::log::info("works again after: {}", reported_error_);
  reported_error_.clear();
  tell_status();
  continue_backfill();
}

void Service::continue_backfill() {
  if (backfilling_) return;
  backfilling_ = engine_.backfill([this](const webex::Result<sync::ScanReport>& report) {
    backfilling_ = false;
    if (!report) return failed(report.error());
    if (report->added > 0) {
      base::log::info("backfill: {} ended tasks found", report->added);
      tell_status();
    }
    continue_backfill();
  });
}

void Service::reconcile() {
  reconcile_timer_->start(options_.reconcile_every);
  if (tokens_.stuck()) return;
  engine_.reconcile([this](const webex::Result<sync::ScanReport>& report) {
    if (!report) return failed(report.error());
    if (report->added > 0 || report->changed > 0)
      base::log::info("reconcile: {} tasks that had become visible late, {} that had changed", report->added,
                      report->changed);
  });
}

void Service::keep_house() {
  upkeep_timer_->start(kUpkeepEvery);
  bool shortened = true;
  const auto copied = sync::on_archive([&] { shortened = archive_.checkpoint(); });
  if (!copied) failed(copied.error());
  if (!shortened) warn_of_large_log();
  warn_of_login_end();
  tell_status();
}

void Service::warn_of_large_log() {
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(archive_.path().string() + "-wal", missing);
  if (!missing && bytes > kLargeLog)
    base::log::warning(
        "the archive's log has {} MiB: a program that has been reading for long keeps it from being shortened",
        bytes >> 20U);
}

void Service::login_changed() {
  const std::string& reason = tokens_.needs_login();
  const bool known = archive_.service_record().needs_login == reason;
  if (!known) {
    const auto recorded = sync::on_archive([&] { archive_.record_needs_login(reason, clock_.now()); });
    if (!recorded) failed(recorded.error());
    if (ready_ && reason.empty()) {
      poll_timer_->start(base::Millis{0});
      engine_.fetcher().resume();
    }
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
  const sync::FetchReport report = engine_.fetcher().take_report();
  if (report.archived > 0)
    base::log::info("{} transcripts archived with {} messages", report.archived, report.messages);
  if (report.absent > 0)
    base::log::info("{} tasks have no transcript: the cloud had none until the deadline", report.absent);
  if (report.archived + report.absent + report.nothing_yet + report.failures > 0) tell_status();
}

void Service::failed(const webex::ApiFailure& failure) {
  // The token keeper tells of a login that is needed.
  if (failure.kind == webex::ApiFailure::Kind::Grant) return;
  if (failure.message != reported_error_) base::log::warning("{}", failure.message);
  reported_error_ = failure.message;
  // An archive that cannot be written is told of once, not at each poll.
  const auto recorded = sync::on_archive([&] { archive_.record_error(failure.message, clock_.now()); });
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

std::string Service::status_line() const {
  const base::Instant now = clock_.now();
  auto record = archive_.service_record();
  State state = state_of(record, now, stale_after(options_.poll_interval));
  // The archive does not know of the failures that it could not be told.
  if (state == State::Ok && !reported_error_.empty()) {
    state = State::Degraded;
    record.last_error = reported_error_;
  }
  std::string line = summary(state, record, archive_.backlog(), archive_.high_water_mark());
  const auto ending = login_end_message(tokens_.tokens().refresh_expires_at, now);
  if (ending && record.needs_login.empty()) line += "; " + *ending;
  return line;
}

}  // namespace wxcc::daemon
