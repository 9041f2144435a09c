// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wxcc::base {

// The known names similar to `wanted`, best first: those that contain it or are contained in it, and those that differ
// in few letters. Case does not count (ASCII). Pure.
std::vector<std::string> suggest_names(std::string_view wanted, const std::vector<std::string>& known,
                                       std::size_t limit = 5);

}  // namespace wxcc::base
