// SPDX-License-Identifier: Apache-2.0
#include "webex/token_keeper.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "net/retry_delays.h"
#include "webex/token_exchange.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

// Refresh times are wall-clock times: a stepped clock is noticed after this long at most. Tokens that could not be
// stored are stored again as often.
constexpr ch::minutes kMaxTimerInterval{10};
constexpr ch::milliseconds kMinTimerInterval{100};

}  // namespace

TokenKeeper::TokenKeeper(Settings settings, net::Transport& transport, base::Timers& timers, const base::Clock& clock)
    : settings_(std::move(settings)),
      transport_(transport),
      timers_(timers),
      clock_(clock),
      file_(settings_.token_file),
      state_(settings_),
      schedule_timer_(timers.add_timer([this] { on_schedule(); })),
      lock_timer_(timers.add_timer([this] { take_lock(); })) {
  load_file();
}

TokenKeeper::~TokenKeeper() {
  if (unsaved_ && !is_refreshing()) save();
}

TokenState::Moment TokenKeeper::now() const {
  return {clock_.now(), timers_.monotonic_now()};
}

void TokenKeeper::when_idle(std::function<void()> idle) {
  if (!transfer_) return idle();
  idle_ = std::move(idle);
}

void TokenKeeper::start() {
  scheduled_ = true;
  schedule();
}

void TokenKeeper::schedule() {
  if (!scheduled_ || is_refreshing()) return;
  const base::Millis due = state_.until_refresh(now()).value_or(kMaxTimerInterval);
  schedule_timer_->start(std::clamp<base::Millis>(due, kMinTimerInterval, kMaxTimerInterval));
}

void TokenKeeper::on_schedule() {
  if (is_refreshing()) return;
  if (unsaved_) save();
  if (state_.until_refresh(now()) == base::Millis{0}) begin_refresh();
  schedule();
}

// Logs the beginning and the end of LoginRequired, and reports them. Follows every event of the state that may change
// it.
void TokenKeeper::announce_login() {
  const std::string& reason = state_.login_required();
  if (reason == announced_login_) return;
  announced_login_ = reason;
  if (reason.empty())
    base::log::info("token: login no longer required; resuming requests");
  else
    base::log::write(base::log::Level::Error, "token: login required: " + reason,
                     {{"WXCC_ACTIVITY", "refresh"}, {"WXCC_ERROR_KIND", "auth"}});
  if (changed_) changed_();
}

// -- the file ---------------------------------------------------------------------------------------------------------

void TokenKeeper::load_file() {
  auto found = file_.read();
  if (found) unsaved_ = false;
  state_.on_file(std::move(found), clock_.now());
  announce_login();
}

// True when another process, without the lock, has written another grant.
bool TokenKeeper::reload_if_changed() {
  if (!file_.changed()) return false;
  const TokenSet before = state_.tokens();
  load_file();
  return !same_grant(before, state_.tokens());
}

// The response to a process that was killed before it renamed the file holds the only grant that is still valid.
void TokenKeeper::recover_interrupted_write() {
  if (auto found = file_.recover(state_.tokens()); found && state_.on_recovered(std::move(*found))) {
    base::log::warning("token: recovered from an interrupted write of {}", settings_.token_file.string());
    save();
  }
  if (!unsaved_) file_.remove_stale_temp_files();
}

void TokenKeeper::reload() {
  if (is_refreshing()) {
    reload_pending_ = true;
    return;
  }
  reload_pending_ = false;
  const std::string announced = announced_login_;
  if (!reload_if_changed()) return;
  state_.end_backoff();
  schedule();
  // announce_login() has reported the change otherwise.
  if (changed_ && announced.empty() == announced_login_.empty()) changed_();
}

void TokenKeeper::save() {
  try {
    file_.write(state_.tokens());
    unsaved_ = false;
  } catch (const base::FileError& error) {
    unsaved_ = true;
    base::log::error("token: cannot store the refreshed token, which is lost if this process ends: {}", error.what());
  }
}

// -- a refresh --------------------------------------------------------------------------------------------------------

