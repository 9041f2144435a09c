// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/callback_server.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/setup.h"
#include "cli/version.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): posix_spawn(3) wants it

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

constexpr ch::minutes kPatience{10};

// Asks the token endpoint once and waits for its answer.
webex::TokenSet ask_for_token(const Config& config, net::Request request, const webex::TokenSet& previous) {
  systemd::EventLoop loop;
  net::CurlTransport transport(loop, {config.ca_file, std::string(kProgram), 1});
  std::optional<net::Outcome> outcome;
  const auto interrupt = loop.watch_signal(SIGINT, [&] { loop.exit(kFailed); });
  const auto transfer = transport.start(std::move(request), [&](net::Outcome result) {
    outcome = std::move(result);
    loop.exit(kDone);
  });
  loop.run();
  if (!outcome) throw base::LoginNeeded("the login was interrupted");
  if (!*outcome) throw base::TryAgainLater(fmt::format("asking for a token: {}", outcome->error().message));
  const int status = (*outcome)->status;
  if (status == 429 || status >= 500)
    throw base::TryAgainLater(fmt::format("the token host {}", webex::describe(*outcome)));
  if (status != 200) throw base::LoginNeeded(fmt::format("the token host refused: it {}", webex::describe(*outcome)));
  auto tokens = webex::parse_token_answer((*outcome)->body, previous, base::SystemClock().now());
  if (!tokens) throw base::TryAgainLater(tokens.error());
  return std::move(*tokens);
}

int keep(const Config& config, const webex::TokenSet& tokens) {
  if (const auto wrong = webex::wrong_organisation(tokens, config.org_id)) throw base::LoginNeeded(*wrong);
  const auto lock = base::FileLock::wait(webex::lock_path_of(config.token_file));
  const std::string existing = base::read_file_if_present(config.token_file).value_or("");
  std::string content = webex::format_token_file(tokens, existing);
  base::write_file_durably(config.token_file, content, 0600);
  base::wipe(content);
  fmt::print("Logged in. The token is in {}", config.token_file.string());
  if (tokens.refresh_expires_at)
    fmt::print("; without a refresh the login would end on {} UTC",
               base::Zone::utc().format(*tokens.refresh_expires_at));
  fmt::print(".\n");
  return kDone;
}

std::string read_secret_text(const base::Path& file) {
  if (file != "-") return base::read_file(file, 64U << 10U);
  std::string text;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) text += static_cast<char>(c);
  return text;
}

// A token that is brought is tried before it is stored.
int take_over(const Config& config, const webex::TokenSet& brought) {
  if (brought.refresh_token.empty()) {
    if (!webex::usable(brought, base::SystemClock().now()))
      throw base::LoginNeeded("the token has ended and there is no refresh token with it; log in instead");
    base::log::warning("there is no refresh token: the login ends with this access token");
    return keep(config, brought);
  }
  return keep(config, ask_for_token(
                          config, webex::refresh_request(config.endpoints.token, config.client, brought.refresh_token),
                          brought));
}

int import_tokens(const Config& config, const base::Path& file) {
  std::string text = base::read_file(file);
  auto tokens = webex::parse_token_file(text);
  base::wipe(text);
  if (!tokens) throw base::ConfigurationError(fmt::format("{} cannot be used: {}", file.string(), tokens.error()));
  if (const auto wrong = webex::wrong_organisation(*tokens, config.org_id)) throw base::LoginNeeded(*wrong);
  return take_over(config, *tokens);
}

int take_refresh_token(const Config& config, const base::Path& file) {
  std::string text = read_secret_text(file);
  webex::TokenSet tokens;
  tokens.refresh_token = base::Secret(std::string(base::trim(text)));
  base::wipe(text);
  if (tokens.refresh_token.empty())
    throw base::ConfigurationError(fmt::format("{} holds no refresh token", file.string()));
  return take_over(config, tokens);
}

void open_browser(const std::string& url) {
  const char* const display = std::getenv("DISPLAY");
  const char* const wayland = std::getenv("WAYLAND_DISPLAY");
  if (display == nullptr && wayland == nullptr) return;
  std::string program = "xdg-open";
  std::string argument = url;
  char* const arguments[] = {program.data(), argument.data(), nullptr};
  // The signals that this process watches are blocked here; they must not be so in the browser.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  if (::posix_spawnp(&child, program.c_str(), nullptr, &attributes, arguments, environ) != 0)
    base::log::warning("no browser could be opened; open the address yourself");
  ::posix_spawnattr_destroy(&attributes);
}

