// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "net/transport.h"

namespace wxcc::net {

// What an outcome means for its request.
enum class OutcomeClass {
  Success,       // 2xx
  Unauthorized,  // 401: the token
  Throttled,     // 429
  Transient,     // worth another attempt: no response, 408, 5xx
  Permanent,     // the same request would fail again: other 4xx, 3xx, a response over the size limit
};
OutcomeClass classify(const Outcome& outcome);

// RFC 9110 10.2.3: seconds or an HTTP date; never negative, at most kMaxRetryAfter. std::nullopt when the header is
// missing or invalid.
std::optional<base::Millis> retry_after(const Response& response, base::Instant now);

}  // namespace wxcc::net