void TokenKeeper::get_token(Done done) {
  if (auto token = state_.token(clock_.now())) return done(std::move(*token));
  wait_for_refresh(std::move(done));
}

void TokenKeeper::refresh_rejected(const base::Secret& rejected, Done done) {
  if (auto token = state_.replacement_of(rejected, clock_.now())) return done(std::move(*token));
  wait_for_refresh(std::move(done));
}

void TokenKeeper::wait_for_refresh(Done done) {
  waiting_.push_back(std::move(done));
  if (!is_refreshing()) begin_refresh();
}

void TokenKeeper::begin_refresh() {
  if (const auto result = state_.begin_refresh(now())) return finish(*result);
  take_lock();
}

void TokenKeeper::take_lock() {
  try {
    lock_ = base::FileLock::try_acquire(lock_path_of(settings_.token_file));
  } catch (const base::FileError& error) {
    // Without a lock a refresh is still better than an expired grant.
    base::log::warning("token: refreshing without the lock of the token file: {}", error.what());
    return refresh_locked();
  }
  if (lock_) return refresh_locked();
  if (const auto result = state_.on_lock_busy()) return finish(*result);
  lock_timer_->start(net::kTokenLockRetryDelay);
}

void TokenKeeper::refresh_locked() {
  const base::Secret before = state_.tokens().access_token;
  // Tokens that could not be stored are newer than the file, unless another process has written it meanwhile.
  if (!unsaved_ || file_.changed()) load_file();
  recover_interrupted_write();
  const auto result = state_.on_lock_taken(before, clock_.now());
  announce_login();
  if (result) return finish(*result);
  send_next_candidate();
}

bool TokenKeeper::send_next_candidate() {
  const auto candidate = state_.next_candidate();
  if (!candidate) return false;
  transfer_ =
      transport_.start(refresh_request(settings_.endpoints.token, settings_.client, *candidate),
                       [this, candidate = *candidate](const net::Outcome& outcome) { on_outcome(outcome, candidate); });
  return true;
}

void TokenKeeper::on_outcome(const net::Outcome& outcome, const base::Secret& refresh_token) {
  auto exchange = read_token_exchange(outcome, state_.sent_set(refresh_token),
                                      {settings_.client.secret, refresh_token, state_.tokens().access_token},
                                      settings_.org_id, clock_.now());
  if (auto* const granted = std::get_if<Granted>(&exchange)) return on_granted(std::move(granted->tokens));
  if (const auto* const retryable = std::get_if<Retryable>(&exchange)) {
    const TokenState::Token result = state_.on_retryable(retryable->reason, outcome, now());
    base::log::warning("token: {}; retrying in {} s", retryable->reason,
                       ch::ceil<ch::seconds>(state_.backoff_left(timers_.monotonic_now())).count());
    return finish(result);
  }
  const auto& rejected = std::get<Rejected>(exchange);
  if (rejected.cause == Rejected::Cause::TokenHost) {
    if (send_next_candidate()) return;
    if (reload_if_changed()) return finish(state_.on_replaced(clock_.now()));
  }
  const TokenState::Token result = state_.on_rejected(rejected, now());
  announce_login();
  finish(result);
}

void TokenKeeper::on_granted(TokenSet tokens) {
  state_.on_response();
  // A login that was stored meanwhile takes precedence.
  if (reload_if_changed() && state_.has_valid_token(clock_.now())) return finish(state_.tokens().access_token);
  state_.on_granted(std::move(tokens));
  save();
  announce_login();
  const auto& expiry = state_.tokens().access_expires_at;
  base::log::debug("token: refreshed; valid until {}",
                   expiry ? base::to_iso8601_seconds(*expiry) : "the API rejects it");
  finish(state_.tokens().access_token);
}

void TokenKeeper::finish(const TokenState::Token& result) {
  transfer_.reset();
  lock_.reset();
  state_.on_refresh_end();
  schedule();
  auto waiting = std::exchange(waiting_, {});
  if (result && changed_) changed_();
  if (reload_pending_) reload();
  for (const Done& done : waiting) done(result);
  if (const auto idle = std::exchange(idle_, nullptr); idle && !transfer_) idle();
}

}  // namespace wxcc::webex
