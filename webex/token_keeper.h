// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
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
#include "webex/oauth.h"
#include "webex/token_file.h"
#include "webex/token_set.h"

namespace wxcc::webex {

// Keeps the access token alive: refreshes it ahead of its end, stores what the server gives before anyone uses it, and
// knows when a person has to log in again. Other processes may keep the same token file: a refresh takes the file's
// lock and reads the file again first, so that nobody burns another's rotated token.
class TokenKeeper {
 public:
  struct Options {
    base::Path token_file;  // 0600; a lock file ".lock" stands beside it
    std::string token_endpoint;
    OAuthClient client;
    std::string org_id;  // a token that names another organisation is refused
    // A refresh token given from outside, used while the token file has none and when its own were all refused.
    std::optional<base::Secret> seed;
    std::string remedy = "log in with \"wxcc-archive login\"";  // what a person does to log in
  };

  // The references must outlive the keeper. Reads the token file; start() begins the refreshes.
  TokenKeeper(Options options, net::Transport& transport, base::Timers& timers, const base::Clock& clock);
  ~TokenKeeper();
  TokenKeeper(const TokenKeeper&) = delete;
  TokenKeeper& operator=(const TokenKeeper&) = delete;

  // Schedules refreshes from now on. Without it the keeper refreshes only when somebody asks for a token.
  void start();

  using Done = std::function<void(model::Result<base::Secret>)>;
  // A token that is good now, refreshed when needed; also while needs_login() as long as the access token lives. May
  // call back at once.
  void get_token(Done done);
  // The API rejected this token (401): a newer one. Refreshes at most once, however many ask at the same time. A token
  // that is younger than half a minute is not worth a refresh: that is a transient failure of the one who refused it.
  void refresh_rejected(const base::Secret& rejected, Done done);

  // The token file may have changed: reads it again, at once or after the refresh under way. Ends a needs-login state
  // when it holds another grant.
  void reload();

  // Calls back once no refresh is under way, perhaps at once. A keeper that goes during one may take the answer with it
  // that holds the only refresh token still accepted: whoever ends it asks first.
  void when_idle(std::function<void()> idle);
  // True while the file could not take the latest tokens.
  [[nodiscard]] bool unsaved() const { return unsaved_; }

  // Why a person must log in; empty while that is not so.
  [[nodiscard]] const std::string& needs_login() const { return needs_login_; }
  // True while asking the cloud for anything is pointless: a person must log in, and no token works until then.
  [[nodiscard]] bool stuck() const { return !needs_login_.empty() && !good(); }
  [[nodiscard]] const TokenSet& tokens() const { return tokens_; }
  // Called when needs_login() changes, after each refresh, and when the file brought other tokens.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

 private:
  [[nodiscard]] bool good() const;
  void adopt_file();
  void recover();
  bool replaced_by_somebody();
  void require_login(const std::string& reason);
  void begin_refresh();
  void refresh_locked();
  void ask_next();
  void on_outcome(const net::Outcome& outcome, const base::Secret& used_refresh_token);
  void on_granted(TokenSet fresh);
  void on_rejected(const std::string& why);
  void reject_grant(const std::string& reason, const TokenSet& grant);
  void back_off(const net::Outcome& outcome, const std::string& reason);
  void finish(const model::Result<base::Secret>& result);
  void schedule();
  void save();

  Options options_;
  net::Transport& transport_;
  const base::Clock& clock_;
  TokenFile file_;
  TokenSet tokens_;
  std::string needs_login_;
  TokenSet refused_;       // the grant that was refused last
  base::Secret rejected_;  // the access token that the cloud refused last
  std::function<void()> changed_;
  std::function<void()> idle_;

  bool refreshing_ = false;
  bool unsaved_ = false;         // tokens_ is ahead of the file
  bool reload_pending_ = false;  // the file changed during a refresh
  bool scheduled_ = false;
  int failures_ = 0;          // refreshes in a row without an answer
  std::string last_trouble_;  // why the last of them was without
  int lock_tries_ = 0;
  std::optional<base::Instant> quiet_until_;  // no refresh before then, after a failure
  std::deque<base::Secret> candidates_;       // refresh tokens that this refresh has yet to try
  std::vector<Done> waiting_;
  std::optional<base::FileLock> lock_;
  std::unique_ptr<net::Transfer> transfer_;
  std::unique_ptr<base::Timer> schedule_timer_;
  std::unique_ptr<base::Timer> lock_timer_;
};

}  // namespace wxcc::webex
