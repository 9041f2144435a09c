// SPDX-License-Identifier: Apache-2.0
#include "webex/circuit_breaker.h"

namespace wxcc::webex {

bool CircuitBreaker::may_retry(Route route, std::optional<base::Millis> next_delay, base::Millis waited) {
  if (is_open(route)) return false;
  if (!next_delay) {
    set_open(route, true);
    return false;
  }
  if (ever_reached_ || route == Route::Download || waited + *next_delay <= initial_contact_timeout_) return true;
  set_open(Route::Search, true);
  set_open(Route::Captures, true);
  return false;
}

}  // namespace wxcc::webex
