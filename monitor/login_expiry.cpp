// SPDX-License-Identifier: Apache-2.0
#include "monitor/login_expiry.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/duration.h"
#include "base/zone.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;

constexpr std::array kWarningDays = {1, 3, 7, 14, 30};

}  // namespace

std::optional<int> login_warning_days(std::optional<base::Instant> refresh_expires_at, base::Instant now) {
  if (!refresh_expires_at || *refresh_expires_at <= now) return std::nullopt;
  for (const int days : kWarningDays)
    if (*refresh_expires_at - now <= ch::days{days}) return days;
  return std::nullopt;
}

std::optional<std::string> login_expiry_message(std::optional<base::Instant> refresh_expires_at, base::Instant now) {
  if (!login_warning_days(refresh_expires_at, now)) return std::nullopt;
  return fmt::format("the login expires in {}, on {} UTC, unless a refresh extends it; log in before then",
                     base::humanize(ch::ceil<ch::seconds>(*refresh_expires_at - now)),
                     base::Zone::utc().format(*refresh_expires_at));
}

std::optional<std::string> LoginExpiryNotifier::next(std::optional<base::Instant> refresh_expires_at,
                                                     base::Instant now) {
  const auto due = login_warning_days(refresh_expires_at, now);
  const bool is_new = due && (!last_warned_days_ || *due < *last_warned_days_);
  last_warned_days_ = due;
  return is_new ? login_expiry_message(refresh_expires_at, now) : std::nullopt;
}

}  // namespace wxcc::monitor
