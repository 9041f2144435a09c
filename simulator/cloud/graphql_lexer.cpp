// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql_lexer.h"

#include <fmt/format.h>

#include "base/text.h"

namespace wxcc::simulator::graphql {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

char Lexer::take() {
  const char c = text_[position_++];
  if (c == '\n' || (c == '\r' && peek() != '\n'))
    here_ = {here_.line + 1, 1};
  else
    ++here_.column;
  return c;
}

void Lexer::fail(std::string message) const {
  throw SyntaxError{std::move(message), start_};
}

void Lexer::skip_ignored() {
  if (position_ == 0 && text_.starts_with(kByteOrderMark)) position_ = kByteOrderMark.size();
  while (!at_end()) {
    if (peek() == '#')
      while (!at_end() && peek() != '\n' && peek() != '\r') take();
    else if (std::string_view(" \t\r\n,").find(peek()) != std::string_view::npos)
      take();
    else
      return;
  }
}

Token Lexer::next() {
  skip_ignored();
  start_ = here_;
  if (at_end()) return {Token::Kind::End, "", start_};
  if (is_digit(peek()) || peek() == '-') return number();
  if (peek() == '"') return string();
  if (starts_name(peek())) {
    std::string name;
    while (starts_name(peek()) || is_digit(peek())) name += take();
    return {Token::Kind::Name, std::move(name), start_};
  }
  if (std::string_view("!$():=[]{}").find(peek()) == std::string_view::npos)
    fail(fmt::format("offending token '{}'", base::excerpt(text_.substr(position_, 1))));
  return {Token::Kind::Punctuator, std::string(1, take()), start_};
}

Token Lexer::number() {
  std::string digits(1, take());
  while (is_digit(peek())) digits += take();
  const std::string_view unsigned_digits = std::string_view(digits).substr(digits.front() == '-' ? 1 : 0);
  if (unsigned_digits.empty() || (unsigned_digits.size() > 1 && unsigned_digits.front() == '0') ||
      starts_name(peek()) || peek() == '.')
    fail("a number is malformed");
  return {Token::Kind::Int, std::move(digits), start_};
}

Token Lexer::string() {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  take();
  std::string content;
  for (;;) {
    if (at_end() || peek() == '\n' || peek() == '\r') fail("a string is not closed on its line");
    const char c = take();
    if (c == '"') return {Token::Kind::String, std::move(content), start_};
    if (c != '\\') {
      content += c;
      continue;
    }
    const auto index = kEscapes.find(peek());
    if (at_end() || index == std::string_view::npos) fail("a string has an unknown escape");
    take();
    content += kMeanings[index];
  }
}

}  // namespace wxcc::simulator::graphql
