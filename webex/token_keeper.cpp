// SPDX-License-Identifier: Apache-2.0
#include "webex/token_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/retry_policy.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

// A token that was granted this recently is not why the cloud says 401.
constexpr ch::seconds kFresh{30};
constexpr ch::milliseconds kLockPause{200};
constexpr int kLockTries = 300;
// A refused grant is asked about again now and then, in case the refusal was the server's mistake.
constexpr ch::hours kProbe{1};
constexpr net::RetryPolicy kPauses{ch::seconds{5}, ch::minutes{5}, 0};
// A timer never sleeps longer than this, so that a stepped clock is noticed.
constexpr ch::minutes kLongestSleep{10};

constexpr std::string_view kHowToLogIn = "log in with \"wxcc-archive login\"";

ApiFailure grant_failure(const std::string& message) {
  return {ApiFailure::Kind::Grant, 0, message};
}

bool is_refusal(const net::Outcome& outcome) {
  return outcome && (outcome->status == 400 || outcome->status == 401 || outcome->status == 403);
}

}  // namespace

base::Path lock_path_of(const base::Path& token_file) {
  base::Path path = token_file;
  path += ".lock";
  return path;
}

std::optional<std::string> wrong_organisation(const TokenSet& tokens, const std::string& org_id) {
  const auto organisation = organisation_of(tokens.access_token);
  if (!organisation || org_id.empty() || base::equals_ignoring_case(*organisation, org_id)) return std::nullopt;
  return fmt::format("the token is of organisation {}, but org_id is {}: log in with an account of that organisation",
                     *organisation, org_id);
}

TokenKeeper::TokenKeeper(Options options, net::Transport& transport, base::Timers& timers, const base::Clock& clock)
    : options_(std::move(options)), transport_(transport), clock_(clock) {
  schedule_timer_ = timers.add_timer([this] {
    if (!refreshing_ && refresh_due_at(tokens_).value_or(base::Instant::max()) <= clock_.now()) begin_refresh();
    if (unsaved_ && !refreshing_) save();
    schedule();
  });
  lock_timer_ = timers.add_timer([this] { begin_refresh(); });
  adopt_file();
}

TokenKeeper::~TokenKeeper() = default;

void TokenKeeper::start() {
  scheduled_ = true;
  schedule();
}

// Takes over what the token file holds, when it holds something.
void TokenKeeper::adopt_file() {
  try {
    auto text = base::read_file_if_present(options_.token_file);
    if (text) {
      auto tokens = parse_token_file(*text);
      base::wipe(*text);
      if (tokens) {
        if (const auto wrong = wrong_organisation(*tokens, options_.org_id)) return require_login(*wrong);
        tokens_ = std::move(*tokens);
      } else {
        base::log::warning("the token file {} cannot be used: {}", options_.token_file.string(), tokens.error());
      }
    }
  } catch (const base::FileError& error) {
    base::log::warning("the token file cannot be used: {}", error.what());
  }
  if (tokens_.refresh_token.empty() && options_.seed) tokens_.refresh_token = *options_.seed;
  if (tokens_.refresh_token.empty() && !usable(tokens_, clock_.now()))
    return require_login(fmt::format("no usable token in {}: {}", options_.token_file.string(), kHowToLogIn));
  const bool other_grant = tokens_.refresh_token.empty() || !(tokens_.refresh_token == refused_);
  if (!needs_login_.empty() && other_grant) require_login("");
}

void TokenKeeper::require_login(const std::string& reason) {
  if (reason == needs_login_) return;
  needs_login_ = reason;
  if (reason.empty())
    base::log::info("there is a new login; going on");
  else
    base::log::error("login needed: {}", reason);
  if (changed_) changed_();
}

void TokenKeeper::get(Done done) {
  if (!needs_login_.empty()) return done(base::make_unexpected(grant_failure(needs_login_)));
  if (good()) return done(tokens_.access_token);
  waiting_.push_back(std::move(done));
  if (!refreshing_) begin_refresh();
}

void TokenKeeper::replace(const base::Secret& refused, Done done) {
  if (!(refused == tokens_.access_token)) return get(std::move(done));
  const base::Instant now = clock_.now();
  const bool fresh = tokens_.granted_at && ch::abs(now - *tokens_.granted_at) < kFresh;
  if (!refreshing_ && fresh && usable(tokens_, now))
    return done(base::make_unexpected(
        ApiFailure{ApiFailure::Kind::Transient, 401, "answered 401 to a token that was granted a moment ago"}));
  waiting_.push_back(std::move(done));
  rejected_ = refused;
  if (!refreshing_) begin_refresh();
}

bool TokenKeeper::good() const {
  return usable(tokens_, clock_.now()) && !(tokens_.access_token == rejected_);
}

void TokenKeeper::reload() {
  if (refreshing_) return;  // reads the file itself
  adopt_file();
  quiet_until_.reset();
  schedule();
}

