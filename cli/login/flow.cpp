// SPDX-License-Identifier: Apache-2.0
#include "cli/login/flow.h"

#include <fmt/format.h>

#include <csignal>

#include "base/duration.h"
#include "base/error.h"
#include "base/log.h"
#include "cli/exit_code.h"
#include "webex/token_file.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using Kind = TokenAcquirer::Failure::Kind;

}  // namespace

LoginFlow::LoginFlow(const Config& config, Mode mode, base::Millis timeout)
    : config_(config),
      timeout_(timeout),
      attempt_(webex::new_login_attempt()),
      url_(webex::authorize_url(config.webex.endpoints.authorize, config.webex.client, attempt_)),
      acquirer_(config, loop_) {
  const auto interrupted = [this] { fail(Kind::Rejected, "login: interrupted"); };
  interrupt_ = loop_.watch_signal(SIGINT, interrupted);
  terminate_ = loop_.watch_signal(SIGTERM, interrupted);
  timer_ = loop_.add_timer([this] { on_timeout(); });
  timer_->start(timeout_);
  listen(mode);
  input_ = std::make_unique<PastedLine>(
      loop_, [this](const std::string& line) { on_redirect(line); }, [this] { on_input_end(); });
}

void LoginFlow::listen(Mode mode) {
  const std::string& address = config_.webex.client.redirect_uri;
  if (!CallbackServer::can_listen(address))
    return base::log::warning(
        "login: redirect_uri {} is not an http URL of a loopback host; paste the address of the page after the login",
        address);
  try {
    callback_.emplace(loop_, address, [this](const std::string& query) { on_redirect(query); });
  } catch (const base::Error& error) {
    const std::string reason = fmt::format("login: redirect_uri: {}", error.what());
    if (mode == Mode::Browser)
      throw base::LoginRequired(fmt::format("{}; free the port, or use --no-browser and paste the address", reason));
    base::log::warning("{}; paste the address of the page after the login", reason);
  }
}

void LoginFlow::run() {
  loop_.run();
  callback_.reset();
  if (failure_) throw_error(*failure_);
}

void LoginFlow::on_redirect(const std::string& redirect) {
  if (state_ != State::WaitingForCode) return;
  auto code = webex::parse_redirect(redirect, attempt_);
  if (!code) return fail(Kind::Rejected, code.error());
  state_ = State::ExchangingCode;
  acquirer_.acquire(webex::code_exchange(config_.webex.endpoints.token, config_.webex.client, *code, attempt_), {},
                    [this](const TokenAcquirer::Result& tokens) {
                      if (tokens) return on_tokens(*tokens);
                      fail(tokens.error().kind, tokens.error().message);
                    });
}

void LoginFlow::on_input_end() {
  input_.reset();
  if (state_ != State::WaitingForCode || callback_) return;
  fail(Kind::Rejected,
       "login: no way to receive the authorization code: cannot listen on redirect_uri and standard input is closed");
}

void LoginFlow::on_tokens(const webex::TokenSet& tokens) {
  if (state_ == State::SendingPage) return;  // the timeout or a signal came first
  try {
    save_tokens(config_, tokens, base::FileLock::acquire(webex::lock_path_of(config_.webex.token_file)));
  } catch (const base::Error& error) {
    return fail(Kind::Retryable, error.what());
  }
  finish({"Logged in", "The token is stored. You can close this page."});
}

void LoginFlow::on_timeout() {
  if (state_ == State::SendingPage) return loop_.exit(kDone);
  fail(Kind::Rejected,
       fmt::format("login: no authorization code within {}", base::humanize(ch::ceil<ch::seconds>(timeout_))));
}

void LoginFlow::fail(TokenAcquirer::Failure::Kind kind, const std::string& reason) {
  if (state_ == State::SendingPage) return;
  failure_ = TokenAcquirer::Failure{kind, reason};
  finish({"Login failed", reason});
}

void LoginFlow::finish(const CallbackServer::Page& page) {
  state_ = State::SendingPage;
  if (!callback_) return loop_.exit(kDone);
  constexpr base::Millis kPageTimeout = ch::seconds{2};
  timer_->start(kPageTimeout);
  callback_->finish(page, [this] { loop_.exit(kDone); });
}

}  // namespace wxcc::cli
