// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "simulator/cloud/graphql.h"

namespace wxcc::simulator::graphql {

struct Token {
  enum class Kind { End, Name, Int, Float, String, Punctuator };
  Kind kind = Kind::End;
  std::string text;  // a string's content with its escapes resolved; a punctuator as written
  Location at;
};

// Takes a GraphQL text apart. Blanks, commas, comments and a byte order mark are ignored, as the language says.
class Lexer {
 public:
  explicit Lexer(std::string_view text);
  base::Expected<Token, SyntaxError> next();

 private:
  using Result = base::Expected<Token, SyntaxError>;
  void skip_ignored();
  Result punctuator();
  Result name();
  Result number();
  Result string();
  Result block_string();
  // Appends what the escape after a backslash stands for; false when it stands for nothing.
  bool escape(std::string& content);
  char take();
  [[nodiscard]] char peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] Result fail(std::string message) const;

  std::string_view text_;
  std::size_t position_ = 0;
  Location here_;
  Location start_;
};

}  // namespace wxcc::simulator::graphql
