// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::base {

// "90s", "15m", "6h", "3d", "2w", or a plain number of seconds; never negative. std::nullopt for any other text.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// In the two largest units: "3d 4h", "15m", "1h 5m", "42s", "0s".
std::string humanize(std::chrono::seconds duration);

}  // namespace wxcc::base
