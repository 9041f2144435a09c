// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "net/transport.h"

namespace wxcc::net {

// What an outcome means for the one who asked.
enum class Verdict {
  Success,       // 2xx
  Unauthorized,  // 401: the token
  Throttled,     // 429
  Transient,     // worth another try: no answer, 408, 500, 502, 503, 504 and other 5xx
  Permanent,     // the same request will get the same answer: other 4xx, 3xx, a response over the size limit
};
Verdict verdict_of(const Outcome& outcome);

// RFC 9110 10.2.3: seconds or an HTTP date; never negative, at most an hour. Nothing when the header is missing or
// makes no sense.
std::optional<base::Millis> retry_after(const Response& response, base::Instant now);

// How long to pause before try number `tries + 1`, after `tries` failures in a row (at least 1). `dice` is in [0, 1):
// full jitter between half and the whole of the exponential step, so that many waiters do not come back together.
struct RetryPolicy {
  base::Millis first{1'000};
  base::Millis longest{60'000};
  int max_tries = 5;

  [[nodiscard]] base::Millis pause(int tries, double dice) const;
  // The same, or what the server asked for (Retry-After) when that is longer. Nothing: give up.
  [[nodiscard]] std::optional<base::Millis> next_pause(int tries, double dice,
                                                       std::optional<base::Millis> asked_for) const;
};

}  // namespace wxcc::net
