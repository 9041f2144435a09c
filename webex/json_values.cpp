// SPDX-License-Identifier: Apache-2.0
#include "webex/json_values.h"

#include <cmath>
#include <cstdint>

#include "base/text.h"

namespace wxcc::webex {

std::string parse_text(base::JsonNode node) {
  return std::string(base::trim(node.scalar_text().value_or("")));
}

std::optional<bool> parse_bool(base::JsonNode node) {
  const std::string word = base::to_lower(parse_text(node));
  if (word == "true" || word == "1") return true;
  if (word == "false" || word == "0") return false;
  return std::nullopt;
}

std::optional<base::Instant> parse_timestamp(base::JsonNode node) {
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
