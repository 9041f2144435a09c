// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/graphql_lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "base/text.h"

namespace wxcc::simulator::graphql {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) {
  return starts_name(c) || is_digit(c);
}

void append_utf8(std::string& out, unsigned code) {
  const auto byte = [&](unsigned value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80U) {
    byte(code);
  } else if (code < 0x800U) {
    byte(0xC0U | (code >> 6U));
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000U) {
    byte(0xE0U | (code >> 12U));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | (code >> 18U));
    byte(0x80U | ((code >> 12U) & 0x3FU));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

// BlockStringValue() of the specification: the common indent and blank lines at both ends are not content.
std::string block_string_value(const std::string& raw) {
  std::string unified;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') continue;
    unified += raw[i] == '\r' ? '\n' : raw[i];
  }
  std::vector<std::string_view> lines = base::split(unified, '\n');
  std::size_t common = std::numeric_limits<std::size_t>::max();
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (indent_of(lines[i]) < lines[i].size()) common = std::min(common, indent_of(lines[i]));
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].remove_prefix(std::min(common, lines[i].size()));
  const auto is_blank = [](std::string_view line) { return indent_of(line) == line.size(); };
  while (!lines.empty() && is_blank(lines.front())) lines.erase(lines.begin());
  while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

Lexer::Lexer(std::string_view text) : text_(text) {}

char Lexer::peek(std::size_t ahead) const {
  return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
}

char Lexer::take() {
  const char c = text_[position_++];
  if (c == '\n' || (c == '\r' && peek() != '\n')) {
    ++here_.line;
    here_.column = 1;
  } else {
    ++here_.column;
  }
  return c;
}

Lexer::Result Lexer::fail(std::string message) const {
  return base::make_unexpected(SyntaxError{std::move(message), start_});
}

void Lexer::skip_ignored() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  while (!at_end()) {
    if (text_.substr(position_).starts_with(kByteOrderMark)) {
      position_ += kByteOrderMark.size();
    } else if (peek() == '#') {
      while (!at_end() && peek() != '\n' && peek() != '\r') take();
    } else if (std::string_view(" \t\r\n,").find(peek()) != std::string_view::npos) {
      take();
    } else {
      return;
    }
  }
}

Lexer::Result Lexer::next() {
  skip_ignored();
  start_ = here_;
  if (at_end()) return Token{Token::Kind::End, "", start_};
  const char c = peek();
  if (starts_name(c)) return name();
  if (is_digit(c) || c == '-') return number();
  if (c == '"') return text_.substr(position_).starts_with("\"\"\"") ? block_string() : string();
  return punctuator();
}

Lexer::Result Lexer::punctuator() {
  if (text_.substr(position_).starts_with("...")) {
    for (int i = 0; i < 3; ++i) take();
    return Token{Token::Kind::Punctuator, "...", start_};
  }
  if (std::string_view("!$&()=:@[]{}|").find(peek()) == std::string_view::npos)
    return fail(fmt::format("offending token '{}'", base::excerpt(text_.substr(position_, 1))));
  return Token{Token::Kind::Punctuator, std::string(1, take()), start_};
}

Lexer::Result Lexer::name() {
  std::string content;
  while (continues_name(peek())) content += take();
  return Token{Token::Kind::Name, std::move(content), start_};
}

Lexer::Result Lexer::number() {
  std::string content;
  Token::Kind kind = Token::Kind::Int;
  const auto digits = [&] {
    const std::size_t before = content.size();
    while (is_digit(peek())) content += take();
    return content.size() > before;
  };
  if (peek() == '-') content += take();
  const bool leading_zero = peek() == '0' && is_digit(peek(1));
  if (leading_zero || !digits()) return fail("a number is malformed");
  if (peek() == '.') {
    kind = Token::Kind::Float;
    content += take();
    if (!digits()) return fail("a number has no digits after its point");
  }
  if (peek() == 'e' || peek() == 'E') {
    kind = Token::Kind::Float;
    content += take();
    if (peek() == '+' || peek() == '-') content += take();
    if (!digits()) return fail("a number has no digits in its exponent");
  }
  if (starts_name(peek()) || peek() == '.') return fail("a number runs into a name");
  return Token{kind, std::move(content), start_};
}

bool Lexer::escape(std::string& content) {
  const auto unit = [&]() -> std::optional<unsigned> {
    unsigned value = 0;
    for (int i = 0; i < 4; ++i) {
      const auto digit = hex_digit(peek());
      if (!digit) return std::nullopt;
      value = value * 16U + *digit;
      take();
    }
    return value;
  };
  if (at_end()) return false;
  const char c = take();
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (const auto index = kNames.find(c); index != std::string_view::npos) {
    content += kMeanings[index];
    return true;
  }
  if (c != 'u') return false;
  const auto first = unit();
  if (!first) return false;
  if (*first < 0xD800U || *first > 0xDFFFU) {
    append_utf8(content, *first);
    return true;
  }
  if (*first > 0xDBFFU || peek() != '\\' || peek(1) != 'u') return false;
  take();
  take();
  const auto second = unit();
  if (!second || *second < 0xDC00U || *second > 0xDFFFU) return false;
  append_utf8(content, 0x10000U + ((*first - 0xD800U) << 10U) + (*second - 0xDC00U));
  return true;
}

Lexer::Result Lexer::string() {
  take();
  std::string content;
  for (;;) {
    if (at_end() || peek() == '\n' || peek() == '\r') return fail("a string is not closed on its line");
    const char c = take();
    if (c == '"') return Token{Token::Kind::String, std::move(content), start_};
    if (c != '\\')
      content += c;
    else if (!escape(content))
      return fail("a string holds an escape that does not exist");
  }
}

Lexer::Result Lexer::block_string() {
  for (int i = 0; i < 3; ++i) take();
  std::string raw;
  for (;;) {
    if (at_end()) return fail("a block string is not closed");
    if (text_.substr(position_).starts_with("\\\"\"\"")) {
      for (int i = 0; i < 4; ++i) take();
      raw += "\"\"\"";
    } else if (text_.substr(position_).starts_with("\"\"\"")) {
      for (int i = 0; i < 3; ++i) take();
      return Token{Token::Kind::String, block_string_value(raw), start_};
    } else {
      raw += take();
    }
  }
}

}  // namespace wxcc::simulator::graphql
