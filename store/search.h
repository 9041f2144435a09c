// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "store/conversation_query.h"

namespace wxcc::store {

class Connection;

// A message that a full text search has found. In the snippet kHitBegin and kHitEnd enclose the match.
struct SearchHit {
  std::string task_id;
  std::int64_t seq = 0;
  std::optional<base::Instant> sent;
  std::optional<base::Instant> ended;  // the conversation's end
  std::string queue;
  std::string agent;
  std::string participant_name;
  std::string participant_role;
  std::string snippet;
};
struct SearchResult {
  std::vector<SearchHit> hits;
  bool ranked = true;  // the best first; otherwise too many to rank: the newest first
};
inline constexpr char kHitBegin = '\x01';
inline constexpr char kHitEnd = '\x02';

// More matches than this are not ranked: the rank of a word that most messages contain is meaningless, and computing it
// for millions of them takes too long.
inline constexpr std::int64_t kMaxRankedMatches = 100000;

// See Reader::search().
SearchResult search(Connection& connection, const ConversationFilter& filter, int limit, std::int64_t max_ranked);

// How many messages of the whole archive match the text as typed; at most at_most are counted.
std::int64_t count_matches(Connection& connection, const std::string& text, std::int64_t at_most);

// Throws StoreError of kind BadQuery when the text is no full text query; an empty one is no condition.
void check_full_text(Connection& connection, const std::string& text);

// The FTS5 query for a text as typed. Plain words, with any punctuation, mean all of these words (e-mail: adjacent
// words; refund*: a prefix). Text with quotation marks, parentheses or the words AND, OR, NOT, NEAR is FTS5 syntax
// already and stays as it is. Throws StoreError of kind BadQuery without a word.
std::string full_text_query(std::string_view typed);

// The message for a query that FTS5 rejects.
std::string full_text_hint(std::string_view reason);

// See the functions of Reader with these names.
std::vector<StoredTask> conversations_of_customer(Connection& connection, const std::string& text);
std::vector<std::string> read_names(Connection& connection, FilterField field);
bool has_name(Connection& connection, FilterField field, const std::string& name_or_id);

}  // namespace wxcc::store
