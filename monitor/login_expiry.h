// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/instant.h"

namespace wxcc::monitor {

// Which warning a login is due whose refresh token ends then: the smallest of 30, 14, 7, 3 and 1 days that is not less
// than what is left; nothing while more than 30 days are left, after the end, or when the end is not known.
std::optional<int> login_warning(std::optional<base::Instant> refresh_expires_at, base::Instant now);

// "the login ends in 6d 3h, on 2026-11-28 15:00:00 UTC, unless a refresh extends it; <remedy>": nothing when no warning
// is due.
std::optional<std::string> login_end_message(std::optional<base::Instant> refresh_expires_at, base::Instant now);

// Says each warning once, and the one that is due at the start. A login that was extended starts anew.
class LoginWarnings {
 public:
  // The warning to log now, if any.
  std::optional<std::string> next(std::optional<base::Instant> refresh_expires_at, base::Instant now);

 private:
  std::optional<int> said_;
};

}  // namespace wxcc::monitor
