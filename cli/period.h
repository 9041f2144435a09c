// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/time_range.h"
#include "base/zone.h"

namespace wxcc::cli {

// The options that name a period. --from and --to take a date, which is the whole day in the zone (--to includes it),
// or an ISO 8601 timestamp; --month a calendar month (2026-10); --last calendar days up to and including today (7d), or
// hours up to now (6h).
struct PeriodOptions {
  std::string from;
  std::string to;
  std::string last;
  std::string month;
};

// --from alone ends now. std::nullopt if no option is given. Throws base::UsageError naming the option and what was
// expected.
std::optional<base::TimeRange> parse_period(const PeriodOptions& options, const base::Zone& zone, base::Instant now);

// Of --timezone; throws base::UsageError.
base::Zone parse_zone(const std::string& name);

}  // namespace wxcc::cli
