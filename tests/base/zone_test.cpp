// SPDX-License-Identifier: Apache-2.0
#include "base/zone.h"

#include <gtest/gtest.h>

namespace wxcc::base {
namespace {

Zone zone(std::string_view name) {
  return *Zone::find(name);
}
Instant at(std::string_view text) {
  return *parse_iso8601(text);
}

TEST(Zone, IsFoundByItsIanaName) {
  EXPECT_EQ(zone("Europe/Amsterdam").name(), "Europe/Amsterdam");
  EXPECT_EQ(zone("UTC").name(), "UTC");
  EXPECT_EQ(Zone::utc().name(), "UTC");
  const auto unknown = Zone::find("Mars/Olympus");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().find("Mars/Olympus"), std::string::npos);
}

TEST(Zone, ConvertsToLocalTime) {
  const LocalTime summer = zone("Europe/Amsterdam").at(at("2026-07-01T22:30:00.250Z"));
  EXPECT_EQ(format_date(summer.date), "2026-07-02");
  EXPECT_EQ(summer.time_of_day, std::chrono::minutes{30} + Millis{250});
  EXPECT_EQ(Zone::format_offset(summer.utc_offset), "+02:00");
  EXPECT_EQ(zone("America/St_Johns").format(at("2026-01-01T00:00:00Z")), "2025-12-31 20:30:00");
  EXPECT_EQ(Zone::format_offset(zone("America/St_Johns").at(at("2026-01-01T00:00:00Z")).utc_offset), "-03:30");
}

TEST(Zone, DaysHave23And25HoursAtClockChanges) {
  const Zone amsterdam = zone("Europe/Amsterdam");
  const auto length = [&](std::string_view day) {
    const std::chrono::sys_days date{*parse_date(day)};
    return amsterdam.start_of(date + std::chrono::days{1}) - amsterdam.start_of(date);
  };
  EXPECT_EQ(length("2026-03-28"), std::chrono::hours{24});
  EXPECT_EQ(length("2026-03-29"), std::chrono::hours{23});
  EXPECT_EQ(length("2026-10-25"), std::chrono::hours{25});
}

TEST(Zone, StartsDayAtFirstInstantWithoutMidnight) {
  // Beirut sets its clocks from 00:00 to 01:00.
  EXPECT_EQ(to_iso8601(zone("Asia/Beirut").start_of(*parse_date("2026-03-29"))), "2026-03-28T22:00:00.000Z");
}

}  // namespace
}  // namespace wxcc::base
