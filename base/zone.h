// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/instant.h"

namespace date {
class time_zone;
}

namespace wxcc::base {

// A wall clock reading in some zone, and how far that clock is ahead of UTC at that instant.
struct LocalTime {
  std::chrono::year_month_day date;
  Millis time_of_day{};
  std::chrono::seconds utc_offset{};
};

// A time zone of the system's IANA database. A small value; refers to the process-wide database.
class Zone {
 public:
  // "Europe/Amsterdam", "UTC". The error is a message that names the zone.
  static Expected<Zone, std::string> find(std::string_view name);
  static Zone utc();
  // The system's local zone; UTC if it cannot be determined.
  static Zone local();

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] LocalTime at(Instant instant) const;

  // The instant at which that calendar day begins in this zone; where a clock change skips midnight, the first instant
  // of the day.
  [[nodiscard]] Instant start_of(std::chrono::year_month_day date) const;

  // "2026-01-01 01:06:52" on this zone's wall clock.
  [[nodiscard]] std::string format(Instant instant) const;
  // "+01:00".
  static std::string format_offset(std::chrono::seconds utc_offset);

  friend bool operator==(const Zone&, const Zone&) = default;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;
};

// "2026-10-31"; std::nullopt for any other text and for days that do not exist.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
std::string format_date(std::chrono::year_month_day date);

}  // namespace wxcc::base
