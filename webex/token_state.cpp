// SPDX-License-Identifier: Apache-2.0
#include "webex/token_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "net/outcome_class.h"
#include "net/retry_delays.h"

namespace wxcc::webex {
namespace {

using Kind = model::Failure::Kind;

base::unexpected<model::Failure> failed(Kind kind, std::string message, int http_status = 0) {
  return model::failed({.source = model::Failure::Source::Authorization,
                        .kind = kind,
                        .message = std::move(message),
                        .http_status = http_status});
}

}  // namespace

bool same_grant(const TokenSet& one, const TokenSet& other) {
  return one.access_token == other.access_token && one.refresh_token == other.refresh_token;
}

bool TokenState::has_valid_token(base::Instant now) const {
  return is_access_token_valid(tokens_, now) && !(tokens_.access_token == rejected_access_token_);
}

std::optional<TokenState::Token> TokenState::token(base::Instant now) const {
  if (has_valid_token(now)) return tokens_.access_token;
  if (!login_required_.empty()) return failed(Kind::AuthRequired, login_required_);
  return std::nullopt;
}

std::optional<TokenState::Token> TokenState::replacement_of(const base::Secret& rejected, base::Instant now) {
  if (!(rejected == tokens_.access_token)) return token(now);
  const bool just_granted = tokens_.granted_at && std::chrono::abs(now - *tokens_.granted_at) < net::kJustGrantedAge;
  if (phase_ == Phase::Idle && just_granted && is_access_token_valid(tokens_, now))
    return failed(Kind::Transient, "status 401 for a token that was just granted", 401);
  rejected_access_token_ = rejected;
  return std::nullopt;
}

std::optional<base::Millis> TokenState::until_refresh(const Moment& now) const {
  const auto due = refresh_due_at(tokens_, now.wall);
  if (!due) return std::nullopt;
  return std::max({base::Millis{0}, base::Millis(*due - now.wall), backoff_left(now.monotonic)});
}

void TokenState::on_file(std::optional<TokenSet> found, base::Instant now) {
  if (found) {
    if (const auto mismatch = organisation_mismatch(*found, settings_.org_id)) {
      tokens_ = {};
      login_required_ = *mismatch;
      return;
    }
    tokens_ = std::move(*found);
  }
  if (tokens_.refresh_token.empty() && settings_.initial_refresh_token)
    tokens_.refresh_token = *settings_.initial_refresh_token;
  if (tokens_.refresh_token.empty() && !is_access_token_valid(tokens_, now)) {
    login_required_ = fmt::format("no usable token in {}; {}", settings_.token_file.string(), settings_.login_remedy);
  } else if (!login_required_.empty() && !same_grant(tokens_, rejected_grant_)) {
    end_backoff();
    login_required_.clear();
  }
}

bool TokenState::on_recovered(TokenSet found) {
  if (organisation_mismatch(found, settings_.org_id)) return false;
  if (found.previous_refresh_token.empty()) found.previous_refresh_token = tokens_.refresh_token;
  tokens_ = std::move(found);
  return true;
}

std::optional<TokenState::Token> TokenState::begin_refresh(const Moment& now) {
  phase_ = Phase::WaitingForLock;
  if (backoff_left(now.monotonic) == base::Millis{0}) return std::nullopt;
  if (!login_required_.empty()) return failed(Kind::AuthRequired, login_required_);
  return failed(Kind::Transient, last_error_);
}

std::optional<TokenState::Token> TokenState::on_lock_busy() {
  if (++lock_attempts_ < net::kMaxTokenLockAttempts) return std::nullopt;
  return failed(Kind::Transient, "another process has held the token file's lock for a minute");
}

std::optional<TokenState::Token> TokenState::on_lock_taken(const base::Secret& before, base::Instant now) {
  phase_ = Phase::Refreshing;
  if (!(tokens_.access_token == before) && has_valid_token(now)) return tokens_.access_token;
  if (tokens_.refresh_token.empty()) {
    // A reason that is there already is more specific.
    if (login_required_.empty())
      login_required_ = fmt::format("the access token has expired and {} holds no refresh token; {}",
                                    settings_.token_file.string(), settings_.login_remedy);
    return failed(Kind::AuthRequired, login_required_);
  }
  candidates_.clear();
  for (const base::Secret& candidate : {tokens_.refresh_token, tokens_.previous_refresh_token,
                                        settings_.initial_refresh_token.value_or(base::Secret())})
    if (!candidate.empty() && std::find(candidates_.begin(), candidates_.end(), candidate) == candidates_.end())
      candidates_.push_back(candidate);
  return std::nullopt;
}

std::optional<base::Secret> TokenState::next_candidate() {
  if (candidates_.empty()) return std::nullopt;
  base::Secret candidate = std::move(candidates_.front());
  candidates_.pop_front();
  return candidate;
}

TokenSet TokenState::sent_set(const base::Secret& refresh_token) const {
  TokenSet set = tokens_;
  if (!(refresh_token == set.refresh_token)) set.refresh_expires_at.reset();
  set.refresh_token = refresh_token;
  return set;
}

void TokenState::on_response() {
  // If the token host issues the rejected token again, it is valid.
  rejected_access_token_ = {};
  failed_attempts_ = 0;
}

void TokenState::on_granted(TokenSet tokens) {
  tokens_ = std::move(tokens);
  end_backoff();
  login_required_.clear();
}

TokenState::Token TokenState::on_retryable(const std::string& reason, const net::Outcome& outcome, const Moment& now) {
  last_error_ = reason;
  constexpr double kMidJitter = 0.5;
  base::Millis delay = net::kRefreshRetries.backoff(++failed_attempts_, kMidJitter);
  if (const auto server_delay = outcome ? net::retry_after(*outcome, now.wall) : std::nullopt)
    delay = outcome->status == 429 ? std::max(net::kMinThrottledRefreshDelay, *server_delay)
                                   : std::max(delay, *server_delay);
  retry_not_before_ = now.monotonic + std::min(delay, net::kMaxRetryAfter);
  return failed(Kind::Transient, reason, outcome ? outcome->status : 0);
}

TokenState::Token TokenState::on_rejected(const Rejected& rejected, const Moment& now) {
  std::string reason = rejected.reason;
  const bool by_token_host = rejected.cause == Rejected::Cause::TokenHost;
  const bool valid = by_token_host && has_valid_token(now.wall);
  if (by_token_host) reason += "; " + settings_.login_remedy;
  if (valid && tokens_.access_expires_at)
    reason += fmt::format("; the last access token remains valid until {}",
                          base::to_iso8601_seconds(*tokens_.access_expires_at));
  rejected_grant_ = tokens_;
  retry_not_before_ = now.monotonic + net::kRejectedGrantRetry;
  // The token host's messages and tracking ids differ each time; a state that continues retains its reason.
  if (login_required_.empty()) login_required_ = reason;
  if (valid) return tokens_.access_token;
  return failed(Kind::AuthRequired, by_token_host ? login_required_ : reason);
}

TokenState::Token TokenState::on_replaced(base::Instant now) const {
  if (has_valid_token(now)) return tokens_.access_token;
  return failed(Kind::Transient, "the token file was replaced during a refresh");
}

void TokenState::on_refresh_end() {
  phase_ = Phase::Idle;
  lock_attempts_ = 0;
  candidates_.clear();
}

base::Millis TokenState::backoff_left(base::Millis now) const {
  return std::max(base::Millis{0}, retry_not_before_.value_or(now) - now);
}

}  // namespace wxcc::webex
