// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace wxcc::simulator {

using Phrases = std::span<const std::string_view>;

// The phrases of one language. "{}" is a placeholder for a number.
struct PhraseBook {
  std::string_view language_code;
  std::string_view bot;
  std::string_view greeting;  // the agent's name follows
  std::string_view closing;
  Phrases opening;
  Phrases customer;
  Phrases agent;
};

// 0 to 4: English, Dutch, German, French, Japanese.
const PhraseBook& phrase_book(int language);

extern const Phrases kEdgeCasePhrases;

}  // namespace wxcc::simulator
