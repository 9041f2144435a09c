// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "base/duration.h"
#include "base/text.h"
#include "base/url.h"
#include "cli/check_steps.h"
#include "cli/commands.h"
#include "cli/config/keys.h"
#include "cli/config/trust.h"
#include "cli/exit_code.h"
#include "cli/wiring.h"
#include "monitor/login_expiry.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;

// Runs the loop until the call completes. std::nullopt: interrupted.
template <typename T>
std::optional<model::Result<T>> await(systemd::EventLoop& loop,
                                      const std::function<void(std::function<void(model::Result<T>)>)>& call) {
  std::optional<model::Result<T>> result;
  loop.post([&] {
    call([&](model::Result<T> value) {
      result = std::move(value);
      loop.exit(kDone);
    });
  });
  loop.run();
  return result;
}

void check_token(const webex::TokenSet& tokens, const Config& config, base::Instant now, CheckSteps& steps) {
  std::string detail = config.webex.token_file.string();
  if (tokens.access_expires_at)
    detail += fmt::format(", valid for {}", base::humanize(ch::floor<ch::seconds>(*tokens.access_expires_at - now)));
  if (!tokens.refresh_expires_at) return steps.ok("token", detail);
  const auto left = ch::floor<ch::days>(*tokens.refresh_expires_at - now);
  detail += fmt::format("; the login expires in {} unless it is refreshed", base::count_of(left.count(), "day"));
  if (monitor::login_warning_days(tokens.refresh_expires_at, now))
    steps.warn("token", detail);
  else
    steps.ok("token", detail);
}

void check_clock(base::Instant server_time, base::Instant now, CheckSteps& steps) {
  const auto difference = ch::abs(ch::round<ch::seconds>(now - server_time));
  constexpr ch::seconds kMaxDifference{10};
  if (difference > kMaxDifference)
    steps.fail(
        "clock",
        fmt::format("differs from the Webex API's by {}; set up time synchronisation", base::humanize(difference)),
        kFailed);
  else
    steps.ok("clock", "agrees with the Webex API's");
}

// Resolves, connects and verifies the certificate; any response passes. std::nullopt if there is none.
std::optional<net::Response> check_host(const std::string& url, systemd::EventLoop& loop, net::Transport& transport,
                                        CheckSteps& steps) {
  net::Request request;
  request.url = base::parse_url(url).value().origin() + "/";
  constexpr base::Millis kHostTimeout = ch::seconds{15};
  request.limits.total = kHostTimeout;
  const std::string host = request.url;
  std::optional<net::Outcome> outcome;
  const auto transfer = transport.start(std::move(request), [&](net::Outcome&& result) {
    outcome = std::move(result);
    loop.exit(kDone);
  });
  loop.run();
  if (!outcome) {
    steps.fail("network", "interrupted", kFailed);
    return std::nullopt;
  }
  if (!*outcome) {
    const auto& [kind, message] = outcome->error();
    const std::string_view hint = net::hint_for(kind);
    steps.fail("network", fmt::format("{}{}{}", message, hint.empty() ? "" : "; ", hint), kTemporaryFailure);
    return std::nullopt;
  }
  steps.ok("network", host);
  return std::move(**outcome);
}

bool check_network(const Config& config, systemd::EventLoop& loop, net::Transport& transport, CheckSteps& steps) {
  std::optional<net::Response> response;
  for (const std::string& url : {config.webex.endpoints.token, config.webex.endpoints.search}) {
    response = check_host(url, loop, transport, steps);
    if (!response) return false;
  }
  if (const auto date = response->header("Date"))
    if (const auto server_time = base::parse_http_date(*date))
      check_clock(*server_time, base::SystemClock().now(), steps);
  return true;
}

void check_api(const Config& config, CheckSteps& steps) {
  const base::SystemClock clock;
  systemd::EventLoop loop;
  const auto interrupt = loop.watch_signal(SIGINT, [&] { loop.exit(kFailed); });
  ApiSession session(config, loop, clock, ApiSession::RetryMode::FailFast);
  if (!check_network(config, loop, *session.transport, steps)) return;
  const auto token = await<base::Secret>(loop, [&](auto done) { session.tokens.get_token(done); });
  if (!steps.passed("token", token)) return;
  check_token(session.tokens.tokens(), config, clock.now(), steps);
  const base::TimeRange last_hour{clock.now() - ch::hours{1}, clock.now()};
  const auto page = await<webex::SearchPage>(loop, [&](auto done) {
    session.api.search({last_hour, model::TimeField::Ended, config.sync.channels, ""}, webex::Priority::Live, done);
  });
  if (!steps.passed("search", page)) return;
  steps.ok("search", fmt::format("{}, {} in the last hour", config.webex.endpoints.search,
                                 base::count_of(static_cast<std::int64_t>((*page)->tasks.size()), "ended task")));
  // A task that does not exist: the response is empty.
  const auto captures = await<std::vector<webex::TaskCaptures>>(
      loop, [&](auto done) { session.api.captures({session.random.uuid()}, webex::Priority::Live, done); });
  if (steps.passed("captures", captures)) steps.ok("captures", config.webex.endpoints.captures);
}

}  // namespace

int run_check(const GlobalOptions& global, const CheckArguments& arguments) {
  if (arguments.keys) {
    std::fputs(key_tables().c_str(), stdout);
    return kDone;
  }
  const Config config = configure(global);
  require_api_settings(config);
  CheckSteps steps;
  check_files(config, steps);
  check_api(config, steps);
  return steps.code();
}

}  // namespace wxcc::cli
