// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "simulator/cloud/query_error.h"

namespace wxcc::simulator::graphql {

struct Token {
  enum class Kind { End, Name, Int, String, Punctuator };
  Kind kind = Kind::End;
  std::string text;  // a string's content with its escapes resolved; a punctuator as written
  std::size_t begin = 0;
};

// Splits a GraphQL text into tokens. Ignores blanks, commas, comments and a byte order mark.
class Lexer {
 public:
  explicit Lexer(std::string_view text);
  // Throws QueryError.
  Token next();
  // graphql-java's error with line and column of the position.
  [[nodiscard]] QueryError syntax_error(std::string_view message, std::size_t position) const;

 private:
  void skip_ignored();
  std::string take_while(std::string_view characters);
  std::string number();
  std::string string();

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace wxcc::simulator::graphql
