// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::base {

// A point on the UTC time line with the resolution of the Webex API and of the archive: whole milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;

// Milliseconds since 1970-01-01T00:00:00Z, the form of the API's Long members and of the archive's columns.
constexpr Instant from_ms(std::int64_t ms) {
  return Instant{Millis{ms}};
}
constexpr std::int64_t to_ms(Instant instant) {
  return instant.time_since_epoch().count();
}

// ISO 8601 in UTC with milliseconds: 2026-01-01T00:06:52.118Z.
std::string to_iso8601(Instant instant);

// The same without the fraction, 2026-01-01T00:06:52Z, as the token file has it.
std::string to_iso8601_seconds(Instant instant);

// Reads ISO 8601 / RFC 3339 date-times: "T" or a blank between the parts, any number of fraction digits (cut after
// milliseconds), "Z", "+02:00", "+0200" or nothing, which means UTC. A plain date is midnight. std::nullopt for any
// other text.
std::optional<Instant> parse_iso8601(std::string_view text);

// RFC 9110 5.6.7 IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"), for Date and Retry-After.
std::optional<Instant> parse_http_date(std::string_view text);
std::string to_http_date(Instant instant);

}  // namespace wxcc::base
