// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace wxcc::cli {

// "wxcc-archive 0.1.0": for --version, the archive, extracts and the user agent.
inline constexpr std::string_view kVersion = WXCC_VERSION;
inline constexpr std::string_view kProgram = "wxcc-archive " WXCC_VERSION;

}  // namespace wxcc::cli
