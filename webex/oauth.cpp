// SPDX-License-Identifier: Apache-2.0
#include "webex/oauth.h"

#include <fmt/format.h>

#include <chrono>

#include "base/digest.h"
#include "base/text.h"
#include "base/url.h"

namespace wxcc::webex {
namespace {

net::Request token_request(std::string_view endpoint, const base::Form& form) {
  net::Request request;
  request.method = net::Method::Post;
  request.url = endpoint;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = base::form_encode(form);
  request.limits.total = std::chrono::seconds{60};
  request.limits.response_bytes = 1U << 20U;
  return request;
}

}  // namespace

LoginAttempt new_login_attempt() {
  return {base::to_base64url(base::random_bytes(24)), base::Secret(base::to_base64url(base::random_bytes(48)))};
}

std::string authorize_url(std::string_view authorize_endpoint, const OAuthClient& client, const LoginAttempt& attempt) {
  const base::Sha256 digest = base::sha256(attempt.code_verifier.reveal());
  const std::string challenge = base::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
  return fmt::format("{}{}{}", authorize_endpoint, authorize_endpoint.find('?') == std::string_view::npos ? '?' : '&',
                     base::form_encode({{"response_type", "code"},
                                        {"client_id", client.id},
                                        {"redirect_uri", client.redirect_uri},
                                        {"scope", client.scope},
                                        {"state", attempt.state},
                                        {"code_challenge", challenge},
                                        {"code_challenge_method", "S256"}}));
}

base::Expected<base::Secret, std::string> parse_redirect(std::string_view pasted, const LoginAttempt& attempt) {
  pasted = base::trim(pasted);
  const auto question = pasted.find('?');
  std::string_view query = question == std::string_view::npos ? pasted : pasted.substr(question + 1);
  query = query.substr(0, query.find('#'));
  const bool parameters =
      query.find("code=") != std::string_view::npos || query.find("error=") != std::string_view::npos;
  if (!parameters && question == std::string_view::npos && !query.empty()) return base::Secret(std::string(query));
  const base::Form form = base::form_decode(query);
  if (const auto error = base::find_parameter(form, "error")) {
    const auto description = base::find_parameter(form, "error_description");
    return base::make_unexpected(fmt::format("the authorization was denied: {}{}{}", base::excerpt(*error, 80),
                                             description ? ": " : "", base::excerpt(description.value_or(""))));
  }
  if (base::find_parameter(form, "state") != attempt.state)
    return base::make_unexpected(
        std::string("the redirect belongs to another login (its state differs); start the login again"));
  const auto code = base::find_parameter(form, "code");
  if (!code || code->empty()) return base::make_unexpected(std::string("the redirect has no authorization code"));
  return base::Secret(*code);
}

net::Request code_exchange(std::string_view token_endpoint, const OAuthClient& client, const base::Secret& code,
                           const LoginAttempt& attempt) {
  return token_request(token_endpoint, {{"grant_type", "authorization_code"},
                                        {"client_id", client.id},
                                        {"client_secret", client.secret.reveal()},
                                        {"code", code.reveal()},
                                        {"redirect_uri", client.redirect_uri},
                                        {"code_verifier", attempt.code_verifier.reveal()}});
}

net::Request refresh_request(std::string_view token_endpoint, const OAuthClient& client,
                             const base::Secret& refresh_token) {
  return token_request(token_endpoint, {{"grant_type", "refresh_token"},
                                        {"client_id", client.id},
                                        {"client_secret", client.secret.reveal()},
                                        {"refresh_token", refresh_token.reveal()}});
}

}  // namespace wxcc::webex
