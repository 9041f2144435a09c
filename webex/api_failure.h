// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/log_fields.h"
#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::webex {

// Why a call of the cloud gave nothing, after everything was tried that the caller cannot know of (a fresh token,
// pauses).
struct ApiFailure {
  enum class Kind {
    Transient,  // later it may work: no answer, 5xx, 429, an answer that makes no sense
    Grant,      // nobody is logged in, or the cloud refuses the grant: a person must log in
    Permanent,  // the same request will be refused again
  };
  Kind kind = Kind::Transient;
  int status = 0;                // HTTP; 0 when there was no answer
  std::string message;           // one line, safe to log and to store
  std::string tracking_id = {};  // of the request, by which the cloud's support finds it; empty: it had none
};

std::string_view to_text(ApiFailure::Kind kind);

// For the journal: kind, status and tracking id.
base::log::Fields fields_of(const ApiFailure& failure);

template <typename T>
using Result = base::Expected<T, ApiFailure>;

// What an error answer says, from any of the shapes in which the cloud says it: {message, errors[].description,
// trackingId}, {error: {key, message[].description}}, {error, error_description} of RFC 6749, GraphQL's
// {errors[].message}, plain text. One line; anything that looks like a token, a URL's query, and the known secrets
// (what was sent, and a server may echo) are left out.
using KnownSecrets = std::vector<base::Secret>;
std::string describe_error_body(std::string_view body, const KnownSecrets& known = {});

// "answered 503: <what it says>", or what went wrong with the transfer.
std::string describe(const net::Outcome& outcome, const KnownSecrets& known = {});

}  // namespace wxcc::webex
