// SPDX-License-Identifier: Apache-2.0
#include "cli/period.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace wxcc::cli {
namespace {

const base::Instant kNow = *base::parse_iso8601("2026-11-22T23:30:00Z");
const base::Zone kUtc = base::Zone::utc();
const base::Zone kAmsterdam = *base::Zone::find("Europe/Amsterdam");

// "FROM/TO"
std::string period(const PeriodOptions& options, const base::Zone& zone) {
  const auto range = parse_period(options, zone, kNow);
  return range ? base::to_iso8601_seconds(range->from) + "/" + base::to_iso8601_seconds(range->to) : "none";
}

TEST(Period, ConvertsOptionsInZone) {
  EXPECT_EQ(period({}, kUtc), "none");
  // A date as end includes that day; the clocks change in between.
  EXPECT_EQ(period({"2026-10-01", "2026-10-31", "", ""}, kAmsterdam), "2026-09-30T22:00:00Z/2026-10-31T23:00:00Z");
  EXPECT_EQ(period({"2026-10-01", "2026-10-31T10:00:00Z", "", ""}, kUtc), "2026-10-01T00:00:00Z/2026-10-31T10:00:00Z");
  EXPECT_EQ(period({"2026-11-01", "", "", ""}, kUtc), "2026-11-01T00:00:00Z/2026-11-22T23:30:00Z");
  EXPECT_EQ(period({"", "", "", "2026-10"}, kAmsterdam), "2026-09-30T22:00:00Z/2026-10-31T23:00:00Z");
  EXPECT_EQ(period({"", "", "", "2026-12"}, kUtc), "2026-12-01T00:00:00Z/2027-01-01T00:00:00Z");
  // Calendar days including today, which has begun in Amsterdam.
  EXPECT_EQ(period({"", "", "7d", ""}, kAmsterdam), "2026-11-16T23:00:00Z/2026-11-23T23:00:00Z");
  EXPECT_EQ(period({"", "", "6h", ""}, kUtc), "2026-11-22T17:30:00Z/2026-11-22T23:30:00Z");
}

TEST(Period, RejectsInvalidOptions) {
  const PeriodOptions rows[] = {
      {"2026-11-02", "2026-11-01", "", ""},
      {"", "2026-11-01", "", ""},
      {"2026-11-01", "", "7d", ""},
      {"", "", "7d", "2026-10"},
      {"11/01/2026", "", "", ""},
      {"31.10.2026", "", "", ""},
      {"2026-11-01", "2026-02-30", "", ""},
      {"2027-01-01", "", "", ""},
      {"", "", "lately", ""},
      {"", "", "0d", ""},
      {"", "", "", "October"},
      {"", "", "", "2026-13"},
      {"", "", "", "2026"},
  };
  for (const PeriodOptions& row : rows)
    EXPECT_THROW(parse_period(row, kUtc, kNow), base::UsageError) << row.from << row.to << row.last << row.month;
  EXPECT_THROW(parse_zone("Nowhere"), base::UsageError);
}

}  // namespace
}  // namespace wxcc::cli
