// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/instant.h"
#include "simulator/message.h"
#include "simulator/options.h"

namespace wxcc::simulator {

// What the token endpoint answers to a good grant.
struct Grant {
  std::string access_token;
  std::chrono::seconds expires_in{};
  std::string refresh_token;
  std::chrono::seconds refresh_token_expires_in{};
  std::string scope;
};

// The token host: who may log in, which codes and tokens are good. Holds them all in memory. Not thread-safe.
class Authority {
 public:
  explicit Authority(const Options& options) : options_(options) {}

  // GET and POST /v1/authorize: the consent page, and the redirect after its decision.
  Answer authorize(const Request& request, base::Instant now);
  // POST /v1/access_token.
  Answer token(const Request& request, base::Instant now);

  // As if a user had just logged in.
  Grant issue(base::Instant now);
  // All tokens of that kind stop being good at once.
  void revoke_access_tokens() { access_tokens_.clear(); }
  void revoke_refresh_tokens() { refresh_tokens_.clear(); }

  // Every code and token ever handed out.
  [[nodiscard]] const std::vector<std::string>& issued() const { return issued_; }

  struct Bearer {
    std::string org_id;
    std::string scope;
  };
  enum class Refusal { Missing, Invalid };
  // Looks at the value of an Authorization header.
  [[nodiscard]] base::Expected<Bearer, Refusal> check(const std::string& authorization, base::Instant now) const;

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

  enum class Include { Yes, No };

  Answer redirect_with_code(const base::Form& parameters, base::Instant now);
  Answer exchange_code(const base::Form& form, base::Instant now);
  Answer refresh(const base::Form& form, base::Instant now);
  [[nodiscard]] bool is_our_client(const base::Form& form, const std::string& authorization) const;
  [[nodiscard]] Answer refuse(int status, const std::string& oauth_error, const std::string& message) const;
  [[nodiscard]] Answer answer_with(const Grant& grant, Include refresh_token) const;
  [[nodiscard]] std::string new_token();
  [[nodiscard]] const std::string& login_org() const {
    return options_.login_org_id.empty() ? options_.org_id : options_.login_org_id;
  }
  std::string add_access_token(const std::string& scope, base::Instant now);

  const Options& options_;
  std::map<std::string, Code, std::less<>> codes_;
  std::map<std::string, Token, std::less<>> access_tokens_;
  std::map<std::string, Token, std::less<>> refresh_tokens_;
  std::vector<std::string> issued_;
  std::int64_t logins_ = 0;
  std::int64_t refreshes_ = 0;
};

}  // namespace wxcc::simulator
