// SPDX-License-Identifier: Apache-2.0
#include "webex/token_exchange.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "webex/search_query.h"

namespace wxcc::webex {
namespace {

// An HTML page comes from a proxy instead of the token host.
bool is_rejection(const net::Response& response) {
  const bool status = response.status == 400 || response.status == 401 || response.status == 403;
  return status && !base::trim(response.body).starts_with('<');
}

}  // namespace

TokenExchange read_token_exchange(const net::Outcome& outcome, const TokenSet& previous, const KnownSecrets& sent,
                                  const std::string& org_id, base::Instant now) {
  if (outcome && is_rejection(*outcome))
    return Rejected{Rejected::Cause::TokenHost,
                    fmt::format("the token host rejected the grant ({})", describe(outcome, sent))};
  if (!outcome || outcome->status < 200 || outcome->status >= 300)
    return Retryable{"requesting a token: " + describe(outcome, sent)};
  auto tokens = parse_token_response(outcome->body, previous, now);
  if (!tokens) return Retryable{std::move(tokens.error())};
  if (auto mismatch = organisation_mismatch(*tokens, org_id))
    return Rejected{Rejected::Cause::OtherOrganisation, std::move(*mismatch)};
  return Granted{std::move(*tokens)};
}

std::optional<std::string> organisation_mismatch(const TokenSet& tokens, const std::string& org_id) {
  const auto organisation = organisation_of(tokens.access_token);
  if (!organisation || org_id.empty() || base::equals_ignoring_case(*organisation, org_id)) return std::nullopt;
  return fmt::format("the token belongs to organisation {}, org_id is {}; log in with an account of the latter",
                     *organisation, org_id);
}

net::Request org_check_request(const Endpoints& endpoints, const std::string& org_id, const base::Secret& token,
                               base::Instant now) {
  net::Request request;
  request.method = net::Method::Post;
  request.url = endpoints.search + "?" + base::form_encode({{"orgId", org_id}});
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.bearer = token;
  request.body = search_body({{now - std::chrono::minutes{1}, now}, model::TimeField::Ended, {"chat"}, ""}, {});
  request.limits.total = std::chrono::seconds{30};
  return request;
}

OrgCheck classify_org_check(const net::Outcome& outcome) {
  if (!outcome) return OrgCheck::Unknown;
  if (outcome->status == 403) return OrgCheck::Mismatch;
  // An undefined field is reported only after the token was accepted.
  return outcome->status == 200 || outcome->status == 400 ? OrgCheck::Match : OrgCheck::Unknown;
}

}  // namespace wxcc::webex
