// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/zone.h"

namespace wxcc::cli {

// The ways in which a command line names a span of time.
struct PeriodWords {
  std::string from;
  std::string to;
  std::string last;
  std::string month;
};

// Days are days of the zone; a date as --to includes that day; --from alone reaches to now. Nothing when no word was
// given. Throws base::UsageError naming the option and what was expected.
std::optional<base::TimeRange> period_of(const PeriodWords& words, const base::Zone& zone, base::Instant now);

// Throws base::UsageError.
base::Zone zone_named(const std::string& name);

}  // namespace wxcc::cli
