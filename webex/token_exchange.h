// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/instant.h"
#include "net/transport.h"
#include "webex/endpoints.h"
#include "webex/error_response.h"
#include "webex/token_set.h"

namespace wxcc::webex {

// The result of a token request (oauth.h). All reasons are safe to log. Pure, like everything here.
struct Granted {
  TokenSet tokens;
};
struct Rejected {
  enum class Cause {
    TokenHost,          // status 400, 401 or 403: this grant, code or client would be rejected again
    OtherOrganisation,  // the token belongs to another organisation than the configured one
  };
  Cause cause = Cause::TokenHost;
  std::string reason;
};
struct Retryable {
  std::string reason;  // network error, any other status, an HTML page of a proxy, a malformed response
};
using TokenExchange = std::variant<Granted, Rejected, Retryable>;

// previous supplies the members that a response leaves out (token_set.h). sent: secrets that the response may echo.
TokenExchange read_token_exchange(const net::Outcome& outcome, const TokenSet& previous, const KnownSecrets& sent,
                                  const std::string& org_id, base::Instant now);

// Why a token does not belong to the organisation; std::nullopt when it does, when it does not name one (see
// organisation_of), or when org_id is empty.
std::optional<std::string> organisation_mismatch(const TokenSet& tokens, const std::string& org_id);

// For tokens that name no organisation: a search of the last minute, which the API rejects for other organisations.
net::Request org_check_request(const Endpoints& endpoints, const std::string& org_id, const base::Secret& token,
                               base::Instant now);
enum class OrgCheck { Match, Mismatch, Unknown };
OrgCheck classify_org_check(const net::Outcome& outcome);

}  // namespace wxcc::webex
