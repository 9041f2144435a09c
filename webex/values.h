// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "base/json.h"

namespace wxcc::webex {

// Lenient readings of members whose type the cloud's documents leave open, or that its answers spell otherwise.

// true, false, 1 and 0, also as text in any case. Nothing for anything else.
std::optional<bool> truth_in(base::JsonNode node);

// ISO 8601, or a count since 1970 as a number or as digits: seconds, also with a fraction, up to the year 5138,
// milliseconds above. Nothing for zero, for negative counts and for anything else.
std::optional<base::Instant> instant_in(base::JsonNode node);

}  // namespace wxcc::webex
