// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/timers.h"
#include "model/failure.h"
#include "net/transport.h"
#include "webex/settings.h"
#include "webex/token_file.h"
#include "webex/token_set.h"
#include "webex/token_state.h"

namespace wxcc::webex {

// Maintains a valid access token: refreshes it ahead of its expiry, stores new tokens before their use, and reports
// when a person has to log in. Other processes may use the same token file: a refresh takes the file's lock and reads
// the file first, so that no process spends a refresh token that another has rotated. TokenState decides; this class
// carries it out: file, lock, requests, timers.
class TokenKeeper {
 public:
  // The references must outlive the keeper. Reads the token file; start() begins the refreshes.
  TokenKeeper(Settings settings, net::Transport& transport, base::Timers& timers, const base::Clock& clock);
  ~TokenKeeper();
  TokenKeeper(const TokenKeeper&) = delete;
  TokenKeeper& operator=(const TokenKeeper&) = delete;

  // Schedules refreshes from now on. Without it the keeper refreshes only in get_token() and
  // refresh_rejected().
  void start();

  using Done = std::function<void(model::Result<base::Secret>)>;
  // A valid token, refreshed if necessary; also while needs_login() as long as the access token is valid. May call back
  // at once.
  void get_token(Done done);
  // The API rejected this token (401): a newer one. Refreshes at most once, however many calls wait for it. A token
  // granted less than net::kJustGrantedAge ago is not refreshed: a transient failure.
  void refresh_rejected(const base::Secret& rejected, Done done);

  // The token file may have changed: reads it again, at once or after the refresh under way. Ends a needs-login state
  // when it holds another grant.
  void reload();

  // Calls back once no refresh is under way, perhaps at once. To be awaited before destruction: the response of a
  // refresh under way may hold the only refresh token that is still valid.
  void when_idle(std::function<void()> idle);
  // True while the file could not take the latest tokens.
  [[nodiscard]] bool unsaved() const { return unsaved_; }

  // Why a person must log in; empty: no login is required.
  [[nodiscard]] const std::string& needs_login() const { return state_.login_required(); }
  // True while every request is pointless: a person must log in, and no token is valid until then.
  [[nodiscard]] bool login_blocks_requests() const { return state_.login_blocks_requests(clock_.now()); }
  [[nodiscard]] const TokenSet& tokens() const { return state_.tokens(); }
  // Called when needs_login() changes, after each refresh, and when the file brought other tokens.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

 private:
  [[nodiscard]] bool is_refreshing() const { return state_.phase() != TokenState::Phase::Idle; }
  [[nodiscard]] TokenState::Moment now() const;
  void schedule();
  void on_schedule();
  void announce_login();

  void load_file();
  bool reload_if_changed();
  void recover_interrupted_write();
  void save();

  void wait_for_refresh(Done done);
  void begin_refresh();
  void take_lock();
  void refresh_locked();
  bool send_next_candidate();
  void on_outcome(const net::Outcome& outcome, const base::Secret& refresh_token);
  void on_granted(TokenSet tokens);
  void finish(const TokenState::Token& result);

  Settings settings_;
  net::Transport& transport_;
  base::Timers& timers_;
  const base::Clock& clock_;
  TokenFile file_;
  TokenState state_;

  std::function<void()> changed_;
  std::string announced_login_;  // what login_required() was when changed_ was called last
  bool unsaved_ = false;         // the tokens are newer than the file
  bool scheduled_ = false;       // start() was called
  std::unique_ptr<base::Timer> schedule_timer_;

  // While a refresh is under way, that is, while the state's phase is not Idle.
  std::vector<Done> waiting_;
  std::unique_ptr<base::Timer> lock_timer_;  // WaitingForLock
  std::optional<base::FileLock> lock_;       // Refreshing
  std::unique_ptr<net::Transfer> transfer_;  // Refreshing
  bool reload_pending_ = false;              // the file changed
  std::function<void()> idle_;
};

}  // namespace wxcc::webex
