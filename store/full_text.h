// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wxcc::store {

// The FTS5 query for what a person typed. Plain words, whatever marks are in or around them, mean all of these words
// (e-mail: the words side by side; refund*: words that begin so). Text with quotation marks, parentheses or the words
// AND, OR, NOT, NEAR is FTS5 syntax already and stays as it is. Throws StoreError of kind BadQuery when there is no
// word in it.
std::string full_text_query(std::string_view typed);

// The message for a query that FTS5 does not understand.
std::string full_text_hint(std::string_view reason);

}  // namespace wxcc::store
