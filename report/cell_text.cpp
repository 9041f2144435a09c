// SPDX-License-Identifier: Apache-2.0
#include "report/cell_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace wxcc::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEscapedUnderscore = "_x005F_";

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

// Whether the text begins with "_xHHHH_".
bool begins_escape(std::string_view text) {
  return text.size() >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_' &&
         std::all_of(text.begin() + 2, text.begin() + 6, is_hex);
}

bool is_plain(char c) {
  return (c >= ' ' && c <= '~') || c == '\t' || c == '\n';
}

// Printable ASCII without escapes, as most texts are.
bool is_simple(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_plain) && text.find("_x") == std::string_view::npos;
}

// The bytes of the character that begins here, in well-formed UTF-8.
std::size_t character_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Appends the cleaned text with escapes, as far as it fits into that many UTF-16 units. An escape is never divided.
void append_escaped(std::string_view text, std::string& cell, std::size_t units) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text[at]);
    const bool escape = begins_escape(text.substr(at));
    const std::size_t needed = escape ? kEscapedUnderscore.size() : (length == 4 ? 2 : 1);
    if (needed > units) return;
    units -= needed;
    cell += escape ? kEscapedUnderscore : text.substr(at, length);
    at += length;
  }
}

}  // namespace

std::string sanitize_text(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  const std::string repaired = base::repair_utf8(text);
  std::string result;
  result.reserve(repaired.size());
  for (std::size_t at = 0; at < repaired.size();) {
    const std::string_view character = std::string_view(repaired).substr(at, character_length(repaired[at]));
    at += character.size();
    if (character == "\r") {
      if (at >= repaired.size() || repaired[at] != '\n') result += '\n';
    } else if (character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") {
      result += kReplacement;
    } else if (character.size() == 1) {
      if (is_plain(character[0])) result += character;
    } else if (character < "\xC2\x80" || character > "\xC2\x9F") {  // not one of the C1 controls
      result += character;
    }
  }
  return result;
}

std::optional<std::size_t> to_cell_text(std::string_view text, std::string& cell, std::size_t limit) {
  if (text.size() <= limit && is_simple(text)) {
    cell.assign(text);
    return std::nullopt;
  }
  const std::string clean = sanitize_text(text);
  cell.clear();
  append_escaped(clean, cell, std::string::npos);
  // The limit counts the characters as they are shown, but libxlsxwriter counts them as they are written.
  if (base::utf16_length(cell) <= limit) return std::nullopt;
  const std::size_t characters = count_characters(clean);
  const std::string marker = fmt::format("… [truncated, {} characters in total]", characters);
  const std::size_t marker_units = base::utf16_length(marker);
  cell.clear();
  append_escaped(clean, cell, limit > marker_units ? limit - marker_units : 0);
  cell += marker;
  return characters;
}

std::size_t lines_needed(std::string_view text, std::size_t width) {
  std::size_t lines = 1;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text[at]);
    // Most characters of three bytes or more are as wide as two digits.
    const std::size_t needed = length >= 3 ? 2 : 1;
    if (text[at] == '\n') {
      ++lines;
      used = 0;
    } else if (used + needed > width) {
      ++lines;
      used = needed;
    } else {
      used += needed;
    }
    at += length;
  }
  return lines;
}

std::string csv_field(std::string_view text, CsvOptions::Style style) {
  std::string field = sanitize_text(text);
  const bool neutralise = style == CsvOptions::Style::Spreadsheet;
  if (neutralise && !field.empty() && std::string_view("=+-@\t\n").find(field[0]) != std::string_view::npos)
    field.insert(0, 1, '\'');
  if (field.find_first_of("\",\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace wxcc::report
