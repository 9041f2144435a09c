// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::webex {

// What an error answer says, from any of the shapes in which the cloud says it: {message, errors[].description,
// trackingId}, {error: {key, message[].description}}, {error, error_description} of RFC 6749, GraphQL's
// {errors[].message}, plain text. One line; anything that looks like a token, a URL's query, and the known secrets
// (what was sent, and a server may echo) are left out.
using KnownSecrets = std::vector<base::Secret>;
std::string describe_error_body(std::string_view body, const KnownSecrets& known = {});

// "answered 503: <what it says>", or what went wrong with the transfer.
std::string describe(const net::Outcome& outcome, const KnownSecrets& known = {});

}  // namespace wxcc::webex
