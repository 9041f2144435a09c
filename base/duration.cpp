// SPDX-License-Identifier: Apache-2.0
#include "base/duration.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace wxcc::base {
namespace {

struct Unit {
  char letter;
  std::chrono::seconds length;
};
constexpr std::array<Unit, 5> kUnits = {{{'w', std::chrono::weeks{1}},
                                         {'d', std::chrono::days{1}},
                                         {'h', std::chrono::hours{1}},
                                         {'m', std::chrono::minutes{1}},
                                         {'s', std::chrono::seconds{1}}}};
// Keeps sums far from overflow.
constexpr std::chrono::seconds kMaxDuration = std::chrono::years{100};

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  text = trim(text);
  std::chrono::seconds unit{1};
  if (!text.empty()) {
    for (const Unit& candidate : kUnits) {
      if (text.back() != candidate.letter) continue;
      unit = candidate.length;
      text.remove_suffix(1);
      break;
    }
  }
  const auto count = parse_unsigned(text);
  if (!count || *count > static_cast<std::uint64_t>(kMaxDuration / unit)) return std::nullopt;
  return unit * static_cast<std::int64_t>(*count);
}

std::string humanize(std::chrono::seconds duration) {
  std::string result;
  int units = 0;
  for (const Unit& unit : kUnits) {
    if (unit.letter == 'w') continue;
    const auto count = duration / unit.length;
    duration -= unit.length * count;
    if (count > 0) result += fmt::format("{}{}{}", result.empty() ? "" : " ", count, unit.letter);
    if (!result.empty() && ++units == 2) break;
  }
  return result.empty() ? "0s" : result;
}

}  // namespace wxcc::base
