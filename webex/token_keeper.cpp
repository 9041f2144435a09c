// SPDX-License-Identifier: Apache-2.0
#include "webex/token_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "net/outcome_class.h"
#include "net/retry_delays.h"
#include "webex/token_exchange.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

// A timer never sleeps longer than this, so that a stepped clock is noticed.
constexpr ch::minutes kLongestSleep{10};

model::Failure grant_failure(const std::string& message) {
  return {
      .source = model::Failure::Source::Authorization, .kind = model::Failure::Kind::AuthRequired, .message = message};
}

bool same_grant(const TokenSet& one, const TokenSet& other) {
  return one.access_token == other.access_token && one.refresh_token == other.refresh_token;
}

}  // namespace

TokenKeeper::TokenKeeper(Options options, net::Transport& transport, base::Timers& timers, const base::Clock& clock)
    : options_(std::move(options)), transport_(transport), clock_(clock), file_(options_.token_file) {
  schedule_timer_ = timers.add_timer([this] {
    if (!refreshing_ && unsaved_) save();
    const base::Instant now = clock_.now();
    if (!refreshing_ && refresh_due_at(tokens_, now).value_or(base::Instant::max()) <= now) begin_refresh();
    schedule();
  });
  lock_timer_ = timers.add_timer([this] { begin_refresh(); });
  adopt_file();
}

TokenKeeper::~TokenKeeper() {
  if (unsaved_ && !refreshing_) save();
}

void TokenKeeper::when_idle(std::function<void()> idle) {
  if (!transfer_) return idle();
  idle_ = std::move(idle);
}

void TokenKeeper::start() {
  scheduled_ = true;
  schedule();
}

// Takes over what the token file holds, when it holds something.
void TokenKeeper::adopt_file() {
  if (auto found = file_.read()) {
    unsaved_ = false;
    const auto wrong = organisation_mismatch(*found, options_.org_id);
    tokens_ = wrong ? TokenSet{} : std::move(*found);
    if (wrong) return require_login(*wrong);
  }
  if (tokens_.refresh_token.empty() && options_.seed) tokens_.refresh_token = *options_.seed;
  if (tokens_.refresh_token.empty() && !usable(tokens_, clock_.now()))
    return require_login(fmt::format("no usable token in {}: {}", options_.token_file.string(), options_.remedy));
  if (!needs_login_.empty() && !same_grant(tokens_, refused_)) {
    quiet_until_.reset();
    require_login("");
  }
}

// A process that was killed between the server's answer and the renaming has left the only grant that still works.
void TokenKeeper::recover() {
  if (auto found = file_.recover(tokens_); found && !organisation_mismatch(*found, options_.org_id)) {
    base::log::warning("going on with a token that a killed process had not finished storing");
    if (found->previous_refresh_token.empty()) found->previous_refresh_token = tokens_.refresh_token;
    tokens_ = std::move(*found);
    save();
  }
  if (!unsaved_) file_.remove_leftovers();
}

// True when the file was changed by somebody who does not know the lock, and holds another grant.
bool TokenKeeper::replaced_by_somebody() {
  if (!file_.changed()) return false;
  const TokenSet before = tokens_;
  adopt_file();
  return !same_grant(before, tokens_);
}

void TokenKeeper::require_login(const std::string& reason) {
  if (reason == needs_login_) return;
  needs_login_ = reason;
  if (reason.empty())
    base::log::info("no login is needed any more; going on");
  else
    base::log::write(base::log::Level::Error, "login needed: " + reason,
                     {{"WXCC_ACTIVITY", "refresh"}, {"WXCC_ERROR_KIND", "auth"}});
  if (changed_) changed_();
}

void TokenKeeper::get_token(Done done) {
  if (good()) return done(tokens_.access_token);
  if (!needs_login_.empty()) return done(base::make_unexpected(grant_failure(needs_login_)));
  waiting_.push_back(std::move(done));
  if (!refreshing_) begin_refresh();
}

