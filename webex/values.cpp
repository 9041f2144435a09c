// SPDX-License-Identifier: Apache-2.0
#include "webex/values.h"

#include <cmath>
#include <cstdint>

#include "base/text.h"

namespace wxcc::webex {

std::optional<bool> truth_in(base::JsonNode node) {
  const auto text = node.scalar_text();
  const std::string word = base::to_lower(base::trim(text.value_or("")));
  if (word == "true" || word == "1") return true;
  if (word == "false" || word == "0") return false;
  return std::nullopt;
}

std::optional<base::Instant> instant_in(base::JsonNode node) {
  const auto count = node.number();
  if (!count) {
    const auto text = node.text();
    return text ? base::parse_iso8601(*text) : std::nullopt;
  }
  constexpr double kSecondsBelow = 1e11;
  constexpr double kYear10000 = 253'402'300'800'000;
  const double ms = *count < kSecondsBelow ? *count * 1000 : *count;
  if (ms < 1 || ms >= kYear10000) return std::nullopt;
  return base::from_ms(std::llround(ms));
}

}  // namespace wxcc::webex
