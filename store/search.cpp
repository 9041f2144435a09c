// SPDX-License-Identifier: Apache-2.0
#include "store/search.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "store/statement.h"
#include "store/store_error.h"

namespace wxcc::store {
namespace {

constexpr std::string_view kWhitespace = " \t\r\n\f\v";

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(kWhitespace, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kWhitespace, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// A character of a word for unicode61, or a byte outside ASCII, which unicode61 decides on.
bool is_word_character(char c) {
  return base::is_alphanumeric(c) || static_cast<signed char>(c) < 0;
}

bool has_word(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_word_character);
}

bool is_syntax(std::string_view text, const std::vector<std::string_view>& words) {
  if (text.find_first_of("\"()") != std::string_view::npos) return true;
  return std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return word == "AND" || word == "OR" || word == "NOT" || word == "NEAR";
  });
}

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

// Searches the newest conversations first, then sixteen times as many, until there are enough hits. A frequent word
// matches among the first; with a filter that rarely matches, the last pass is most of the work.
std::vector<SearchHit> find_newest_hits(Connection& connection, const ConversationFilter& filter, int limit) {
  constexpr std::int64_t kInitialTaskCount = 1000;
  constexpr std::int64_t kGrowthFactor = 16;
  const ConversationQuery conversations(filter);
  const std::string sql = conversations.newest_hits();
  const std::int64_t all = count_tasks(connection);
  for (std::int64_t tasks = kInitialTaskCount;; tasks *= kGrowthFactor) {
    Statement statement(connection, sql);
    conversations.bind(statement);
    std::vector<SearchHit> hits = read_hits(statement.bind(":tasks", tasks).bind(":limit", limit).query());
    if (static_cast<int>(hits.size()) >= limit || tasks >= all) return hits;
  }
}

std::vector<SearchHit> find_best_hits(Connection& connection, const ConversationFilter& filter, int limit) {
  const ConversationQuery conversations(filter);
  Statement statement(connection, conversations.best_hits());
  conversations.bind(statement);
  return read_hits(statement.bind(":limit", limit).query());
}

// The digits of a phone number; std::nullopt for other texts and for fewer than six digits.
std::optional<std::string> phone_digits(std::string_view text) {
  constexpr std::size_t kMinPhoneDigits = 6;
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (std::string_view("+-(). ").find(c) == std::string_view::npos)
      return std::nullopt;
  }
  return digits.size() >= kMinPhoneDigits ? std::optional(digits) : std::nullopt;
}

std::string conversations_of_customer_sql() {
  const auto matches = [](std::string_view column) {
    return fmt::format(
        "({0} = :text COLLATE NOCASE OR (:digits IS NOT NULL AND ltrim(replace(replace(replace(replace(replace("
        "{0}, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '+') = :digits))",
        column);
  };
  return fmt::format(
      "{0} WHERE t.task_key IN ("
      "SELECT k.task_key FROM customer AS c JOIN task AS k USING (customer_key) WHERE c.name = :text COLLATE NOCASE "
      "OR c.email = :text COLLATE NOCASE OR {1} "
      "UNION SELECT k.task_key FROM task AS k WHERE {2} OR {3} "
      "UNION SELECT x.task_key FROM participant AS p JOIN transcript AS x USING (transcript_key) "
      "WHERE p.role = 'customer' AND {4}) ORDER BY t.ended_ms, t.task_id",
      conversation_select(), matches("c.phone"), matches("k.origin"), matches("k.destination"), matches("p.name"));
}

// The values that a filter of that kind compares, as (name, id).
std::string names_sql(FilterField field) {
  const auto entity = [](std::string_view table) { return fmt::format("SELECT name, {0}_id AS id FROM {0}", table); };
  switch (field) {
    case FilterField::Queue:
      return entity("queue");
    case FilterField::Team:
      return entity("team");
    case FilterField::Agent:
      return entity("agent");
    case FilterField::Channel:
      return "SELECT DISTINCT channel AS name, channel AS id FROM task WHERE channel IS NOT NULL";
  }
  return "";
}

}  // namespace

std::string full_text_query(std::string_view typed) {
  if (!has_word(typed))
    throw StoreError(StoreError::Kind::BadQuery,
                     "full text query: no word to search for; punctuation alone, such as . ? *, is not indexed");
  // SQLite ends a text at a NUL character.
  std::string text(typed);
  std::replace(text.begin(), text.end(), '\0', ' ');
  const std::vector<std::string_view> words = split_words(text);
  if (is_syntax(text, words)) return text;
  std::string query;
  for (const std::string_view word : words) {
    if (!has_word(word)) continue;
    const bool is_prefix = word.back() == '*';
    query += fmt::format("{}\"{}\"{}", query.empty() ? "" : " ", is_prefix ? word.substr(0, word.size() - 1) : word,
                         is_prefix ? "*" : "");
  }
  return query;
}

std::string full_text_hint(std::string_view reason) {
  return fmt::format(
      "full text query: invalid syntax: {}; plain words match messages that have all of them; also valid: "
      "\"a phrase\", begin*, this OR that, this NOT that, NEAR(one two, 5); quote a phrase with punctuation",
      reason);
}

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
  result.hits = result.ranked ? find_best_hits(connection, filter, limit) : find_newest_hits(connection, filter, limit);
  return result;
}

std::vector<StoredTask> conversations_of_customer(Connection& connection, const std::string& text) {
  Statement statement(connection, conversations_of_customer_sql());
  Rows rows = statement.bind(":text", text).bind(":digits", phone_digits(text)).query();
  std::vector<StoredTask> result;
  while (rows.next()) result.push_back(read_conversation(rows));
  return result;
}

std::vector<std::string> read_names(Connection& connection, FilterField field) {
  Statement statement(connection, fmt::format("SELECT DISTINCT name FROM ({}) ORDER BY name", names_sql(field)));
  std::vector<std::string> result;
  Rows rows = statement.query();
  while (rows.next()) result.push_back(rows.text());
  return result;
}

bool has_name(Connection& connection, FilterField field, const std::string& name_or_id) {
  Statement statement(connection,
                      fmt::format("SELECT 1 FROM ({}) WHERE name = :name COLLATE NOCASE OR id = :name COLLATE NOCASE",
                                  names_sql(field)));
  return bool(statement.query_one(name_or_id));
}

}  // namespace wxcc::store
