// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/instant.h"
#include "base/random.h"
#include "simulator/cloud/message.h"
#include "simulator/cloud/options.h"

namespace wxcc::simulator {

// The tokens of a response of the token endpoint.
struct IssuedTokens {
  std::string access_token;
  std::chrono::seconds expires_in{};
  std::string refresh_token;
  std::chrono::seconds refresh_token_expires_in{};
  std::string scope;
};

// The token host: logins, authorization codes and tokens, all in memory. Codes and tokens are made from the given
// random numbers.
class OAuthServer {
 public:
  explicit OAuthServer(const Options& options) : options_(options) {}

  // GET and POST /v1/authorize: the consent page, and the redirect after its decision.
  Response authorize(const Request& request, base::Instant now, base::Random& rng);
  // POST /v1/access_token.
  Response token(const Request& request, base::Instant now, base::Random& rng);

  // The tokens of a user's login.
  IssuedTokens issue(const std::string& scope, base::Instant now, base::Random& rng);
  // All tokens of that kind become invalid.
  void revoke_access_tokens() { access_tokens_.clear(); }
  void revoke_refresh_tokens() { refresh_tokens_.clear(); }

  // Every code and token ever issued.
  [[nodiscard]] const std::vector<std::string>& issued() const { return issued_; }

  struct Bearer {
    std::string org_id;
    std::string scope;
  };
  enum class Rejection { Missing, Invalid };
  // Checks the value of an Authorization header.
  [[nodiscard]] base::Expected<Bearer, Rejection> check(const std::string& authorization, base::Instant now) const;

  [[nodiscard]] std::int64_t logins() const { return logins_; }
  [[nodiscard]] std::int64_t refreshes() const { return refreshes_; }

 private:
  struct Code {
    std::string redirect_uri;
    std::string scope;
    std::string challenge;  // empty: none
    bool plain_challenge = false;
    base::Instant expires;
  };
  struct Token {
    std::string scope;
    base::Instant expires;
  };

  Response redirect_with_code(const base::Form& parameters, base::Instant now, base::Random& rng);
  Response exchange_code(const Request& request, const base::Form& form, base::Instant now, base::Random& rng);
  Response refresh(const Request& request, const base::Form& form, base::Instant now, base::Random& rng);
  [[nodiscard]] bool is_our_client(const base::Form& form, const std::string& authorization) const;
  [[nodiscard]] Response reject(const Request& request, int status, const std::string& oauth_error,
                                const std::string& message) const;
  // Leaves out an empty refresh token.
  [[nodiscard]] Response respond_with(const IssuedTokens& tokens) const;
  [[nodiscard]] std::string new_token(base::Random& rng);
  [[nodiscard]] const std::string& login_org() const {
    return options_.login_org_id.empty() ? options_.org_id : options_.login_org_id;
  }
  std::string add_access_token(const std::string& scope, base::Instant now, base::Random& rng);

  const Options& options_;
  std::map<std::string, Code, std::less<>> codes_;
  std::map<std::string, Token, std::less<>> access_tokens_;
  std::map<std::string, Token, std::less<>> refresh_tokens_;
  std::vector<std::string> issued_;
  std::int64_t logins_ = 0;
  std::int64_t refreshes_ = 0;
};

}  // namespace wxcc::simulator
