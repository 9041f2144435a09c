// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wxcc::simulator::graphql {

struct Location {
  int line = 1;
  int column = 1;
};

struct SyntaxError {
  std::string message;
  Location at;
};

struct Token {
  enum class Kind { End, Name, Int, String, Punctuator };
  Kind kind = Kind::End;
  std::string text;  // a string's content with its escapes resolved; a punctuator as written
  Location at;
};

// Splits a GraphQL text into tokens. Blanks, commas, comments and a byte order mark are ignored, as the language says.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  // Throws SyntaxError.
  Token next();

 private:
  void skip_ignored();
  Token number();
  Token string();
  char take();
  [[nodiscard]] char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[noreturn]] void fail(std::string message) const;

  std::string_view text_;
  std::size_t position_ = 0;
  Location here_;
  Location start_;
};

}  // namespace wxcc::simulator::graphql
