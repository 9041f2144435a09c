// SPDX-License-Identifier: Apache-2.0
#include "store/conversation_query.h"

#include <fmt/format.h>

#include "base/json.h"
#include "store/full_text.h"
#include "store/shared_reads.h"

namespace wxcc::store {
namespace {

// Lists go in as one JSON array each, so that the text does not depend on their length.
std::string json_array(const std::vector<std::string>& values) {
  base::JsonWriter writer;
  writer.begin_array();
  for (const std::string& value : values) writer.value(value);
  writer.end_array();
  return writer.text();
}

}  // namespace

const char* ConversationQuery::time_column() const {
  return filter_.by == model::TimeField::Ended ? "ended_ms" : "created_ms";
}

std::string ConversationQuery::conditions_but_text(std::string_view table) const {
  std::string where = "true";
  if (filter_.range) where += fmt::format(" AND {1}{0} >= :from AND {1}{0} < :to", time_column(), table);
  if (!filter_.queues.empty())
    where +=
        " AND queue_key IN (SELECT q.queue_key FROM queue AS q, json_each(:queues) AS wanted "
        "WHERE q.name = wanted.value COLLATE NOCASE OR q.queue_id = wanted.value COLLATE NOCASE)";
  if (!filter_.agents.empty())
    where +=
        " AND agent_key IN (SELECT a.agent_key FROM agent AS a, json_each(:agents) AS wanted "
        "WHERE a.name = wanted.value COLLATE NOCASE OR a.agent_id = wanted.value COLLATE NOCASE)";
  if (!filter_.channels.empty()) where += " AND channel COLLATE NOCASE IN (SELECT value FROM json_each(:channels))";
  return where;
}

std::string ConversationQuery::conditions() const {
  std::string where = conditions_but_text("");
  if (!filter_.text.empty())
    where +=
        " AND task_key IN (SELECT x.task_key FROM message_search AS s JOIN message AS m ON m.message_key = s.rowid "
        "JOIN transcript AS x ON x.transcript_key = m.transcript_key WHERE message_search MATCH :text)";
  // The view has no key of the team and no identity of the customer, so these compare what it shows.
  if (!filter_.teams.empty())
    where +=
        " AND team IN (SELECT g.name FROM team AS g, json_each(:teams) AS wanted "
        "WHERE g.name = wanted.value COLLATE NOCASE OR g.team_id = wanted.value COLLATE NOCASE)";
  if (!filter_.customers.empty())
    where +=
        " AND EXISTS (SELECT 1 FROM json_each(:customers) AS wanted WHERE customer_name = wanted.value COLLATE NOCASE "
        "OR customer_email = wanted.value COLLATE NOCASE OR customer_phone = wanted.value)";
  if (!filter_.states.empty()) where += " AND transcript_state IN (SELECT value FROM json_each(:states))";
  return where;
}

std::string ConversationQuery::rows() const {
  return fmt::format("SELECT {} FROM conversation_keyed WHERE {} ORDER BY {}, task_id", kConversationColumns,
                     conditions(), time_column());
}

namespace {

// The inner query orders and cuts, so that only the hits that are shown are read again for their snippets.
std::string hits_of(const std::string& chosen, const char* order) {
  return fmt::format(
      "{} SELECT t.task_id, x.first_seq + m.seq, m.sent_ms, t.ended_ms, queue.name, agent.name, p.name, p.role, "
      "(SELECT snippet(message_search, 0, char(1), char(2), '…', 24) FROM message_search "
      "WHERE message_search MATCH :text AND message_search.rowid = chosen.message_key) "
      "FROM chosen JOIN message AS m USING (message_key) JOIN transcript AS x USING (transcript_key) "
      "JOIN task AS t USING (task_key) LEFT JOIN queue USING (queue_key) LEFT JOIN agent USING (agent_key) "
      "LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant ORDER BY {}",
      chosen, order);
}

}  // namespace

std::string ConversationQuery::best_hits() const {
  const std::string conditions = conditions_but_text("t.");
  // Hits are looked up in the tables only where a condition asks for it.
  const char* const tables = conditions == "true" ? ""
                                                  : "JOIN message AS m ON m.message_key = s.rowid "
                                                    "JOIN transcript AS x ON x.transcript_key = m.transcript_key "
                                                    "JOIN task AS t ON t.task_key = x.task_key ";
  return hits_of(
      fmt::format("WITH chosen AS MATERIALIZED (SELECT s.rowid AS message_key, s.rank AS score FROM message_search AS "
                  "s {}WHERE message_search MATCH :text AND {} ORDER BY s.rank, s.rowid DESC LIMIT :limit)",
                  tables, conditions),
      "chosen.score, chosen.message_key DESC");
}

// The order of the joins is the plan: the messages of the conversations first; then the index is read once, over the
// span of their keys only, which is short where keys grow with time. The plus sign keeps the set of keys from becoming
// one look-up in the index each.
std::string ConversationQuery::newest_hits() const {
  const std::string order = fmt::format("t.{} DESC, t.task_id DESC, x.first_seq + m.seq DESC", time_column());
  return hits_of(
      fmt::format(
          "WITH said AS MATERIALIZED (SELECT m.message_key FROM (SELECT t.task_key FROM task AS t WHERE {0} "
          "ORDER BY t.{1} DESC, t.task_id DESC LIMIT :tasks) CROSS JOIN transcript AS x USING (task_key) "
          "CROSS JOIN message AS m USING (transcript_key)), "
          "chosen AS MATERIALIZED (SELECT s.rowid AS message_key FROM message_search AS s "
          "CROSS JOIN message AS m ON m.message_key = s.rowid CROSS JOIN transcript AS x USING (transcript_key) "
          "CROSS JOIN task AS t USING (task_key) WHERE message_search MATCH :text "
          "AND s.rowid BETWEEN (SELECT min(message_key) FROM said) AND (SELECT max(message_key) FROM said) "
          "AND +s.rowid IN (SELECT message_key FROM said) ORDER BY {2} LIMIT :limit)",
          conditions_but_text("t."), time_column(), order),
      order.c_str());
}

std::string ConversationQuery::size() const {
  return fmt::format("SELECT count(*), coalesce(sum(message_count), 0) FROM conversation_keyed WHERE {}", conditions());
}

void ConversationQuery::bind(Query& query) const {
  if (filter_.range) query.bind(":from", filter_.range->from).bind(":to", filter_.range->to);
  if (!filter_.queues.empty()) query.bind(":queues", json_array(filter_.queues));
  if (!filter_.agents.empty()) query.bind(":agents", json_array(filter_.agents));
  if (!filter_.channels.empty()) query.bind(":channels", json_array(filter_.channels));
  if (!filter_.text.empty()) query.bind(":text", full_text_query(filter_.text));
  if (!filter_.teams.empty()) query.bind(":teams", json_array(filter_.teams));
  if (!filter_.customers.empty()) query.bind(":customers", json_array(filter_.customers));
  if (!filter_.states.empty()) {
    std::vector<std::string> states;
    for (const model::TranscriptState state : filter_.states) states.emplace_back(to_text(state));
    query.bind(":states", json_array(states));
  }
}

std::string conversations_of_customer_sql() {
  const auto is_it = [](std::string_view column) {
    return fmt::format(
        "({0} = :text COLLATE NOCASE OR (:digits IS NOT NULL AND ltrim(replace(replace(replace(replace(replace("
        "{0}, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '+') = :digits))",
        column);
  };
  return fmt::format(
      "SELECT {0} FROM conversation_keyed WHERE task_key IN ("
      "SELECT t.task_key FROM customer AS c JOIN task AS t USING (customer_key) WHERE c.name = :text COLLATE NOCASE "
      "OR c.email = :text COLLATE NOCASE OR {1} "
      "UNION SELECT t.task_key FROM task AS t WHERE {2} OR {3} "
      "UNION SELECT x.task_key FROM participant AS p JOIN transcript AS x USING (transcript_key) "
      "WHERE p.role = 'customer' AND {4}) ORDER BY ended_ms, task_id",
      kConversationColumns, is_it("c.phone"), is_it("t.origin"), is_it("t.destination"), is_it("p.name"));
}

std::optional<std::string> phone_digits(std::string_view text) {
  constexpr std::size_t kFewest = 6;
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (std::string_view("+-(). ").find(c) == std::string_view::npos)
      return std::nullopt;
  }
  return digits.size() >= kFewest ? std::optional(digits) : std::nullopt;
}

KeyedConversation read_conversation(const Query& query) {
  Columns in(query);
  KeyedConversation result;
  StoredTask& row = result.row;
  result.task_key = in.count();
  row.task.id = in.text();
  row.task.channel = in.text();
  row.task.status = in.text();
  row.task.created = in.instant();
  row.task.ended = in.instant();
  if (const std::optional<std::int64_t> duration = in.integer()) row.task.duration = base::Millis(*duration);
  row.task.queue.name = in.text();
  row.task.team.name = in.text();
  row.task.site.name = in.text();
  row.task.entry_point.name = in.text();
  row.task.agent.name = in.text();
  row.task.customer.name = in.text();
  row.task.customer.email = in.text();
  row.task.customer.phone = in.text();
  row.task.origin = in.text();
  row.task.destination = in.text();
  row.task.direction = in.text();
  row.task.wrapup_code = in.text();
  row.task.termination_type = in.text();
  row.task.csat_score = in.integer();
  row.transcript_state = model::kTranscriptStateNames.parse(in.text()).value_or(model::TranscriptState::Pending);
  row.message_count = in.count();
  return result;
}

}  // namespace wxcc::store
