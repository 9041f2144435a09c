// SPDX-License-Identifier: Apache-2.0
#include "webex/token_set.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "webex/json_values.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;
using base::Instant;
using base::JsonNode;

constexpr std::array<std::string_view, 10> kMembers = {"access_token",
                                                       "expires_in",
                                                       "expires_at",
                                                       "refresh_token",
                                                       "refresh_token_expires_in",
                                                       "token_type",
                                                       "scope",
                                                       "granted_at",
                                                       "refresh_token_expires_at",
                                                       "previous_refresh_token"};

std::optional<ch::seconds> parse_seconds(JsonNode node) {
  const auto count = node.integer();
  if (!count || *count < 0 || *count > ch::seconds(ch::years{100}).count()) return std::nullopt;
  return ch::seconds{*count};
}

base::Secret parse_secret(JsonNode node) {
  return base::Secret(std::string(node.text().value_or("")));
}

void member_if(base::JsonWriter& writer, std::string_view name, const std::optional<Instant>& at) {
  if (!at) return;
  const bool whole = ch::floor<ch::seconds>(*at) == *at;
  writer.member(name, whole ? base::to_iso8601_seconds(*at) : base::to_iso8601(*at));
}

std::optional<ch::seconds> lifetime_between(const std::optional<Instant>& from, const std::optional<Instant>& to) {
  if (!from || !to || *to < *from) return std::nullopt;
  return ch::floor<ch::seconds>(*to - *from);
}

void member_if(base::JsonWriter& writer, std::string_view name, std::optional<ch::seconds> duration) {
  if (duration) writer.member(name, static_cast<std::int64_t>(duration->count()));
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = base::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace

base::Expected<TokenSet, std::string> parse_token_response(std::string_view body, const TokenSet& previous,
                                                           Instant now) {
  const auto document = base::JsonDocument::parse(body);
  if (!document) return base::make_unexpected("the token endpoint's response is not JSON: " + document.error().message);
  const JsonNode root = document->root();
  TokenSet tokens = previous;
  tokens.access_token = parse_secret(root["access_token"]);
  if (tokens.access_token.empty())
    return base::make_unexpected(std::string("the token endpoint's response has no access_token"));
  tokens.granted_at = now;
  tokens.access_expires_at.reset();
  // An end that is now cannot be meant: the token is as good as one without an end.
  if (const auto lifetime = parse_seconds(root["expires_in"]); lifetime && lifetime->count() > 0)
    tokens.access_expires_at = now + *lifetime;
  if (const auto lifetime = parse_seconds(root["refresh_token_expires_in"]); lifetime && lifetime->count() > 0)
    tokens.refresh_expires_at = now + *lifetime;
  if (base::Secret refresh = parse_secret(root["refresh_token"]); !refresh.empty()) {
    const bool rotated = !(refresh == previous.refresh_token);
    tokens.previous_refresh_token = rotated ? previous.refresh_token : base::Secret();
    tokens.refresh_token = std::move(refresh);
  } else {
    tokens.previous_refresh_token = base::Secret();
  }
  if (const auto type = root["token_type"].text()) tokens.token_type = *type;
  if (const auto scope = root["scope"].text()) tokens.scope = *scope;
  return tokens;
}

base::Expected<TokenSet, std::string> parse_token_file(std::string_view text) {
  const auto document = base::JsonDocument::parse(text, base::JsonDocument::Dialect::Relaxed);
  if (!document) return base::make_unexpected(document.error().message);
  const JsonNode root = document->root();
  if (!root.is_object()) return base::make_unexpected(std::string("not a JSON object"));
  TokenSet tokens;
  tokens.access_token = parse_secret(root["access_token"]);
  tokens.refresh_token = parse_secret(root["refresh_token"]);
  tokens.previous_refresh_token = parse_secret(root["previous_refresh_token"]);
  tokens.access_expires_at = parse_timestamp(root["expires_at"]);
  tokens.granted_at = parse_timestamp(root["granted_at"]);
  tokens.refresh_expires_at = parse_timestamp(root["refresh_token_expires_at"]);
  tokens.token_type = parse_text(root["token_type"]);
  tokens.scope = parse_text(root["scope"]);
  if (tokens.access_token.empty() && tokens.refresh_token.empty())
    return base::make_unexpected(std::string("no access_token and no refresh_token"));
  // The Python script stores only the access token's expiry; the other times follow from its lifetimes.
  if (!tokens.granted_at && tokens.access_expires_at)
    if (const auto lifetime = parse_seconds(root["expires_in"]))
      tokens.granted_at = *tokens.access_expires_at - *lifetime;
  if (!tokens.refresh_expires_at && tokens.granted_at)
    if (const auto lifetime = parse_seconds(root["refresh_token_expires_in"]))
      tokens.refresh_expires_at = *tokens.granted_at + *lifetime;
  return tokens;
}

std::string format_token_file(const TokenSet& tokens, std::string_view existing) {
  base::JsonWriter writer(base::JsonWriter::Style::Indented);
  writer.begin_object();
  writer.member("access_token", tokens.access_token.reveal());
  member_if(writer, "expires_in", lifetime_between(tokens.granted_at, tokens.access_expires_at));
  if (!tokens.refresh_token.empty()) writer.member("refresh_token", tokens.refresh_token.reveal());
  member_if(writer, "refresh_token_expires_in", lifetime_between(tokens.granted_at, tokens.refresh_expires_at));
  writer.member("token_type",
                tokens.token_type.empty() ? std::string_view("Bearer") : std::string_view(tokens.token_type));
  if (!tokens.scope.empty()) writer.member("scope", std::string_view(tokens.scope));
  // A member of the Python script, in its format.
  if (tokens.access_expires_at) writer.member("expires_at", base::to_iso8601_seconds(*tokens.access_expires_at));
  member_if(writer, "granted_at", tokens.granted_at);
  member_if(writer, "refresh_token_expires_at", tokens.refresh_expires_at);
  if (!tokens.previous_refresh_token.empty())
    writer.member("previous_refresh_token", tokens.previous_refresh_token.reveal());
  if (const auto document = base::JsonDocument::parse(existing, base::JsonDocument::Dialect::Relaxed)) {
    const JsonNode root = document->root();
    for (std::size_t i = 0; root.is_object() && i < root.size(); ++i) {
      const std::string_view name = root.name_at(i);
      if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) writer.key(name).value(root.at(i));
    }
  }
  writer.end_object();
  return writer.text() + "\n";
}

