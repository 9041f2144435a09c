// SPDX-License-Identifier: Apache-2.0
#include "store/full_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "store/store_error.h"

namespace wxcc::store {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(kSpace, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// What unicode61 makes words of; beyond ASCII that is for it to decide.
bool begins_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || static_cast<signed char>(c) < 0;
}

bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), begins_word);
}

bool is_syntax(std::string_view text, const std::vector<std::string_view>& words) {
  if (text.find_first_of("\"()") != std::string_view::npos) return true;
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return word == "AND" || word == "OR" || word == "NOT" || word == "NEAR";
  });
}

}  // namespace

std::string full_text_query(std::string_view typed) {
  if (!has_word(typed))
    throw StoreError(StoreError::Kind::BadQuery,
                     "there is no word in the full text query; marks like . ? * alone cannot be found");
  // SQLite ends a text at a NUL character.
  std::string text(typed);
  std::replace(text.begin(), text.end(), '\0', ' ');
  const std::vector<std::string_view> words = words_of(text);
  if (is_syntax(text, words)) return text;
  std::string query;
  for (const std::string_view word : words) {
    if (!has_word(word)) continue;
    const bool is_prefix = word.back() == '*';
    query += fmt::format("{}\"{}\"{}", query.empty() ? "" : " ", is_prefix ? word.substr(0, word.size() - 1) : word,
                         is_prefix ? "*" : "");
  }
  return query;
}

std::string full_text_hint(std::string_view reason) {
  return fmt::format(
      "the full text query cannot be understood: {}; plain words find messages that have all of them; also: "
      "\"a phrase\", begin*, this OR that, this NOT that, NEAR(one two, 5); put a phrase with marks into quotation "
      "marks",
      reason);
}

}  // namespace wxcc::store
