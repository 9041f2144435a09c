// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/oauth_server.h"

#include <fmt/format.h>

#include <array>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"

namespace wxcc::simulator {
namespace {

using base::Form;
using base::Instant;
using std::chrono::seconds;

constexpr std::string_view kClusterId = "PE93";
constexpr std::size_t kMinVerifierLength = 43;  // RFC 7636 section 4.1
constexpr std::size_t kMaxVerifierLength = 128;

std::string value_of(const Form& form, std::string_view name) {
  return base::find_parameter(form, name).value_or("");
}

Response redirect(const std::string& uri, const Form& parameters) {
  const char separator = uri.find('?') == std::string::npos ? '?' : '&';
  return {302, "", "text/plain", {{"Location", uri + separator + base::form_encode(parameters)}}};
}

// Appends the state, which every redirect returns to the client.
Form with_state(Form parameters, const Form& request) {
  if (const auto state = base::find_parameter(request, "state")) parameters.emplace_back("state", *state);
  return parameters;
}

constexpr std::array<std::string_view, 7> kForwardedParameters = {
    "client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"};

Response consent_page(const Form& parameters, const std::string& org, const std::string& clicks) {
  std::string form = fmt::format(
      "<p>The application requests to read the contact center of organisation <code>{}</code>: <code>{}</code>.</p>\n"
      "<form method=\"post\" action=\"/v1/authorize\">\n",
      escape_html(org), escape_html(value_of(parameters, "scope")));
  for (const std::string_view name : kForwardedParameters)
    if (const auto value = base::find_parameter(parameters, name))
      form += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, escape_html(*value));
  form +=
      "<button name=\"decision\" value=\"allow\">Allow</button>\n"
      "<button name=\"decision\" value=\"deny\">Deny</button>\n</form>";
  if (!clicks.empty())
    form += fmt::format(
        "\n<script>addEventListener('load', () => document.querySelector('button[value={}]').click());</script>",
        clicks);
  return html_page(200, "Log in to the simulator", form);
}

// Client id and secret of HTTP Basic (RFC 6749 section 2.3.1).
std::optional<std::pair<std::string, std::string>> basic_credentials(const std::string& authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (!authorization.starts_with(kScheme)) return std::nullopt;
  const auto decoded = base::from_base64url(std::string_view(authorization).substr(kScheme.size()));
  if (!decoded) return std::nullopt;
  const auto colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(base::percent_decode(decoded->substr(0, colon), base::Plus::Blank),
                   base::percent_decode(decoded->substr(colon + 1), base::Plus::Blank));
}

std::string s256(const std::string& verifier) {
  const base::Sha256 digest = base::sha256(verifier);
  return base::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

Response OAuthServer::authorize(const Request& request, Instant now, base::Random& rng) {
  const bool decided = request.method == "POST";
  const Form parameters = decided ? base::form_decode(request.body) : request.query;
  // An unknown client or address must not be redirected to (RFC 6749 section 4.1.2.1).
  if (value_of(parameters, "client_id") != options_.client_id)
    return html_page(400, "Invalid request", "<p>The client_id is not known.</p>");
  if (value_of(parameters, "redirect_uri") != options_.redirect_uri)
    return html_page(400, "Invalid request", "<p>The redirect_uri is not registered for this client.</p>");
  const auto redirect_error = [&](const char* error, const char* description) {
    return redirect(options_.redirect_uri,
                    with_state({{"error", error}, {"error_description", description}}, parameters));
  };
  if (value_of(parameters, "response_type") != "code")
    return redirect_error("unsupported_response_type", "response_type should be code");
  if (value_of(parameters, "scope").empty()) return redirect_error("invalid_scope", "The requested scope is invalid");
  const std::string method = value_of(parameters, "code_challenge_method");
  if (!method.empty() && method != "S256" && method != "plain")
    return redirect_error("invalid_request", "code_challenge_method should be S256 or plain");

  if (decided && value_of(parameters, "decision") != "allow")
    return redirect_error("access_denied", "The user denied the request");
  if (decided || options_.auto_consent) return redirect_with_code(parameters, now, rng);
  return consent_page(parameters, login_org(), options_.auto_consent_button);
}

Response OAuthServer::redirect_with_code(const Form& parameters, Instant now, base::Random& rng) {
  const std::string code = new_token(rng);
  codes_[code] = {value_of(parameters, "redirect_uri"), value_of(parameters, "scope"),
                  value_of(parameters, "code_challenge"), value_of(parameters, "code_challenge_method") != "S256",
                  now + options_.code_ttl};
  return redirect(options_.redirect_uri, with_state({{"code", code}}, parameters));
}

Response OAuthServer::token(const Request& request, Instant now, base::Random& rng) {
  const Form form = base::form_decode(request.body);
  if (!is_our_client(form, request.authorization))
    return reject(request, 401, "invalid_client", "Client authentication failed");
  const std::string type = value_of(form, "grant_type");
  if (type == "authorization_code") return exchange_code(request, form, now, rng);
  if (type == "refresh_token") return refresh(request, form, now, rng);
  return reject(request, 400, "unsupported_grant_type", "The grant_type is not supported");
}

bool OAuthServer::is_our_client(const Form& form, const std::string& authorization) const {
  auto credentials = basic_credentials(authorization);
  if (!credentials) credentials.emplace(value_of(form, "client_id"), value_of(form, "client_secret"));
  return credentials->first == options_.client_id && credentials->second == options_.client_secret;
}

Response OAuthServer::exchange_code(const Request& request, const Form& form, Instant now, base::Random& rng) {
  const auto found = codes_.find(value_of(form, "code"));
  if (found == codes_.end())
    return reject(request, 400, "invalid_grant", "The authorization code is invalid or was used before");
  const Code code = found->second;
  codes_.erase(found);
  if (code.expires <= now) return reject(request, 400, "invalid_grant", "The authorization code is expired");
  if (value_of(form, "redirect_uri") != code.redirect_uri)
    return reject(request, 400, "invalid_grant",
                  "The redirect_uri does not match the one of the authorization request");
  if (!code.challenge.empty()) {
    const std::string verifier = value_of(form, "code_verifier");
    const bool fits = verifier.size() >= kMinVerifierLength && verifier.size() <= kMaxVerifierLength;
    if (!fits || (code.plain_challenge ? verifier : s256(verifier)) != code.challenge)
      return reject(request, 400, "invalid_grant", "The code_verifier does not match the code_challenge");
  }
  ++logins_;
  return respond_with(issue(code.scope, now, rng));
}

Response OAuthServer::refresh(const Request& request, const Form& form, Instant now, base::Random& rng) {
  const std::string given = value_of(form, "refresh_token");
  const auto found = refresh_tokens_.find(given);
  if (found == refresh_tokens_.end())
    return reject(request, 400, "invalid_grant", "The refresh token provided is invalid");
  if (found->second.expires <= now)
    return reject(request, 400, "invalid_grant", "The refresh token provided is expired");
  ++refreshes_;
  Token token = found->second;
  if (options_.refresh_extends) token.expires = now + options_.refresh_ttl;
  std::string current = given;
  if (options_.rotate_refresh_token) {
    current = new_token(rng);
    if (const auto grace = options_.revoke_old_refresh_token_after_grace)
      found->second.expires = std::min<Instant>(found->second.expires, now + *grace);
  }
  refresh_tokens_[current] = token;
  if (options_.revoke_old_access_token) access_tokens_.clear();
  const auto left = std::chrono::floor<seconds>(token.expires - now);
  if (options_.omit_refresh_token) current.clear();
  return respond_with({add_access_token(token.scope, now, rng), options_.access_ttl, current, left, token.scope});
}

Response OAuthServer::reject(const Request& request, int status, const std::string& oauth_error,
                             const std::string& message) const {
  if (!options_.rfc6749_errors) return platform_error(request, status, message);
  base::JsonWriter json;
  json.begin_object().member("error", oauth_error).member("error_description", message).end_object();
  return {status, json.text()};
}

Response OAuthServer::respond_with(const IssuedTokens& tokens) const {
  base::JsonWriter json;
  const auto duration = [&](std::string_view name, seconds value) {
    if (options_.expires_in_as_string)
      json.member(name, std::to_string(value.count()));
    else
      json.member(name, std::int64_t{value.count()});
  };
  json.begin_object().member("access_token", tokens.access_token);
  duration("expires_in", tokens.expires_in);
  if (!tokens.refresh_token.empty()) {
    json.member("refresh_token", tokens.refresh_token);
    duration("refresh_token_expires_in", tokens.refresh_token_expires_in);
  }
  if (!options_.minimal_token_responses) json.member("token_type", "Bearer").member("scope", tokens.scope);
  if (options_.extra_members) json.member("x_issued_by", "simulator");
  json.end_object();
  return {200, json.text(), Response().content_type, {{"Cache-Control", "no-store"}}};
}

std::string OAuthServer::new_token(base::Random& rng) {
  std::string bytes;
  for (int i = 0; i < 6; ++i) {
    const std::uint64_t number = rng.next();
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  std::string token = base::to_base64url(bytes);
  if (!options_.tokens_without_org) token += fmt::format("_{}_{}", kClusterId, login_org());
  issued_.push_back(token);
  return token;
}

std::string OAuthServer::add_access_token(const std::string& scope, Instant now, base::Random& rng) {
  std::erase_if(access_tokens_, [&](const auto& token) { return token.second.expires <= now; });
  std::string token = new_token(rng);
  access_tokens_[token] = {scope, now + options_.access_ttl};
  return token;
}

IssuedTokens OAuthServer::issue(const std::string& scope, Instant now, base::Random& rng) {
  const std::string refresh_token = new_token(rng);
  refresh_tokens_[refresh_token] = {scope, now + options_.refresh_ttl};
  return {add_access_token(scope, now, rng), options_.access_ttl, refresh_token, options_.refresh_ttl, scope};
}

base::Expected<OAuthServer::Bearer, OAuthServer::Rejection> OAuthServer::check(const std::string& authorization,
                                                                               Instant now) const {
  constexpr std::string_view kScheme = "bearer ";
  if (!base::to_lower(authorization.substr(0, kScheme.size())).starts_with(kScheme))
    return base::make_unexpected(Rejection::Missing);
  const auto found = access_tokens_.find(base::trim(std::string_view(authorization).substr(kScheme.size())));
  if (found == access_tokens_.end() || found->second.expires <= now) return base::make_unexpected(Rejection::Invalid);
  return Bearer{login_org(), found->second.scope};
}

}  // namespace wxcc::simulator