std::optional<std::string> organisation_of(const base::Secret& token) {
  const std::string_view text = token.reveal();
  if (const auto last = text.rfind('_'); last != std::string_view::npos && is_uuid(text.substr(last + 1)))
    return base::to_lower(text.substr(last + 1));
  const auto parts = base::split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto claims = base::from_base64url(parts[1]);
  const auto document = base::JsonDocument::parse(claims.value_or(""));
  if (!document) return std::nullopt;
  const auto realm = document->root()["realm"].text();
  return realm && is_uuid(*realm) ? std::optional(base::to_lower(*realm)) : std::nullopt;
}

std::optional<Instant> refresh_due_at(const TokenSet& tokens, Instant now) {
  if (tokens.refresh_token.empty()) return std::nullopt;
  if (tokens.access_token.empty()) return Instant{};
  if (!tokens.granted_at) return tokens.access_expires_at ? *tokens.access_expires_at - ch::hours{2} : Instant{};
  const Instant granted = *tokens.granted_at;
  // The clock was wrong then or is wrong now: the expiry times computed from it are meaningless.
  constexpr ch::minutes kClockSlack{5};
  if (granted > now + kClockSlack) return Instant{};
  base::Millis wait = ch::days{1};
  if (tokens.access_expires_at) wait = std::min(wait, (*tokens.access_expires_at - granted) / 2);
  if (tokens.refresh_expires_at && *tokens.refresh_expires_at > granted)
    wait = std::min(wait, (*tokens.refresh_expires_at - granted) / 2);
  // If a refresh does not extend the refresh token's lifetime, each half is shorter than the one before.
  constexpr ch::milliseconds kMinRefreshDelay{500};
  return granted + std::max<base::Millis>(wait, kMinRefreshDelay);
}

bool is_access_token_valid(const TokenSet& tokens, Instant now) {
  if (tokens.access_token.empty()) return false;
  if (!tokens.access_expires_at) return true;
  base::Millis margin = ch::seconds{30};
  if (tokens.granted_at) margin = std::min(margin, (*tokens.access_expires_at - *tokens.granted_at) / 10);
  return now < *tokens.access_expires_at - margin;
}

}  // namespace wxcc::webex
