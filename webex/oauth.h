// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::webex {

// The application that is registered with Webex. Service apps have no redirect_uri.
struct OAuthClient {
  std::string id;
  base::Secret secret;
  std::string redirect_uri;
  std::string scope;  // space separated
};

// What one login attempt must remember between opening the authorize page and exchanging the code: the
// state (RFC 6749 10.12) and the PKCE verifier (RFC 7636).
struct LoginAttempt {
  std::string state;
  base::Secret code_verifier;
};
LoginAttempt new_login_attempt();

// The page on which a person agrees.
std::string authorize_url(std::string_view authorize_endpoint, const OAuthClient& client, const LoginAttempt& attempt);

// The code in what the browser was sent back with: the whole redirect URL, its query, or, pasted alone, the code. The
// error names the reason: denied consent, another state, no code.
base::Expected<base::Secret, std::string> parse_redirect(std::string_view pasted, const LoginAttempt& attempt);

// Token requests, RFC 6749 4.1.3 and 6, credentials in the body as Webex documents it.
net::Request code_exchange(std::string_view token_endpoint, const OAuthClient& client, const base::Secret& code,
                           const LoginAttempt& attempt);
net::Request refresh_request(std::string_view token_endpoint, const OAuthClient& client,
                             const base::Secret& refresh_token);

}  // namespace wxcc::webex
