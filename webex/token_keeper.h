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
#include "net/transport.h"
#include "webex/api_failure.h"
#include "webex/oauth.h"
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
    Client client;
    std::string org_id;                // a token that names another organisation is refused
    std::optional<base::Secret> seed;  // a first refresh token, used only while the token file has none
  };

  // The references must outlive the keeper. Reads the token file; start() begins the refreshes.
  TokenKeeper(Options options, net::Transport& transport, base::Timers& timers, const base::Clock& clock);
  ~TokenKeeper();
  TokenKeeper(const TokenKeeper&) = delete;
  TokenKeeper& operator=(const TokenKeeper&) = delete;

  // Schedules refreshes from now on. Without it the keeper refreshes only when somebody asks for a token.
  void start();

  using Done = std::function<void(Result<base::Secret>)>;
  // A token that is good now, refreshed when needed. May call back at once.
  void get(Done done);
  // The cloud refused this token (401): a newer one. Refreshes at most once, however many ask at the same time. A token
  // that is younger than half a minute is not worth a refresh: that is a transient failure of the one who refused it.
  void replace(const base::Secret& refused, Done done);

  // The token file may have changed: read it again. Ends a needs-login state when it holds another grant.
  void reload();

  // Why a person must log in; empty while that is not so.
  [[nodiscard]] const std::string& needs_login() const { return needs_login_; }
  [[nodiscard]] const TokenSet& tokens() const { return tokens_; }
  // Called when needs_login() changes, and after each refresh.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

 private:
  [[nodiscard]] bool good() const;
  void adopt_file();
  void require_login(const std::string& reason);
  void begin_refresh();
  void refresh_locked();
  void ask(const base::Secret& refresh_token);
  void answered(const net::Outcome& outcome, const base::Secret& asked_with);
  void granted(TokenSet fresh);
  void refused(const net::Outcome& outcome, const base::Secret& asked_with);
  void finish(const Result<base::Secret>& result);
  void schedule();
  void save();

  Options options_;
  net::Transport& transport_;
  const base::Clock& clock_;
  TokenSet tokens_;
  std::string needs_login_;
  base::Secret refused_;   // the refresh token that the server refused last
  base::Secret rejected_;  // the access token that the cloud refused last
  std::function<void()> changed_;

  bool refreshing_ = false;
  bool tried_previous_ = false;
  bool unsaved_ = false;
  bool scheduled_ = false;
  int failures_ = 0;  // refreshes in a row without an answer
  int lock_tries_ = 0;
  std::optional<base::Instant> quiet_until_;  // no refresh before then, after a failure
  std::vector<Done> waiting_;
  std::optional<base::FileLock> lock_;
  std::unique_ptr<net::Transfer> transfer_;
  std::unique_ptr<base::Timer> schedule_timer_;
  std::unique_ptr<base::Timer> lock_timer_;
};

// The file beside the token file that serialises refreshes.
base::Path lock_path_of(const base::Path& token_file);

// The message for a token of another organisation than the configured one; nothing when they agree or the token does
// not tell.
std::optional<std::string> wrong_organisation(const TokenSet& tokens, const std::string& org_id);

}  // namespace wxcc::webex
