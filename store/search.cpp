// SPDX-License-Identifier: Apache-2.0
#include "store/search.h"

#include "store/conversation_query.h"
#include "store/full_text.h"
#include "store/sqlite.h"

namespace wxcc::store {
namespace {

SearchHit read_hit(Rows& in) {
  SearchHit hit;
  hit.task_id = in.text();
  hit.seq = in.count();
  hit.sent = in.instant();
  hit.ended = in.instant();
  hit.queue = in.text();
  hit.agent = in.text();
  hit.participant_name = in.text();
  hit.participant_role = in.text();
  hit.snippet = in.text();
  return hit;
}

std::vector<SearchHit> read_hits(Rows rows) {
  std::vector<SearchHit> hits;
  while (rows.next()) hits.push_back(read_hit(rows));
  return hits;
}

std::int64_t count_tasks(Connection& connection) {
  return Statement(connection, "SELECT count(*) FROM task").query_one().count();
}

// Among the newest conversations first, then among sixteen times as many, until there are enough hits. A frequent word
// is in the first lot; with a filter that rarely meets it, the last pass is most of the work, and one of reading the
// index.
std::vector<SearchHit> newest(Connection& connection, const ConversationFilter& filter, int limit) {
  constexpr std::int64_t kFirst = 1000;
  constexpr std::int64_t kGrowth = 16;
  const ConversationQuery conversations(filter);
  const std::string sql = conversations.newest_hits();
  const std::int64_t all = count_tasks(connection);
  for (std::int64_t tasks = kFirst;; tasks *= kGrowth) {
    Statement statement(connection, sql);
    conversations.bind(statement);
    std::vector<SearchHit> hits = read_hits(statement.bind(":tasks", tasks).bind(":limit", limit).query());
    if (static_cast<int>(hits.size()) >= limit || tasks >= all) return hits;
  }
}

std::vector<SearchHit> best(Connection& connection, const ConversationFilter& filter, int limit) {
  const ConversationQuery conversations(filter);
  Statement statement(connection, conversations.best_hits());
  conversations.bind(statement);
  return read_hits(statement.bind(":limit", limit).query());
}

}  // namespace

void check_full_text(Connection& connection, const std::string& text) {
  if (text.empty()) return;
  const std::string query = full_text_query(text);
  try {
    Statement(connection, "SELECT 1 FROM message_search WHERE message_search MATCH :text LIMIT 1").query_one(query);
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::Statement) throw;
    throw StoreError(StoreError::Kind::BadQuery, full_text_hint(error.reason()));
  }
}

std::int64_t count_matches(Connection& connection, const std::string& text, std::int64_t at_most) {
  check_full_text(connection, text);
  Statement statement(
      connection,
      "SELECT count(*) FROM (SELECT 1 FROM message_search WHERE message_search MATCH :text LIMIT :at_most)");
  return statement.query_one(full_text_query(text), at_most).count();
}

SearchResult search(Connection& connection, const ConversationFilter& filter, int limit, std::int64_t max_ranked) {
  SearchResult result;
  result.ranked = count_matches(connection, filter.text, max_ranked + 1) <= max_ranked;
  result.hits = result.ranked ? best(connection, filter, limit) : newest(connection, filter, limit);
  return result;
}

}  // namespace wxcc::store
