// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/callback_server.h"
#include "cli/config/config.h"
#include "cli/token_intake.h"
#include "systemd/event_loop.h"
#include "webex/oauth.h"

namespace wxcc::cli {

// One login of a person: waits for the code, from the browser's redirect or from a pasted line, whichever comes first,
// exchanges and stores it, and tells the browser how it went.
class LoginFlow {
 public:
  enum class Way {
    Browser,  // opened on this machine: nothing works without the callback's port
    Paste,    // a port in use is only worth a warning
  };
  // The configuration must outlive it. Throws base::LoginNeeded when nothing can bring the code.
  LoginFlow(const Config& config, Way way, base::Millis patience);

  // The page on which the person agrees.
  [[nodiscard]] const std::string& url() const { return url_; }

  // Returns once the token is stored. Throws base::LoginNeeded and base::TryAgainLater with one line that says why not.
  void run();

 private:
  void listen(Way way);
  void watch_input();
  void read_input();
  void input_ended();
  void take(const std::string& redirect);
  void received(const webex::TokenSet& tokens);
  void fail(TokenIntake::Failure::Kind kind, const std::string& why);
  void finish(const CallbackServer::Page& page);

  const Config& config_;
  webex::LoginAttempt attempt_;
  std::string url_;
  systemd::EventLoop loop_;
  TokenIntake intake_;
  std::optional<CallbackServer> callback_;
  std::unique_ptr<systemd::EventLoop::IoSource> input_;
  std::unique_ptr<systemd::EventLoop::Source> interrupt_;
  std::unique_ptr<systemd::EventLoop::Source> terminate_;
  std::unique_ptr<base::Timer> timer_;
  std::string line_;
  bool asking_ = false;    // the code is being exchanged
  bool finished_ = false;  // the result is known; only the browser's page is to be sent
  std::optional<TokenIntake::Failure> failure_;
};

}  // namespace wxcc::cli
