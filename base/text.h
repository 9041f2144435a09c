// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wxcc::base {

// ASCII, whatever the locale is.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alphanumeric(char c) {
  return is_letter(c) || is_digit(c);
}

// Without blanks, tabs and line ends at both ends. Refers into the argument.
std::string_view trim(std::string_view text);

// ASCII letters only; everything else stays as it is.
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

std::vector<std::string_view> split(std::string_view text, char separator);

// Decimal digits only (parse_unsigned), or with one leading "-" (parse_integer); std::nullopt on overflow.
std::optional<std::uint64_t> parse_unsigned(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);

// True for well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// Every ill-formed sequence becomes one U+FFFD, as Unicode chapter 3.9 recommends (maximal subparts).
std::string repair_utf8(std::string_view text);

// In UTF-16 code units, the unit in which Excel counts.
std::size_t utf16_length(std::string_view text);

// The text cut to at most this many bytes at a character's border, with an ellipsis where it was cut, on one line and
// without control characters: for log lines and error messages about foreign data.
std::string excerpt(std::string_view text, std::size_t bytes = 200);

// "1 task", "2 tasks", "2 entries": a regular noun with its plural.
std::string count_of(std::int64_t count, std::string_view noun);

}  // namespace wxcc::base