void TokenKeeper::refresh_rejected(const base::Secret& rejected, Done done) {
  if (!(rejected == tokens_.access_token)) return get_token(std::move(done));
  const base::Instant now = clock_.now();
  const bool fresh = tokens_.granted_at && ch::abs(now - *tokens_.granted_at) < net::kJustGrantedAge;
  if (!refreshing_ && fresh && usable(tokens_, now))
    return done(base::make_unexpected(model::Failure{.source = model::Failure::Source::Authorization,
                                                     .kind = model::Failure::Kind::Transient,
                                                     .message = "answered 401 to a token that was granted a moment ago",
                                                     .http_status = 401}));
  waiting_.push_back(std::move(done));
  rejected_ = rejected;
  if (!refreshing_) begin_refresh();
}

bool TokenKeeper::good() const {
  return usable(tokens_, clock_.now()) && !(tokens_.access_token == rejected_);
}

void TokenKeeper::reload() {
  if (refreshing_) {
    reload_pending_ = true;
    return;
  }
  reload_pending_ = false;
  const bool login_needed = !needs_login_.empty();
  if (!replaced_by_somebody()) return;
  quiet_until_.reset();
  schedule();
  // Otherwise the end of the need has told it.
  if (changed_ && login_needed == !needs_login_.empty()) changed_();
}

void TokenKeeper::begin_refresh() {
  refreshing_ = true;
  const base::Instant now = clock_.now();
  // A pause that is longer than any is the work of a clock that was set back.
  if (quiet_until_ && now < *quiet_until_ && *quiet_until_ - now <= net::kRejectedGrantRetry)
    return finish(base::make_unexpected(needs_login_.empty()
                                            ? model::Failure{.source = model::Failure::Source::Authorization,
                                                             .kind = model::Failure::Kind::Transient,
                                                             .message = last_trouble_}
                                            : grant_failure(needs_login_)));
  try {
    lock_ = base::FileLock::try_now(lock_path_of(options_.token_file));
  } catch (const base::FileError& error) {
    // Without a lock a refresh is still better than a dead grant.
    base::log::warning("refreshing without the token file's lock: {}", error.what());
    return refresh_locked();
  }
  if (lock_) return refresh_locked();
  if (++lock_tries_ < net::kMaxTokenLockAttempts) return lock_timer_->start(net::kTokenLockRetryDelay);
  finish(
      base::make_unexpected(model::Failure{.source = model::Failure::Source::Authorization,
                                           .kind = model::Failure::Kind::Transient,
                                           .message = "another process has held the token file's lock for a minute"}));
}

void TokenKeeper::refresh_locked() {
  const base::Secret before = tokens_.access_token;
  // What could not be stored is ahead of the file, unless somebody has written the file meanwhile.
  if (!unsaved_ || file_.changed()) adopt_file();
  recover();
  const bool newer = !(tokens_.access_token == before);  // another process refreshed it, or somebody logged in
  if (newer && good()) return finish(tokens_.access_token);
  candidates_.clear();
  for (const base::Secret* token :
       {&tokens_.refresh_token, &tokens_.previous_refresh_token, options_.seed ? &*options_.seed : nullptr})
    if (token != nullptr && !token->empty() &&
        std::find(candidates_.begin(), candidates_.end(), *token) == candidates_.end())
      candidates_.push_back(*token);
  if (!tokens_.refresh_token.empty()) return ask_next();
  // A reason that is there already says more.
  if (needs_login_.empty())
    require_login(fmt::format("the access token has ended and {} holds no refresh token: {}",
                              options_.token_file.string(), options_.remedy));
  finish(base::make_unexpected(grant_failure(needs_login_)));
}

void TokenKeeper::ask_next() {
  const base::Secret refresh_token = std::move(candidates_.front());
  candidates_.pop_front();
  transfer_ =
      transport_.start(refresh_request(options_.token_endpoint, options_.client, refresh_token),
                       [this, refresh_token](const net::Outcome& outcome) { on_outcome(outcome, refresh_token); });
}

void TokenKeeper::on_outcome(const net::Outcome& outcome, const base::Secret& used_refresh_token) {
  TokenSet previous = tokens_;
  if (!(used_refresh_token == previous.refresh_token)) previous.refresh_expires_at.reset();
  previous.refresh_token = used_refresh_token;
  auto exchange =
      read_token_exchange(outcome, previous, {options_.client.secret, used_refresh_token, tokens_.access_token},
                          options_.org_id, clock_.now());
  if (auto* granted = std::get_if<Granted>(&exchange)) return on_granted(std::move(granted->tokens));
  if (const auto* retryable = std::get_if<Retryable>(&exchange)) return back_off(outcome, retryable->reason);
  const auto& rejected = std::get<Rejected>(exchange);
  if (rejected.cause == Rejected::Cause::TokenHost) return on_rejected(rejected.reason);
  reject_grant(rejected.reason, tokens_);
  finish(base::make_unexpected(grant_failure(rejected.reason)));
}

