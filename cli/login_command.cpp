// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spawn.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/config/trust.h"
#include "cli/exit_code.h"
#include "cli/login/flow.h"
#include "cli/wiring.h"
#include "webex/token_exchange.h"
#include "webex/token_file.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): for posix_spawn(3)

namespace wxcc::cli {
namespace {

std::string read_secret_text(const base::Path& file) {
  if (file != "-") return base::read_file(file, 64U << 10U);
  std::string text;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) text += static_cast<char>(c);
  return text;
}

// Refreshes the imported token before storing it, under the lock: the service may be using the same token.
int import_verified(const Config& config, const webex::TokenSet& imported) {
  const auto lock = base::FileLock::acquire(webex::lock_path_of(config.webex.token_file));
  systemd::EventLoop loop;
  TokenAcquirer acquirer(config, loop);
  std::optional<TokenAcquirer::Result> result;
  const auto interrupt = loop.watch_signal(SIGINT, [&] { loop.exit(kFailed); });
  const auto done = [&](const TokenAcquirer::Result& tokens) {
    result = tokens;
    loop.exit(kDone);
  };
  loop.post([&] {
    if (imported.refresh_token.empty()) return acquirer.verify_organisation(imported, done);
    acquirer.acquire(webex::refresh_request(config.webex.endpoints.token, config.webex.client, imported.refresh_token),
                     imported, done);
  });
  loop.run();
  if (!result) throw base::LoginRequired("login: interrupted");
  if (!*result) throw_error(result->error());
  save_tokens(config, **result, lock);
  return kDone;
}

int import_tokens(const Config& config, const base::Path& file) {
  std::string text = base::read_file(file);
  auto tokens = webex::parse_token_file(text);
  base::wipe(text);
  if (!tokens) throw base::ConfigurationError(fmt::format("cannot import {}: {}", file.string(), tokens.error()));
  if (const auto mismatch = webex::organisation_mismatch(*tokens, config.webex.org_id))
    throw base::LoginRequired(*mismatch);
  if (tokens->refresh_token.empty()) {
    if (!webex::is_access_token_valid(*tokens, base::SystemClock().now()))
      throw base::LoginRequired(
          fmt::format("cannot import {}: access token expired, no refresh token; log in instead", file.string()));
    base::log::warning("login: {} has no refresh token; the login expires with the access token", file.string());
  }
  return import_verified(config, *tokens);
}

int import_refresh_token(const Config& config, const base::Path& file) {
  std::string text = read_secret_text(file);
  webex::TokenSet tokens;
  tokens.refresh_token = base::Secret(std::string(base::trim(text)));
  base::wipe(text);
  if (tokens.refresh_token.empty())
    throw base::ConfigurationError(fmt::format("cannot import {}: it contains no refresh token", file.string()));
  return import_verified(config, tokens);
}

void open_browser(const std::string& url) {
  const char* const display = std::getenv("DISPLAY");
  const char* const wayland = std::getenv("WAYLAND_DISPLAY");
  if (display == nullptr && wayland == nullptr) return;
  std::string program = "xdg-open";
  std::string argument = url;
  char* const arguments[] = {program.data(), argument.data(), nullptr};
  // The browser must not inherit the blocked signals of this process.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  if (::posix_spawnp(&child, program.c_str(), nullptr, &attributes, arguments, environ) != 0)
    base::log::warning("login: cannot start xdg-open; open the address manually");
  ::posix_spawnattr_destroy(&attributes);
}

int log_in(const Config& config, const LoginArguments& arguments) {
  if (config.auth_method == AuthMethod::ServiceApp)
    throw base::UsageError(
        "auth_method service_app has no login page; import a refresh token with --refresh-token-file");
  if (config.webex.client.redirect_uri.empty())
    throw base::ConfigurationError(config.file.string() +
                                   ": \"redirect_uri\" is missing: the address registered with the application");
  const bool browser = config.auth_method == AuthMethod::Browser && !arguments.no_browser;
  LoginFlow flow(config, browser ? LoginFlow::Mode::Browser : LoginFlow::Mode::Paste, arguments.timeout);
  fmt::print(
      "Open this address in a browser and log in:\n\n{}\n\nThen wait, or paste the address of the page after "
      "the login here.\n",
      flow.url());
  std::fflush(stdout);
  if (browser) open_browser(flow.url());
  flow.run();
  return kDone;
}

}  // namespace

int run_login(const GlobalOptions& global, const LoginArguments& arguments) {
  const Config config = configure(global);
  require_api_settings(config);
  if (arguments.import && arguments.refresh_token_file)
    throw base::UsageError("--import and --refresh-token-file exclude each other");
  if (arguments.import) return import_tokens(config, *arguments.import);
  if (arguments.refresh_token_file) return import_refresh_token(config, *arguments.refresh_token_file);
  return log_in(config, arguments);
}

}  // namespace wxcc::cli
