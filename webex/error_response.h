// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::webex {

// The message of an error response, from any of the shapes that the API and its gateways use: {message,
// errors[].description, trackingId}, {error: {key, message[].description}}, {error, error_description} of RFC 6749,
// GraphQL's {errors[].message}, plain text. One line; anything that looks like a token, a URL's query, and the known
// secrets (which were sent, and which a server may echo) are redacted.
using KnownSecrets = std::vector<base::Secret>;
std::string describe_error_body(std::string_view body, const KnownSecrets& known = {});

// "status 503: <message>", or the message of the transfer's failure.
std::string describe(const net::Outcome& outcome, const KnownSecrets& known = {});

}  // namespace wxcc::webex
