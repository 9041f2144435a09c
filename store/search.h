// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "store/reader.h"

namespace wxcc::store {

class Connection;

// More matches than this are not ranked: what a word that everybody uses is worth in a message says nothing, and
// working it out for millions takes longer than people wait.
inline constexpr std::int64_t kMostRanked = 100000;

// See Reader::search().
SearchResult search(Connection& connection, const ConversationFilter& filter, int limit, std::int64_t most_ranked);

// How many messages of the whole archive match the text as typed; no more are counted than at_most.
std::int64_t count_matches(Connection& connection, const std::string& text, std::int64_t at_most);

// Throws base::UsageError when the text is no full text query; an empty one is no condition.
void check_full_text(Connection& connection, const std::string& text);

}  // namespace wxcc::store
