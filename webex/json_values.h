// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "base/json.h"

namespace wxcc::webex {

// Lenient parsing of members whose type the API's documents leave open, or that responses spell otherwise.

// A text, number or boolean as text, without blanks around it; empty for anything else.
std::string parse_text(base::JsonNode node);

// true, false, 1 and 0, also as text in any case. std::nullopt for anything else.
std::optional<bool> parse_bool(base::JsonNode node);

// ISO 8601, or a count since 1970 as a number or as digits: seconds, also with a fraction, up to the year 5138,
// milliseconds above. std::nullopt for zero, for negative counts and for anything else.
std::optional<base::Instant> parse_timestamp(base::JsonNode node);

}  // namespace wxcc::webex
