// SPDX-License-Identifier: Apache-2.0
#include "cli/period.h"

#include <fmt/format.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/text.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using base::Instant;
using base::TimeRange;
using base::Zone;

[[noreturn]] void fail(std::string_view option, std::string_view found, std::string_view expected) {
  throw base::UsageError(fmt::format("{}: expected {}, found \"{}\"", option, expected, base::excerpt(found, 60)));
}

// `days` are added to a date, not to an instant.
Instant parse_bound(std::string_view option, const std::string& text, const Zone& zone, ch::days days) {
  if (const auto date = base::parse_date(text)) return zone.start_of(ch::year_month_day{ch::sys_days{*date} + days});
  if (const auto instant = base::parse_iso8601(text)) return *instant;
  fail(option, text, "a date (2026-10-31) or a timestamp (2026-10-31T14:00:00Z)");
}

TimeRange parse_month(const std::string& text, const Zone& zone) {
  const auto first = text.size() == 7 ? base::parse_date(text + "-01") : std::nullopt;
  if (!first) fail("--month", text, "a month such as 2026-10");
  return {zone.start_of(*first), zone.start_of(ch::year_month_day{*first + ch::months{1}})};
}

TimeRange parse_relative_range(const std::string& text, const Zone& zone, Instant now) {
  const auto duration = base::parse_duration(text);
  if (!duration || *duration == ch::seconds{0}) fail("--last", text, "a duration such as 7d, 2w or 12h");
  if (*duration % ch::days{1} != ch::seconds{0}) return {now - *duration, now};
  const ch::sys_days tomorrow = ch::sys_days{zone.at(now).date} + ch::days{1};
  const auto days = ch::duration_cast<ch::days>(*duration);
  return {zone.start_of(ch::year_month_day{tomorrow - days}), zone.start_of(ch::year_month_day{tomorrow})};
}

}  // namespace

std::optional<TimeRange> parse_period(const PeriodOptions& options, const Zone& zone, Instant now) {
  const bool bounds = !options.from.empty() || !options.to.empty();
  const int ways =
      static_cast<int>(bounds) + static_cast<int>(!options.last.empty()) + static_cast<int>(!options.month.empty());
  if (ways == 0) return std::nullopt;
  if (ways > 1) throw base::UsageError("--from/--to, --last and --month exclude each other");
  if (!options.last.empty()) return parse_relative_range(options.last, zone, now);
  if (!options.month.empty()) return parse_month(options.month, zone);
  if (options.from.empty()) throw base::UsageError("--to requires --from");
  const Instant from = parse_bound("--from", options.from, zone, ch::days{0});
  const Instant to = options.to.empty() ? now : parse_bound("--to", options.to, zone, ch::days{1});
  if (to <= from)
    throw base::UsageError(options.to.empty() ? fmt::format("--from {} is in the future", options.from)
                                              : fmt::format("--from {} is after --to {}", options.from, options.to));
  return TimeRange{from, to};
}

Zone parse_zone(const std::string& name) {
  const auto zone = Zone::find(name);
  if (!zone) throw base::UsageError(fmt::format("--timezone: {}", zone.error()));
  return *zone;
}

}  // namespace wxcc::cli
