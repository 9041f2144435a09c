// SPDX-License-Identifier: Apache-2.0
#include "report/excel_time.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wxcc::report {
namespace {

using namespace std::chrono_literals;

std::optional<double> serial_of(std::string_view utc, const char* zone = "UTC") {
  return excel_serial(base::Zone::find(zone).value().at(base::parse_iso8601(utc).value()));
}

TEST(ExcelSerial, CountsDaysSince1899) {
  EXPECT_EQ(serial_of("1900-03-01T00:00:00Z"), 61.0);
  EXPECT_EQ(serial_of("1970-01-01T00:00:00Z"), 25569.0);
  EXPECT_EQ(serial_of("2026-10-31T12:00:00Z"), 46326.5);
  EXPECT_EQ(serial_of("9999-12-31T00:00:00Z"), 2958465.0);
}

TEST(ExcelSerial, KeepsMilliseconds) {
  const auto serial = serial_of("2026-10-31T23:59:59.999Z");
  ASSERT_TRUE(serial);
  EXPECT_EQ(std::llround((*serial - 46326) * 86'400'000), 86'399'999);
}

TEST(ExcelSerial, RejectsDatesOutsideCellRange) {
  EXPECT_FALSE(serial_of("1900-02-28T23:59:59Z"));
  EXPECT_FALSE(serial_of("1815-06-18T12:00:00Z"));
  EXPECT_FALSE(excel_serial({10000y / 1 / 1, 0ms, 0s}));
}

TEST(ExcelSerial, IsLocalTimeAcrossClockChange) {
  // Amsterdam 2026-03-29: 01:59:59 is followed by 03:00:00; 2026-10-25: 02:00 to 03:00 happens twice.
  EXPECT_EQ(serial_of("2026-03-29T00:30:00Z", "Europe/Amsterdam"), serial_of("2026-03-29T01:30:00Z"));
  EXPECT_EQ(serial_of("2026-03-29T01:00:00Z", "Europe/Amsterdam"), serial_of("2026-03-29T03:00:00Z"));
  EXPECT_EQ(serial_of("2026-10-25T00:30:00Z", "Europe/Amsterdam"), serial_of("2026-10-25T02:30:00Z"));
  EXPECT_EQ(serial_of("2026-10-25T01:30:00Z", "Europe/Amsterdam"), serial_of("2026-10-25T02:30:00Z"));
  EXPECT_EQ(serial_of("2026-10-25T23:30:00Z", "Europe/Amsterdam"), serial_of("2026-10-26T00:30:00Z"));
}

TEST(ExcelDays, AreFractionsOfADay) {
  EXPECT_EQ(excel_days(24h), 1.0);
  EXPECT_EQ(excel_days(90min), 0.0625);
  EXPECT_EQ(excel_days(0ms), 0.0);
}

}  // namespace
}  // namespace wxcc::report