void TokenKeeper::begin_refresh() {
  refreshing_ = true;
  const base::Instant now = clock_.now();
  if (!needs_login_.empty() && quiet_until_ && now < *quiet_until_)
    return finish(base::make_unexpected(grant_failure(needs_login_)));
  if (quiet_until_ && now < *quiet_until_ && *quiet_until_ - now <= kPauses.longest)
    return finish(base::make_unexpected(ApiFailure{
        ApiFailure::Kind::Transient, 0, "the token host gave no token a moment ago; waiting before the next try"}));
  try {
    lock_ = base::FileLock::try_now(lock_path_of(options_.token_file));
  } catch (const base::FileError& error) {
    // Without a lock a refresh is still better than a dead grant.
    base::log::warning("refreshing without the token file's lock: {}", error.what());
    return refresh_locked();
  }
  if (lock_) return refresh_locked();
  if (++lock_tries_ < kLockTries) return lock_timer_->start(kLockPause);
  finish(base::make_unexpected(
      ApiFailure{ApiFailure::Kind::Transient, 0, "another process has held the token file's lock for a minute"}));
}

void TokenKeeper::refresh_locked() {
  const base::Secret before = tokens_.access_token;
  if (!unsaved_) adopt_file();
  const bool newer = !(tokens_.access_token == before);  // another process refreshed it, or somebody logged in
  if (newer && good()) return finish(tokens_.access_token);
  if (tokens_.refresh_token.empty()) {
    require_login(fmt::format("the access token has ended and {} holds no refresh token: {}",
                              options_.token_file.string(), kHowToLogIn));
    return finish(base::make_unexpected(grant_failure(needs_login_)));
  }
  tried_previous_ = false;
  ask(tokens_.refresh_token);
}

void TokenKeeper::ask(const base::Secret& refresh_token) {
  transfer_ =
      transport_.start(refresh_request(options_.token_endpoint, options_.client, refresh_token),
                       [this, refresh_token](const net::Outcome& outcome) { answered(outcome, refresh_token); });
}

void TokenKeeper::answered(const net::Outcome& outcome, const base::Secret& asked_with) {
  if (is_refusal(outcome)) return refused(outcome, asked_with);
  ApiFailure failure;
  if (outcome && outcome->status >= 200 && outcome->status < 300) {
    TokenSet base_set = tokens_;
    base_set.refresh_token = asked_with;
    auto fresh = parse_token_answer(outcome->body, base_set, clock_.now());
    if (fresh) return granted(std::move(*fresh));
    failure.message = fresh.error();
  } else {
    failure.message = "refreshing the token: " + describe(outcome);
  }
  failure.status = outcome ? outcome->status : 0;
  const base::Instant now = clock_.now();
  base::Millis pause = kPauses.pause(++failures_, 0.5);
  if (outcome)
    if (const auto asked_for = net::retry_after(*outcome, now)) pause = std::max(pause, *asked_for);
  quiet_until_ = now + std::min<base::Millis>(pause, kPauses.longest);
  base::log::warning("{}; trying again in {} s", failure.message, ch::ceil<ch::seconds>(pause).count());
  finish(base::make_unexpected(failure));
}

void TokenKeeper::granted(TokenSet fresh) {
  if (const auto wrong = wrong_organisation(fresh, options_.org_id)) {
    require_login(*wrong);
    return finish(base::make_unexpected(grant_failure(*wrong)));
  }
  tokens_ = std::move(fresh);
  failures_ = 0;
  quiet_until_.reset();
  save();
  require_login("");
  base::log::debug("the token was refreshed; it is good until {}",
                   tokens_.access_expires_at ? base::to_iso8601_seconds(*tokens_.access_expires_at) : "it is refused");
  finish(tokens_.access_token);
}

void TokenKeeper::refused(const net::Outcome& outcome, const base::Secret& asked_with) {
  if (!tried_previous_ && !tokens_.previous_refresh_token.empty() && !(asked_with == tokens_.previous_refresh_token)) {
    tried_previous_ = true;
    return ask(tokens_.previous_refresh_token);
  }
  refused_ = tokens_.refresh_token;
  quiet_until_ = clock_.now() + kProbe;
  // The clock and the tracking id differ at each probe; a state that stays the same is told once.
  if (needs_login_.empty())
    require_login(fmt::format("the cloud refuses the grant ({}): {}", describe(outcome), kHowToLogIn));
  finish(base::make_unexpected(grant_failure(needs_login_)));
}

void TokenKeeper::finish(const Result<base::Secret>& result) {
  transfer_.reset();
  lock_.reset();
  refreshing_ = false;
  lock_tries_ = 0;
  schedule();
  auto waiting = std::exchange(waiting_, {});
  if (result && changed_) changed_();
  for (const Done& done : waiting) done(result);
}

void TokenKeeper::schedule() {
  if (!scheduled_ || refreshing_) return;
  const base::Instant now = clock_.now();
  base::Instant next = now + kLongestSleep;
  if (const auto due = refresh_due_at(tokens_)) next = std::min(next, std::max(*due, quiet_until_.value_or(*due)));
  schedule_timer_->start(std::max<base::Millis>(next - now, ch::milliseconds{100}));
}

void TokenKeeper::save() {
  try {
    std::string existing;
    if (auto text = base::read_file_if_present(options_.token_file)) existing = std::move(*text);
    std::string content = format_token_file(tokens_, existing);
    base::write_file_durably(options_.token_file, content, 0600);
    base::wipe(content);
    base::wipe(existing);
    unsaved_ = false;
  } catch (const base::FileError& error) {
    unsaved_ = true;
    base::log::error("the refreshed token could not be stored and would be lost with this process: {}", error.what());
  }
}

}  // namespace wxcc::webex
