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

// A message that a full text search has found. In the snippet kHitBegin and kHitEnd stand around what matched.
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
  bool ranked = true;  // the best first; otherwise there were too many to rank, and the newest are first
};
inline constexpr char kHitBegin = '\x01';
inline constexpr char kHitEnd = '\x02';

// More matches than this are not ranked: the rank of a word that is in most messages says nothing, and to work it out
// for millions of them takes too long.
inline constexpr std::int64_t kMaxRankedMatches = 100000;

// See Reader::search().
SearchResult search(Connection& connection, const ConversationFilter& filter, int limit, std::int64_t max_ranked);

// How many messages of the whole archive match the text as typed; no more are counted than at_most.
std::int64_t count_matches(Connection& connection, const std::string& text, std::int64_t at_most);

// Throws StoreError of kind BadQuery when the text is no full text query; an empty one is no condition.
void check_full_text(Connection& connection, const std::string& text);

// The FTS5 query for what a person typed. Plain words, whatever marks are in or around them, mean all of these words
// (e-mail: the words side by side; refund*: words that begin so). Text with quotation marks, parentheses or the words
// AND, OR, NOT, NEAR is FTS5 syntax already and stays as it is. Throws StoreError of kind BadQuery when there is no
// word in it.
std::string full_text_query(std::string_view typed);

// The message for a query that FTS5 does not understand.
std::string full_text_hint(std::string_view reason);

// See the functions of Reader with these names.
std::vector<StoredTask> conversations_of_customer(Connection& connection, const std::string& text);
std::vector<std::string> read_names(Connection& connection, FilterField field);
bool has_name(Connection& connection, FilterField field, const std::string& name_or_id);

}  // namespace wxcc::store