void TokenKeeper::back_off(const net::Outcome& outcome, const std::string& reason) {
  const model::Failure failure{
      .source = model::Failure::Source::Authorization, .message = reason, .http_status = outcome ? outcome->status : 0};
  last_trouble_ = failure.message;
  const base::Instant now = clock_.now();
  base::Millis pause = net::kRefreshRetries.backoff(++failures_, 0.5);
  if (outcome)
    if (const auto asked_for = net::retry_after(*outcome, now))
      pause = outcome->status == 429 ? std::max<base::Millis>(net::kMinThrottledRefreshDelay, *asked_for)
                                     : std::max(pause, *asked_for);
  quiet_until_ = now + std::min<base::Millis>(pause, net::kRejectedGrantRetry);
  base::log::warning("{}; trying again in {} s", failure.message, ch::ceil<ch::seconds>(pause).count());
  finish(base::make_unexpected(failure));
}

void TokenKeeper::on_granted(TokenSet fresh) {
  rejected_ = {};  // should the server give the same one again, it vouches for it
  failures_ = 0;
  // Whoever logs in meanwhile wants that login to count.
  if (replaced_by_somebody() && good()) return finish(tokens_.access_token);
  tokens_ = std::move(fresh);
  quiet_until_.reset();
  save();
  require_login("");
  base::log::debug("the token was refreshed; it is good until {}",
                   tokens_.access_expires_at ? base::to_iso8601_seconds(*tokens_.access_expires_at) : "it is refused");
  finish(tokens_.access_token);
}

void TokenKeeper::on_rejected(const std::string& why) {
  if (!candidates_.empty()) return ask_next();
  if (replaced_by_somebody())
    return finish(
        good() ? model::Result<base::Secret>(tokens_.access_token)
               : base::make_unexpected(model::Failure{.source = model::Failure::Source::Authorization,
                                                      .kind = model::Failure::Kind::Transient,
                                                      .message = "the token file was replaced during a refresh"}));
  std::string reason = fmt::format("{}: {}", why, options_.remedy);
  if (good() && tokens_.access_expires_at)
    reason += fmt::format("; the last access token still works until {}",
                          base::to_iso8601_seconds(*tokens_.access_expires_at));
  reject_grant(reason, tokens_);
  finish(good() ? model::Result<base::Secret>(tokens_.access_token)
                : base::make_unexpected(grant_failure(needs_login_)));
}

// Nothing but another grant, or a probe after a while, ends this.
void TokenKeeper::reject_grant(const std::string& reason, const TokenSet& grant) {
  refused_ = grant;
  quiet_until_ = clock_.now() + net::kRejectedGrantRetry;
  // The server's words and tracking ids differ at each probe; a state that stays the same is told once.
  if (needs_login_.empty()) require_login(reason);
}

void TokenKeeper::finish(const model::Result<base::Secret>& result) {
  transfer_.reset();
  lock_.reset();
  refreshing_ = false;
  lock_tries_ = 0;
  schedule();
  auto waiting = std::exchange(waiting_, {});
  if (result && changed_) changed_();
  if (reload_pending_) reload();
  for (const Done& done : waiting) done(result);
  if (const auto idle = std::exchange(idle_, nullptr); idle && !transfer_) idle();
}

void TokenKeeper::schedule() {
  if (!scheduled_ || refreshing_) return;
  const base::Instant now = clock_.now();
  base::Instant next = now + kLongestSleep;
  if (const auto due = refresh_due_at(tokens_, now)) next = std::min(next, std::max(*due, quiet_until_.value_or(*due)));
  schedule_timer_->start(std::max<base::Millis>(next - now, ch::milliseconds{100}));
}

void TokenKeeper::save() {
  try {
    file_.write(tokens_);
    unsaved_ = false;
  } catch (const base::FileError& error) {
    unsaved_ = true;
    base::log::error("the refreshed token could not be stored and would be lost with this process: {}", error.what());
  }
}

}  // namespace wxcc::webex
