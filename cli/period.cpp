// SPDX-License-Identifier: Apache-2.0
#include "cli/period.h"

#include <fmt/format.h>

#include "base/error.h"

namespace wxcc::cli {
namespace {

template <typename T>
T value_or_usage(const base::Expected<T, std::string>& parsed, std::string_view option) {
  if (!parsed) throw base::UsageError(fmt::format("{}: {}", option, parsed.error()));
  return *parsed;
}

}  // namespace

std::optional<base::TimeRange> period_of(const PeriodWords& words, const base::Zone& zone, base::Instant now) {
  const bool bounds = !words.from.empty() || !words.to.empty();
  const int ways =
      static_cast<int>(bounds) + static_cast<int>(!words.last.empty()) + static_cast<int>(!words.month.empty());
  if (ways == 0) return std::nullopt;
  if (ways > 1) throw base::UsageError("give one of --from/--to, --last and --month");
  if (!words.last.empty()) return value_or_usage(base::parse_last(words.last, zone, now), "--last");
  if (!words.month.empty()) return value_or_usage(base::parse_month(words.month, zone), "--month");
  if (words.from.empty()) throw base::UsageError("--to needs --from: where does the range begin?");
  const base::Instant from = value_or_usage(base::parse_from(words.from, zone), "--from");
  const base::Instant to = words.to.empty() ? now : value_or_usage(base::parse_to(words.to, zone), "--to");
  if (to <= from)
    throw base::UsageError(words.to.empty() ? fmt::format("--from {} is in the future", words.from)
                                            : fmt::format("--from {} is after --to {}", words.from, words.to));
  return base::TimeRange{from, to};
}

base::Zone zone_named(const std::string& name) {
  return value_or_usage(base::Zone::find(name), "--timezone");
}

}  // namespace wxcc::cli
