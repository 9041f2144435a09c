// SPDX-License-Identifier: Apache-2.0
#include "store/search.h"

#include <sqlite3.h>

#include "base/error.h"
#include "store/connection.h"
#include "store/conversation_query.h"
#include "store/full_text.h"
#include "store/query.h"

namespace wxcc::store {
namespace {

SearchHit read_hit(const Query& query) {
  Columns in(query);
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

std::vector<SearchHit> read_hits(Query& query) {
  std::vector<SearchHit> hits;
  while (query.step()) hits.push_back(read_hit(query));
  return hits;
}

std::int64_t tasks_in(Connection& connection) {
  Query query(connection, "SELECT count(*) FROM task");
  query.step();
  return Columns(query).count();
}

// Among the newest conversations first, then among sixteen times as many, until there are enough hits. A frequent word
// is in the first lot; with a filter that rarely meets it, the last pass is most of the work, and one of reading the
// index.
std::vector<SearchHit> newest(Connection& connection, const ConversationFilter& filter, int limit) {
  constexpr std::int64_t kFirst = 1000;
  constexpr std::int64_t kGrowth = 16;
  const ConversationQuery conversations(filter);
  const std::string sql = conversations.newest_hits();
  const std::int64_t all = tasks_in(connection);
  for (std::int64_t tasks = kFirst;; tasks *= kGrowth) {
    Query query(connection, sql);
    conversations.bind(query);
    query.bind(":tasks", tasks).bind(":limit", limit);
    std::vector<SearchHit> hits = read_hits(query);
    if (static_cast<int>(hits.size()) >= limit || tasks >= all) return hits;
  }
}

std::vector<SearchHit> best(Connection& connection, const ConversationFilter& filter, int limit) {
  const ConversationQuery conversations(filter);
  Query query(connection, conversations.best_hits());
  conversations.bind(query);
  query.bind(":limit", limit);
  return read_hits(query);
}

}  // namespace

// What people type may be no query at all; that is theirs to mend, not a fault of the archive.
void check_full_text(Connection& connection, const std::string& text) {
  if (text.empty()) return;
  const std::string typed = full_text_query(text);
  try {
    Query query(connection, "SELECT 1 FROM message_search WHERE message_search MATCH :text LIMIT 1");
    query.bind(":text", typed).step();
  } catch (const SQLite::Exception& exception) {
    if (exception.getErrorCode() != SQLITE_ERROR) throw;
    throw base::UsageError(full_text_hint(exception.what()));
  }
}

std::int64_t count_matches(Connection& connection, const std::string& text, std::int64_t at_most) {
  check_full_text(connection, text);
  Query query(connection,
              "SELECT count(*) FROM (SELECT 1 FROM message_search WHERE message_search MATCH :text LIMIT :at_most)");
  query.bind(":text", full_text_query(text)).bind(":at_most", at_most).step();
  return Columns(query).count();
}

SearchResult search(Connection& connection, const ConversationFilter& filter, int limit, std::int64_t most_ranked) {
  SearchResult result;
  result.ranked = count_matches(connection, filter.text, most_ranked + 1) <= most_ranked;
  result.hits = result.ranked ? best(connection, filter, limit) : newest(connection, filter, limit);
  return result;
}

}  // namespace wxcc::store
