// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/instant.h"
#include "base/secret.h"

namespace wxcc::webex {

// What a grant of the token endpoint gives (RFC 6749 section 5.1 and the API's refresh_token_expires_in), with its
// relative lifetimes turned into instants.
struct TokenSet {
  base::Secret access_token;
  base::Secret refresh_token;  // empty: none was given
  // The refresh token before this one, stored until this one has been used once: a server may reject one of the two
  // after a crash between grant and save.
  base::Secret previous_refresh_token;
  std::optional<base::Instant> granted_at;
  std::optional<base::Instant> access_expires_at;
  std::optional<base::Instant> refresh_expires_at;
  std::string token_type;
  std::string scope;
};

// Reads a 2xx response of the token endpoint. Numbers may come as text, every member but access_token may be missing;
// the previous set supplies the refresh token, its expiry and the scope that a response leaves out. The error is safe
// to log.
base::Expected<TokenSet, std::string> parse_token_response(std::string_view body, const TokenSet& previous,
                                                           base::Instant now);

// Reads a token file: that of the Python script (access_token, expires_in, refresh_token, refresh_token_expires_in,
// token_type, scope, expires_at) or our own, which adds granted_at, refresh_token_expires_at and
// previous_refresh_token.
base::Expected<TokenSet, std::string> parse_token_file(std::string_view text);

// A token file's new content. Members of the existing content that this program does not know are retained.
std::string format_token_file(const TokenSet& tokens, std::string_view existing);

// The organisation in a token: an opaque one in its last part ("..._PE93_<uuid>"), a JSON web token in its
// claim "realm". std::nullopt for other tokens. The claim's signature is not checked: the API does that.
std::optional<std::string> organisation_of(const base::Secret& token);

// When to refresh: at half of the access token's lifetime and of the refresh token's remaining one, at most a day after
// the grant, so that a grant whose server renews the refresh token with every refresh never expires. A past instant
// means now: also for a grant from the future, that is, after the clock was stepped back. std::nullopt when there is no
// refresh token.
std::optional<base::Instant> refresh_due_at(const TokenSet& tokens, base::Instant now);

// False once the access token has expired or is about to (within 30 s, or a tenth of a shorter lifetime).
bool is_access_token_valid(const TokenSet& tokens, base::Instant now);

}  // namespace wxcc::webex
