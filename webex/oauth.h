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

// The secrets of one login attempt, from opening the authorize page to exchanging the code: the state (RFC 6749 10.12)
// and the PKCE verifier (RFC 7636).
struct LoginAttempt {
  std::string state;
  base::Secret code_verifier;
};
LoginAttempt new_login_attempt();

// The URL of the consent page.
std::string authorize_url(std::string_view authorize_endpoint, const OAuthClient& client, const LoginAttempt& attempt);

// The code in the redirect: the whole redirect URL, its query, or the code pasted alone. The error names the reason:
// denied consent, another state, no code.
base::Expected<base::Secret, std::string> parse_redirect(std::string_view pasted, const LoginAttempt& attempt);

// Token requests, RFC 6749 4.1.3 and 6, credentials in the body as Webex documents it.
net::Request code_exchange(std::string_view token_endpoint, const OAuthClient& client, const base::Secret& code,
                           const LoginAttempt& attempt);
net::Request refresh_request(std::string_view token_endpoint, const OAuthClient& client,
                             const base::Secret& refresh_token);

}  // namespace wxcc::webex
