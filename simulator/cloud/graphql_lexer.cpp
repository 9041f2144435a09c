// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql_lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace wxcc::simulator::graphql {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLineEnds = "\r\n";
constexpr std::string_view kNameCharacters = "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kNumberCharacters = "-._ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

Lexer::Lexer(std::string_view text) : text_(text) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

QueryError Lexer::syntax_error(std::string_view message, std::size_t position) const {
  int line = 1;
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < position; ++i) {
    if (text_[i] != '\n' && (text_[i] != '\r' || text_.substr(i + 1).starts_with('\n'))) continue;
    ++line;
    line_begin = i + 1;
  }
  return QueryError(fmt::format("Invalid Syntax : {} at line {} column {}", message, line, position - line_begin + 1));
}

std::string Lexer::take_while(std::string_view characters) {
  const std::size_t begin = position_;
  position_ = std::min(text_.find_first_not_of(characters, begin), text_.size());
  return std::string(text_.substr(begin, position_ - begin));
}

void Lexer::skip_ignored() {
  for (;;) {
    take_while(" \t\r\n,");
    if (!text_.substr(position_).starts_with('#')) return;
    position_ = std::min(text_.find_first_of(kLineEnds, position_), text_.size());
  }
}

Token Lexer::next() {
  skip_ignored();
  const std::size_t begin = position_;
  if (begin == text_.size()) return {Token::Kind::End, "", begin};
  const char first = text_[begin];
  if (base::is_digit(first) || first == '-') return {Token::Kind::Int, number(), begin};
  if (first == '"') return {Token::Kind::String, string(), begin};
  if (kNameCharacters.find(first) != std::string_view::npos)
    return {Token::Kind::Name, take_while(kNameCharacters), begin};
  if (std::string_view("!$():=[]{}").find(first) == std::string_view::npos)
    throw syntax_error(fmt::format("offending token '{}'", base::excerpt(text_.substr(begin, 1))), begin);
  return {Token::Kind::Punctuator, std::string(1, text_[position_++]), begin};
}

std::string Lexer::number() {
  const std::size_t begin = position_;
  std::string number = take_while(kNumberCharacters);
  const std::string_view digits = std::string_view(number).substr(number.front() == '-' ? 1 : 0);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), base::is_digit) ||
      (digits.size() > 1 && digits.front() == '0'))
    throw syntax_error("a number is malformed", begin);
  return number;
}

std::string Lexer::string() {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::size_t begin = position_++;
  std::string content;
  for (;;) {
    const char c = position_ < text_.size() ? text_[position_++] : '\n';
    if (kLineEnds.find(c) != std::string_view::npos) throw syntax_error("a string is not closed on its line", begin);
    if (c == '"') return content;
    if (c != '\\') {
      content += c;
      continue;
    }
    const auto index = kEscapes.find(position_ < text_.size() ? text_[position_++] : '\0');
    if (index == std::string_view::npos) throw syntax_error("a string has an unknown escape", begin);
    content += kMeanings[index];
  }
}

}  // namespace wxcc::simulator::graphql
