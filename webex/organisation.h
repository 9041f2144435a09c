// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "net/transport.h"
#include "webex/endpoints.h"
#include "webex/token_set.h"

namespace wxcc::webex {

// The message for a token of another organisation than the configured one; nothing when they agree or the token does
// not tell.
std::optional<std::string> wrong_organisation(const TokenSet& tokens, const std::string& org_id);

// For tokens that do not tell: a search of the organisation's last minute, which the cloud refuses to strangers.
net::Request organisation_probe(const Endpoints& endpoints, const std::string& org_id, const base::Secret& token,
                                base::Instant now);

enum class ProbeVerdict { Ours, Refused, Unknown };
ProbeVerdict probe_verdict(const net::Outcome& outcome);

}  // namespace wxcc::webex
