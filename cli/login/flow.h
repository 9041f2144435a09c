// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/config/config.h"
#include "cli/login/callback.h"
#include "cli/login/pasted_line.h"
#include "cli/login/token_acquirer.h"
#include "systemd/event_loop.h"
#include "webex/oauth.h"

namespace wxcc::cli {

// One interactive login: waits for the authorization code, from the browser's redirect or from a pasted line, whichever
// comes first, exchanges it, stores the token, and shows the result in the browser.
//
//   WaitingForCode --redirect or line--> ExchangingCode --tokens--> SendingPage --sent or 2 s--> run() returns
//         `---- rejected, state mismatch, timeout, signal ----------------^
//                                            `---- rejected, timeout, signal --^
class LoginFlow {
 public:
  enum class Mode {
    Browser,  // opened on this host: requires the port of redirect_uri
    Paste,    // a port in use is a warning
  };
  // The configuration must outlive it. Throws base::LoginRequired if the code cannot be received.
  LoginFlow(const Config& config, Mode mode, base::Millis timeout);

  // The authorization page.
  [[nodiscard]] const std::string& url() const { return url_; }

  // Returns once the token is stored. Throws base::LoginRequired or base::TemporaryFailure with the reason in one
  // line.
  void run();

 private:
  enum class State { WaitingForCode, ExchangingCode, SendingPage };

  void listen(Mode mode);
  void on_redirect(const std::string& redirect);
  void on_input_end();
  void on_tokens(const webex::TokenSet& tokens);
  void on_timeout();
  void fail(TokenAcquirer::Failure::Kind kind, const std::string& reason);
  void finish(const CallbackServer::Page& page);

  const Config& config_;
  const base::Millis timeout_;
  webex::LoginAttempt attempt_;
  std::string url_;
  systemd::EventLoop loop_;
  TokenAcquirer acquirer_;

  State state_ = State::WaitingForCode;
  std::optional<TokenAcquirer::Failure> failure_;  // the result, in SendingPage; std::nullopt: logged in

  std::optional<CallbackServer> callback_;
  std::unique_ptr<PastedLine> input_;  // nullptr after the end of the input
  std::unique_ptr<systemd::EventLoop::Source> interrupt_;
  std::unique_ptr<systemd::EventLoop::Source> terminate_;
  std::unique_ptr<base::Timer> timer_;  // of the login, then of sending the page
};

}  // namespace wxcc::cli
