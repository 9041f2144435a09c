// SPDX-License-Identifier: Apache-2.0
#include "cli/login_flow.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "base/duration.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "webex/token_file.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using Kind = TokenIntake::Failure::Kind;

}  // namespace

LoginFlow::LoginFlow(const Config& config, Way way, base::Millis patience)
    : config_(config),
      attempt_(webex::new_login_attempt()),
      url_(webex::authorize_url(config.endpoints.authorize, config.client, attempt_)),
      intake_(config, loop_) {
  interrupt_ = loop_.watch_signal(SIGINT, [this] { fail(Kind::Refused, "the login was interrupted"); });
  terminate_ = loop_.watch_signal(SIGTERM, [this] { fail(Kind::Refused, "the login was interrupted"); });
  timer_ = loop_.add_timer([this, patience] {
    if (finished_) return loop_.exit(kDone);  // the browser does not take its page
    fail(Kind::Refused, fmt::format("nobody logged in within {}", base::for_people(ch::ceil<ch::seconds>(patience))));
  });
  timer_->start(patience);
  listen(way);
  watch_input();
}

void LoginFlow::listen(Way way) {
  const std::string& address = config_.client.redirect_uri;
  if (!CallbackServer::can_listen(address))
    return base::log::warning(
        "redirect_uri {} is not an http address of this machine: paste the address that you are "
        "sent to",
        address);
  try {
    callback_.emplace(loop_, address, [this](const std::string& query) { take(query); });
  } catch (const base::Error& error) {
    const std::string why = fmt::format("redirect_uri: {}", error.what());
    if (way == Way::Browser)
      throw base::LoginNeeded(fmt::format("{}; end it, or log in with --no-browser and paste the address", why));
    base::log::warning("{}; paste the address that you are sent to", why);
  }
}

void LoginFlow::run() {
  loop_.run();
  callback_.reset();
  base::wipe(line_);
  if (failure_) raise(*failure_);
}

void LoginFlow::take(const std::string& redirect) {
  if (asking_ || finished_) return;
  auto code = webex::parse_redirect(redirect, attempt_);
  if (!code) return fail(Kind::Refused, code.error());
  asking_ = true;
  input_.reset();
  intake_.ask(webex::code_exchange(config_.endpoints.token, config_.client, *code, attempt_), {},
              [this](const TokenIntake::Result& tokens) {
                if (tokens) return received(*tokens);
                fail(tokens.error().kind, tokens.error().message);
              });
}

void LoginFlow::received(const webex::TokenSet& tokens) {
  if (finished_) return;  // the time was up, or somebody pressed Ctrl-C
  try {
    store(config_, tokens, base::FileLock::wait(webex::lock_path_of(config_.token_file)));
  } catch (const base::Error& error) {
    return fail(Kind::Later, error.what());
  }
  finish({"Logged in", "wxcc-archive has what it needs. You can close this page."});
}

void LoginFlow::fail(TokenIntake::Failure::Kind kind, const std::string& why) {
  if (finished_) return;
  failure_ = TokenIntake::Failure{kind, why};
  finish({"Not logged in", why});
}

void LoginFlow::finish(const CallbackServer::Page& page) {
  finished_ = true;
  if (!callback_) return loop_.exit(kDone);
  constexpr base::Millis kPageTimeout = ch::seconds{2};
  timer_->start(kPageTimeout);
  callback_->finish(page, [this] { loop_.exit(kDone); });
}

void LoginFlow::watch_input() {
  struct stat info {};
  if (::fstat(STDIN_FILENO, &info) != 0) return input_ended();
  if (S_ISREG(info.st_mode)) return loop_.post([this] { read_input(); });
  if (!S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode) && ::isatty(STDIN_FILENO) == 0) return input_ended();
  input_ = loop_.watch_descriptor(STDIN_FILENO, EPOLLIN, [this](std::uint32_t) { read_input(); });
}

void LoginFlow::read_input() {
  char buffer[4096];
  const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
  if (got > 0) line_.append(buffer, static_cast<std::size_t>(got));
  const auto end = line_.find('\n');
  // What is pasted from a pipe may lack its line end.
  if (end == std::string::npos && got > 0) return;
  std::string line = line_.substr(0, end);
  line_.erase(0, end == std::string::npos ? end : end + 1);
  // Addresses are pasted with what stood around them.
  std::string_view pasted = base::trim(line);
  while (!pasted.empty() && std::string_view("'\"<").find(pasted.front()) != std::string_view::npos)
    pasted.remove_prefix(1);
  while (!pasted.empty() && std::string_view("'\">").find(pasted.back()) != std::string_view::npos)
    pasted.remove_suffix(1);
  if (!pasted.empty()) take(std::string(pasted));
  base::wipe(line);
  if (got <= 0 && !asking_) input_ended();
}

void LoginFlow::input_ended() {
  input_.reset();
  if (callback_ || finished_) return;
  fail(Kind::Refused, "nothing can bring the code: there is neither an address to listen on nor a line to read");
}

}  // namespace wxcc::cli
