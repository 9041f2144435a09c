// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/instant.h"

namespace wxcc::monitor {

// Which warning is due for a login whose refresh token expires then: the smallest of 30, 14, 7, 3 and 1 days that is
// not less than the time left; std::nullopt while more than 30 days are left, after the expiry, or when it is not
// known.
[[nodiscard]] std::optional<int> login_warning_days(std::optional<base::Instant> refresh_expires_at, base::Instant now);

// "the login expires in 6d 3h, on 2026-11-28 15:00:00 UTC, unless a refresh extends it; log in before then":
// std::nullopt when no warning is due.
[[nodiscard]] std::optional<std::string> login_expiry_message(std::optional<base::Instant> refresh_expires_at,
                                                              base::Instant now);

// Gives each warning once, and the one that is due at the start. A login that was extended starts again.
class LoginExpiryNotifier {
 public:
  // The warning to log now, if any.
  std::optional<std::string> next(std::optional<base::Instant> refresh_expires_at, base::Instant now);

 private:
  std::optional<int> last_warned_days_;
};

}  // namespace wxcc::monitor
