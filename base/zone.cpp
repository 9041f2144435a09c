// SPDX-License-Identifier: Apache-2.0
#include "base/zone.h"

#include <date/tz.h>
#include <fmt/format.h>

#include "base/text.h"

namespace wxcc::base {

namespace ch = std::chrono;

Expected<Zone, std::string> Zone::find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return make_unexpected(
        fmt::format("unknown time zone \"{}\"; use an IANA name like Europe/Amsterdam or UTC", excerpt(name, 60)));
  }
}

Zone Zone::utc() {
  static const date::time_zone* const zone = date::locate_zone("Etc/UTC");
  return Zone(zone);
}

Zone Zone::local() {
  try {
    return Zone(date::current_zone());
  } catch (const std::exception&) {
    return utc();
  }
}

const std::string& Zone::name() const {
  static const std::string kUtc = "UTC";
  return zone_->name() == "Etc/UTC" ? kUtc : zone_->name();
}

LocalTime Zone::at(Instant instant) const {
  const auto info = zone_->get_info(instant);
  const auto local = instant + info.offset;
  const auto day = ch::floor<ch::days>(local);
  return {ch::year_month_day{day}, local - day, info.offset};
}

Instant Zone::start_of(ch::year_month_day date) const {
  const date::local_seconds midnight{ch::sys_days{date}.time_since_epoch()};
  const auto info = zone_->get_info(midnight);
  // In a gap, first.end is the instant of the clock change; otherwise the earlier of two midnights.
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return ch::sys_seconds{midnight.time_since_epoch() - info.first.offset};
}

std::string Zone::format(Instant instant) const {
  const LocalTime local = at(instant);
  const ch::hh_mm_ss<Millis> time{local.time_of_day};
  return fmt::format("{} {:02}:{:02}:{:02}", format_date(local.date), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::string Zone::format_offset(ch::seconds utc_offset) {
  const auto minutes = ch::duration_cast<ch::minutes>(ch::abs(utc_offset));
  return fmt::format("{}{:02}:{:02}", utc_offset < ch::seconds{0} ? '-' : '+', minutes.count() / 60,
                     minutes.count() % 60);
}

std::optional<ch::year_month_day> parse_date(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto midnight = parse_iso8601(text);
  if (!midnight) return std::nullopt;
  return ch::year_month_day{ch::floor<ch::days>(*midnight)};
}

std::string format_date(ch::year_month_day date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace wxcc::base
