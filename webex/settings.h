// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/instant.h"
#include "base/secret.h"
#include "net/retry_delays.h"
#include "webex/endpoints.h"
#include "webex/oauth.h"

namespace wxcc::webex {

// How to reach the Webex API and as whom. The members that are configuration keys have their names, which
// docs/configuration.md describes; the initialisers are the keys' defaults.
struct Settings {
  Endpoints endpoints;
  OAuthClient client;
  std::string org_id;     // a token that names another organisation is rejected
  base::Path token_file;  // 0600; a lock file ".lock" stands beside it
  // Used while the token file has no refresh token, and when its own were all rejected.
  std::optional<base::Secret> initial_refresh_token;
  std::string login_remedy = "log in with \"wxcc-archive login\"";  // for messages: how to log in

  int requests_per_minute = 300;
  std::chrono::minutes url_expiration{60};  // of the locations of transcripts, 1 to 60
  net::RetryPolicy retries = net::kCallRetries;
  base::Millis initial_contact_timeout = net::kInitialContactTimeout;
};

}  // namespace wxcc::webex
