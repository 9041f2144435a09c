// SPDX-License-Identifier: Apache-2.0
#include "cli/login/token_acquirer.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/zone.h"
#include "cli/version.h"
#include "webex/error_response.h"
#include "webex/oauth.h"
#include "webex/token_exchange.h"
#include "webex/token_file.h"

namespace wxcc::cli {
namespace {

base::unexpected<TokenAcquirer::Failure> failed(TokenAcquirer::Failure::Kind kind, std::string message) {
  return base::make_unexpected(TokenAcquirer::Failure{kind, std::move(message)});
}

}  // namespace

TokenAcquirer::TokenAcquirer(const Config& config, systemd::EventLoop& loop)
    : config_(config), transport_(loop, {config.ca_file, std::string(kProgram), 1}) {}

void TokenAcquirer::acquire(net::Request request, const webex::TokenSet& previous, const Done& done) {
  transfer_ = transport_.start(std::move(request), [this, previous, done](const net::Outcome& outcome) {
    auto exchange = webex::read_token_exchange(outcome, previous, {config_.webex.client.secret, previous.refresh_token},
                                               config_.webex.org_id, base::SystemClock().now());
    if (const auto* rejected = std::get_if<webex::Rejected>(&exchange))
      return done(failed(Failure::Kind::Rejected, rejected->reason));
    if (const auto* retryable = std::get_if<webex::Retryable>(&exchange))
      return done(failed(Failure::Kind::Retryable, retryable->reason));
    verify_organisation(std::move(std::get<webex::Granted>(exchange).tokens), done);
  });
}

void TokenAcquirer::verify_organisation(webex::TokenSet tokens, const Done& done) {
  if (const auto mismatch = webex::organisation_mismatch(tokens, config_.webex.org_id))
    return done(failed(Failure::Kind::Rejected, *mismatch));
  if (webex::organisation_of(tokens.access_token)) return done(std::move(tokens));
  auto probe = webex::org_check_request(config_.webex.endpoints, config_.webex.org_id, tokens.access_token,
                                        base::SystemClock().now());
  transfer_ = transport_.start(std::move(probe), [this, tokens, done](const net::Outcome& outcome) {
    switch (webex::classify_org_check(outcome)) {
      case webex::OrgCheck::Mismatch:
        return done(failed(
            Failure::Kind::Rejected,
            fmt::format("login: the Webex API rejects the token for org_id {} ({}); log in with an account of that "
                        "organisation that may read its contact center",
                        config_.webex.org_id, webex::describe(outcome, {tokens.access_token}))));
      case webex::OrgCheck::Unknown:
        base::log::warning("login: organisation of the token not verified, the next search verifies it: {}",
                           webex::describe(outcome, {tokens.access_token}));
        break;
      case webex::OrgCheck::Match:
        break;
    }
    done(tokens);
  });
}

void throw_error(const TokenAcquirer::Failure& failure) {
  if (failure.kind == TokenAcquirer::Failure::Kind::Rejected) throw base::LoginRequired(failure.message);
  throw base::TemporaryFailure(failure.message);
}

void save_tokens(const Config& config, const webex::TokenSet& tokens, const base::FileLock&) {
  webex::TokenFile file(config.webex.token_file);
  file.write(tokens);
  file.remove_stale_temp_files();
  fmt::print("Logged in. Token file: {}", config.webex.token_file.string());
  if (tokens.refresh_expires_at)
    fmt::print("; the login expires on {} UTC unless it is refreshed",
               base::Zone::utc().format(*tokens.refresh_expires_at));
  fmt::print(".\n");
  std::fflush(stdout);
}

}  // namespace wxcc::cli