// Waits for the code, from the browser's redirect or from a pasted line, whichever comes first.
class CodeWait {
 public:
  CodeWait(const Config& config, const webex::LoginAttempt& attempt) : attempt_(attempt) {
    try {
      callback_.emplace(loop_, config.client.redirect_uri,
                        [this](const std::string& query) { return redirected(query); });
    } catch (const base::Error& error) {
      base::log::warning("{}; only pasting the redirected address works", error.what());
    }
    watch_input();
    timer_ = loop_.add_timer([this] { fail(fmt::format("nobody logged in within {} minutes", kPatience.count())); });
    timer_->start(kPatience);
    interrupt_ = loop_.watch_signal(SIGINT, [this] { fail("the login was interrupted"); });
    terminate_ = loop_.watch_signal(SIGTERM, [this] { fail("the login was interrupted"); });
  }

  base::Secret wait() {
    loop_.run();
    callback_.reset();
    if (!code_) throw base::LoginNeeded(problem_);
    return *code_;
  }

 private:
  CallbackServer::Page redirected(const std::string& query) {
    // A stray request (a probe, a reload without parameters) does not end the login.
    if (query.empty()) return {false, "This address waits for Webex to send you back."};
    take(query);
    return code_ ? CallbackServer::Page{true, "wxcc-archive has what it needs. You can close this page."}
                 : CallbackServer::Page{false, problem_};
  }

  void take(const std::string& pasted) {
    auto code = webex::code_in_redirect(pasted, attempt_);
    if (!code) return fail(code.error());
    code_ = std::move(*code);
    finish();
  }

  void fail(const std::string& why) {
    problem_ = why;
    finish();
  }

  // A moment for the browser to get its page.
  void finish() {
    input_.reset();
    ending_ = loop_.add_timer([this] { loop_.exit(kDone); });
    ending_->start(ch::milliseconds{200});
  }

  void watch_input() {
    struct stat info {};
    if (::fstat(STDIN_FILENO, &info) != 0) return;
    if (S_ISREG(info.st_mode)) return loop_.post([this] { read_input(); });
    if (!S_ISFIFO(info.st_mode) && !S_ISSOCK(info.st_mode) && ::isatty(STDIN_FILENO) == 0) return;
    input_ = loop_.watch_descriptor(STDIN_FILENO, EPOLLIN, [this](std::uint32_t) { read_input(); });
  }

  void read_input() {
    char buffer[4096];
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got <= 0) return input_.reset();
    line_.append(buffer, static_cast<std::size_t>(got));
    const auto end = line_.find('\n');
    if (end == std::string::npos) return;
    const std::string line = line_.substr(0, end);
    line_.erase(0, end + 1);
    if (!base::trim(line).empty()) take(line);
  }

  const webex::LoginAttempt& attempt_;
  systemd::EventLoop loop_;
  std::optional<CallbackServer> callback_;
  std::unique_ptr<systemd::EventLoop::IoSource> input_;
  std::unique_ptr<systemd::EventLoop::Source> interrupt_;
  std::unique_ptr<systemd::EventLoop::Source> terminate_;
  std::unique_ptr<base::Timer> timer_;
  std::unique_ptr<base::Timer> ending_;
  std::string line_;
  std::optional<base::Secret> code_;
  std::string problem_;
};

int log_in(const Config& config, const LoginArguments& arguments) {
  if (config.auth_method == Config::AuthMethod::ServiceApp)
    throw base::UsageError("a service app has no login page: take its refresh token with --refresh-token-file");
  if (config.client.redirect_uri.empty())
    throw base::ConfigurationError(config.file.string() +
                                   ": \"redirect_uri\" is missing: the address registered with the application");
  const webex::LoginAttempt attempt = webex::new_login_attempt();
  const std::string url = webex::authorize_url(config.endpoints.authorize, config.client, attempt);
  CodeWait code(config, attempt);
  const bool browser = config.auth_method == Config::AuthMethod::Browser && !arguments.no_browser;
  fmt::print("Open this address and agree:\n\n{}\n\nThen wait, or paste the address that you were sent to here.\n",
             url);
  std::fflush(stdout);
  if (browser) open_browser(url);
  return keep(
      config,
      ask_for_token(config, webex::code_exchange(config.endpoints.token, config.client, code.wait(), attempt), {}));
}

}  // namespace

int run(const GlobalOptions& global, const LoginArguments& arguments) {
  const Config config = configure(global);
  require_cloud_settings(config);
  if (arguments.import && arguments.refresh_token_file)
    throw base::UsageError("give one of --import and --refresh-token-file");
  if (arguments.import) return import_tokens(config, *arguments.import);
  if (arguments.refresh_token_file) return take_refresh_token(config, *arguments.refresh_token_file);
  return log_in(config, arguments);
}

}  // namespace wxcc::cli
