// SPDX-License-Identifier: Apache-2.0
#include "webex/organisation.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/url.h"
#include "webex/search_query.h"

namespace wxcc::webex {

std::optional<std::string> wrong_organisation(const TokenSet& tokens, const std::string& org_id) {
  const auto organisation = organisation_of(tokens.access_token);
  if (!organisation || org_id.empty() || base::equals_ignoring_case(*organisation, org_id)) return std::nullopt;
  return fmt::format("the token is of organisation {}, but org_id is {}: log in with an account of that organisation",
                     *organisation, org_id);
}

net::Request organisation_probe(const Endpoints& endpoints, const std::string& org_id, const base::Secret& token,
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

ProbeVerdict probe_verdict(const net::Outcome& outcome) {
  if (!outcome) return ProbeVerdict::Unknown;
  if (outcome->status == 403) return ProbeVerdict::Refused;
  // A field that the tenant does not know is refused after the token was found good.
  return outcome->status == 200 || outcome->status == 400 ? ProbeVerdict::Ours : ProbeVerdict::Unknown;
}

}  // namespace wxcc::webex
