// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::base {

// The text of JSON, apart from its values (base/json.h).

// The line, from 1, on which this byte stands.
int line_of_offset(std::string_view text, std::size_t offset);

// The line on which a member of nested objects stands ("api_urls.base"), in a text that parses; for messages.
std::optional<int> line_of_json_member(std::string_view text, std::string_view path);

// The text with ill-formed UTF-8 and unpaired surrogate escapes replaced by U+FFFD.
std::string repair_json(std::string_view text);

}  // namespace wxcc::base
