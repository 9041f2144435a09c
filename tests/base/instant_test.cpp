// SPDX-License-Identifier: Apache-2.0
#include "base/instant.h"

#include <gtest/gtest.h>

#include <string>

#include "base/duration.h"

namespace wxcc::base {
namespace {

TEST(Instant, FormatsIso8601InUtcWithMilliseconds) {
  EXPECT_EQ(to_iso8601(from_ms(1767226012118)), "2026-01-01T00:06:52.118Z");
  EXPECT_EQ(to_iso8601(from_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601_seconds(from_ms(1767226012118)), "2026-01-01T00:06:52Z");
}

TEST(Instant, ParsesSpellingsOfIso8601) {
  struct Row {
    const char* text;
    std::int64_t ms;
  };
  const Row rows[] = {
      {"2026-01-01T00:06:52.118Z", 1767226012118},
      {"2026-01-01T00:06:52Z", 1767226012000},
      {"2026-01-01 00:06:52", 1767226012000},
      {"2026-01-01T02:06:52.118+02:00", 1767226012118},
      {"2025-12-31T18:36:52-0530", 1767226012000},
      {"2026-01-01T00:06:52.1189999Z", 1767226012118},
      {"2026-01-01T00:06Z", 1767225960000},
      {"2026-01-01", 1767225600000},
      {"2026-01-01T00:06:52,5+01", 1767222412500},
      {" 2026-01-01T00:06:52Z\n", 1767226012000},
      {"2024-02-29", 1709164800000},
      {"1969-12-31T23:59:59.999Z", -1},
  };
  for (const Row& row : rows) {
    const auto parsed = parse_iso8601(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(to_ms(*parsed), row.ms) << row.text;
  }
}

TEST(Instant, RejectsInvalidTimestamps) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "2023-02-29", "2026-01-01T25:00:00Z",
                           "2026-01-01T00:60:00Z", "2026-01-01T00:00:00Q", "2026-01-01T00:00:00+99:00", "01-01-2026",
                           "2026-01-01T00:00:00.Z", "now", "2026-01-01T", "20260101", "1767226012118"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
}

TEST(Instant, ParsesAndFormatsHttpDates) {
  const auto parsed = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_iso8601(*parsed), "1994-11-06T08:49:37.000Z");
  EXPECT_EQ(to_http_date(*parsed), "Sun, 06 Nov 1994 08:49:37 GMT");
  for (const char* text : {"", "4", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

TEST(Duration, ParsesUnitsAndPlainSeconds) {
  EXPECT_EQ(parse_duration("90s"), std::chrono::seconds{90});
  EXPECT_EQ(parse_duration("15m"), std::chrono::minutes{15});
  EXPECT_EQ(parse_duration("6h"), std::chrono::hours{6});
  EXPECT_EQ(parse_duration("3d"), std::chrono::days{3});
  EXPECT_EQ(parse_duration("2w"), std::chrono::days{14});
  EXPECT_EQ(parse_duration("3600"), std::chrono::hours{1});
  EXPECT_EQ(parse_duration("0"), std::chrono::seconds{0});
}

TEST(Duration, RejectsOtherTexts) {
  for (const char* text : {"", "s", "-5s", "1.5h", "5 m", "5x", "h5", "99999999999999999999s", "999999999999w", "5ms"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, HumanizesInTwoLargestUnits) {
  EXPECT_EQ(humanize(std::chrono::seconds{0}), "0s");
  EXPECT_EQ(humanize(std::chrono::seconds{42}), "42s");
  EXPECT_EQ(humanize(std::chrono::seconds{3900}), "1h 5m");
  EXPECT_EQ(humanize(std::chrono::seconds{3600}), "1h");
  EXPECT_EQ(humanize(std::chrono::days{3} + std::chrono::hours{4} + std::chrono::minutes{5}), "3d 4h");
  EXPECT_EQ(humanize(std::chrono::days{1} + std::chrono::seconds{5}), "1d");
}

}  // namespace
}  // namespace wxcc::base
