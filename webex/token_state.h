// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/secret.h"
#include "model/failure.h"
#include "webex/settings.h"
#include "webex/token_exchange.h"
#include "webex/token_set.h"

namespace wxcc::webex {

// The state of the tokens: which are in use, whether a refresh is due or under way, whether a person must log in. Pure:
// files, locks, requests and timers are TokenKeeper's, which reports each event and does what the result says.
//
//   state           event                                          next state
//   --------------  ---------------------------------------------  -----------------------------------------------
//   Valid           refresh due, token expired or rejected         WaitingForLock
//   WaitingForLock  lock taken                                     Refreshing, with the first candidate
//                   lock taken, another process has refreshed      Valid
//                   lock held by another process for a minute      BackingOff
//   Refreshing      granted                                        Valid
//                   rejected, candidates left                      Refreshing, with the next candidate
//                   rejected, none left                            LoginRequired
//                   no response, 5xx, 429                          BackingOff
//   BackingOff      delay over and a token is needed               WaitingForLock
//   LoginRequired   the file holds another grant                   Valid
//                   delay over and a token is needed (a probe)     WaitingForLock
//
// Valid, BackingOff and LoginRequired are Phase::Idle. LoginRequired has a reason (login_required()) and comes in two
// forms: while the access token is still valid requests continue (login_blocks_requests() is false). It is also entered
// without a refresh: no refresh token, or a token of another organisation. A granted refresh ends it too.
//
// Two clocks: expiry and refresh times are in the file and therefore wall-clock times; delays count on the monotonic
// clock.
class TokenState {
 public:
  struct Moment {
    base::Instant wall;
    base::Millis monotonic;
  };
  using Token = model::Result<base::Secret>;

  explicit TokenState(Settings settings) : settings_(std::move(settings)) {}

  enum class Phase { Idle, WaitingForLock, Refreshing };
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] const TokenSet& tokens() const { return tokens_; }
  // Why a person must log in; empty: no login is required.
  [[nodiscard]] const std::string& login_required() const { return login_required_; }
  // The access token has not expired, and the API has not rejected it.
  [[nodiscard]] bool has_valid_token(base::Instant now) const;
  [[nodiscard]] bool login_blocks_requests(base::Instant now) const {
    return !login_required_.empty() && !has_valid_token(now);
  }

  // A token is needed: the result at once, or std::nullopt: only a refresh can give it.
  [[nodiscard]] std::optional<Token> token(base::Instant now) const;
  // The same after the API rejected this one.
  [[nodiscard]] std::optional<Token> replacement_of(const base::Secret& rejected, base::Instant now);

  // Until the refresh that is due by itself; std::nullopt: there is no refresh token.
  [[nodiscard]] std::optional<base::Millis> until_refresh(const Moment& now) const;

  // The token file was read; std::nullopt: it is missing or unusable.
  void on_file(std::optional<TokenSet> found, base::Instant now);
  // A later grant was found in the temporary file of a killed process. False: it is of another organisation.
  bool on_recovered(TokenSet found);

  // Idle -> WaitingForLock. A result: still backing off.
  [[nodiscard]] std::optional<Token> begin_refresh(const Moment& now);
  // The lock is held by another process. A result: for too long.
  [[nodiscard]] std::optional<Token> on_lock_busy();
  // WaitingForLock -> Refreshing, after on_file() and on_recovered(). `before` is the access token from before them. A
  // result: no request is needed, or none is possible. std::nullopt: next_candidate() is to be sent.
  [[nodiscard]] std::optional<Token> on_lock_taken(const base::Secret& before, base::Instant now);
  // The refresh token to be sent next; std::nullopt: none is left.
  [[nodiscard]] std::optional<base::Secret> next_candidate();
  // The set that the response to this refresh token updates.
  [[nodiscard]] TokenSet sent_set(const base::Secret& refresh_token) const;

  // The results of the request. on_granted(): store the tokens before anything else is done. None ends the phase:
  // on_refresh_end() does.
  void on_response();  // the token host gave a token, whether or not it is adopted
  void on_granted(TokenSet tokens);
  Token on_retryable(const std::string& reason, const net::Outcome& outcome, const Moment& now);
  Token on_rejected(const Rejected& rejected, const Moment& now);
  // Another process has replaced the file while the request was under way.
  [[nodiscard]] Token on_replaced(base::Instant now) const;
  void on_refresh_end();

  // From now; zero: it may be attempted at once.
  [[nodiscard]] base::Millis backoff_left(base::Millis now) const;
  // After a change of the file, which may be a login.
  void end_backoff() { retry_not_before_.reset(); }

 private:
  Settings settings_;

  TokenSet tokens_;
  base::Secret rejected_access_token_;  // the one that the API rejected last

  // LoginRequired.
  std::string login_required_;
  TokenSet rejected_grant_;  // any other grant ends the state

  // A refresh.
  Phase phase_ = Phase::Idle;
  int lock_attempts_ = 0;
  std::deque<base::Secret> candidates_;  // refresh tokens that are not sent yet

  // BackingOff, and LoginRequired until the rejected grant is sent again.
  std::optional<base::Millis> retry_not_before_;  // on the monotonic clock
  int failed_attempts_ = 0;                       // in a row, without a result
  std::string last_error_;
};

// Whether both are of the same grant.
bool same_grant(const TokenSet& one, const TokenSet& other);

}  // namespace wxcc::webex
