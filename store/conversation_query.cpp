// SPDX-License-Identifier: Apache-2.0
#include "store/conversation_query.h"

#include <fmt/format.h>

#include "base/json.h"
#include "model/task_fields.h"
#include "store/search.h"
#include "store/statement.h"

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

// A value of a field within conversation_select().
std::string expression_of(const model::TaskField& field) {
  const std::string name = model::view_column(field);
  if (is_entity(field)) return fmt::format("{0}.{0}_id, {0}.name", name);
  if (is_of_customer(field)) return fmt::format("customer.{}", name.substr(name.find('_') + 1));
  return fmt::format("t.{}", field.column);
}

void read(Rows& in, std::string& value) {
  value = in.text();
}
void read(Rows& in, std::optional<base::Instant>& value) {
  value = in.instant();
}
void read(Rows& in, std::optional<base::Millis>& value) {
  value = in.millis();
}
void read(Rows& in, std::optional<std::int64_t>& value) {
  value = in.integer();
}
void read(Rows& in, model::NamedEntity& value) {
  value.id = in.text();
  value.name = in.text();
}
void read(Rows&, bool&) {}  // is_active has no column: no task in the archive is

std::string make_conversation_select() {
  std::string columns;
  std::string joins;
  for (const model::TaskField& field : model::task_fields()) {
    if (field.column.empty()) continue;
    columns += expression_of(field) + ", ";
    if (is_entity(field)) joins += fmt::format(" LEFT JOIN {0} ON {0}.{0}_key = t.{0}_key", model::view_column(field));
  }
  return fmt::format(
      "SELECT {}t.other_members, t.transcript_state, (SELECT coalesce(sum(x.message_count), 0) FROM transcript AS x "
      "WHERE x.task_key = t.task_key AND x.first_seq IS NOT NULL) "
      "FROM task AS t{} LEFT JOIN customer ON customer.customer_key = t.customer_key",
      columns, joins);
}

}  // namespace

const std::string& conversation_select() {
  static const std::string sql = make_conversation_select();
  return sql;
}

StoredTask read_conversation(Rows& in) {
  StoredTask stored;
  model::Task& task = stored.task;
  for (const model::TaskField& field : model::task_fields())
    if (!field.column.empty()) visit_member(field, task, [&](auto& value) { read(in, value); });
  task.other_members = in.text();
  // As in the views.
  if (!task.duration && task.created) task.duration = task.ended.value() - *task.created;
  stored.transcript_state = model::kTranscriptStateNames.parse(in.text()).value_or(model::TranscriptState::Pending);
  stored.message_count = in.count();
  return stored;
}

const char* ConversationQuery::time_column() const {
  return filter_.by == model::TimeField::Ended ? "t.ended_ms" : "t.created_ms";
}

std::string ConversationQuery::conditions_but_text() const {
  // The ids and names of a table such as queue.
  const auto named = [](std::string_view table, std::string_view parameter) {
    return fmt::format(
        " AND t.{0}_key IN (SELECT n.{0}_key FROM {0} AS n, json_each({1}) AS wanted "
        "WHERE n.name = wanted.value COLLATE NOCASE OR n.{0}_id = wanted.value COLLATE NOCASE)",
        table, parameter);
  };
  std::string where = "true";
  if (filter_.range) where += fmt::format(" AND {0} >= :from AND {0} < :to", time_column());
  if (!filter_.queues.empty()) where += named("queue", ":queues");
  if (!filter_.agents.empty()) where += named("agent", ":agents");
  if (!filter_.teams.empty()) where += named("team", ":teams");
  if (!filter_.channels.empty()) where += " AND t.channel COLLATE NOCASE IN (SELECT value FROM json_each(:channels))";
  if (!filter_.customers.empty())
    where +=
        " AND t.customer_key IN (SELECT c.customer_key FROM customer AS c, json_each(:customers) AS wanted "
        "WHERE c.name = wanted.value COLLATE NOCASE OR c.email = wanted.value COLLATE NOCASE "
        "OR c.phone = wanted.value)";
  if (!filter_.states.empty()) where += " AND t.transcript_state IN (SELECT value FROM json_each(:states))";
  return where;
}

std::string ConversationQuery::conditions() const {
  std::string where = conditions_but_text();
  if (!filter_.text.empty())
    where +=
        " AND t.task_key IN (SELECT x.task_key FROM message_search AS s JOIN message AS m ON m.message_key = s.rowid "
        "JOIN transcript AS x ON x.transcript_key = m.transcript_key WHERE message_search MATCH :text)";
  return where;
}

std::string ConversationQuery::rows() const {
  return fmt::format("{} WHERE {} ORDER BY {}, t.task_id", conversation_select(), conditions(), time_column());
}

namespace {

// The inner query orders and cuts, so that snippets are computed for the returned hits only.
std::string hits_sql(const std::string& chosen, const char* order) {
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
  const std::string conditions = conditions_but_text();
  // Hits are joined with the tables only if a condition refers to these.
  const char* const tables = conditions == "true" ? ""
                                                  : "JOIN message AS m ON m.message_key = s.rowid "
                                                    "JOIN transcript AS x ON x.transcript_key = m.transcript_key "
                                                    "JOIN task AS t ON t.task_key = x.task_key ";
  return hits_sql(
      fmt::format("WITH chosen AS MATERIALIZED (SELECT s.rowid AS message_key, s.rank AS score FROM message_search AS "
                  "s {}WHERE message_search MATCH :text AND {} ORDER BY s.rank, s.rowid DESC LIMIT :limit)",
                  tables, conditions),
      "chosen.score, chosen.message_key DESC");
}

// The order of the joins is the plan: the messages of the conversations first; then the index is read once, over the
// span of their keys only, which is short because keys grow with time. The plus sign prevents one index look-up for
// each key.
std::string ConversationQuery::newest_hits() const {
  const std::string order = fmt::format("{} DESC, t.task_id DESC, x.first_seq + m.seq DESC", time_column());
  return hits_sql(
      fmt::format(
          "WITH candidate AS MATERIALIZED (SELECT m.message_key FROM (SELECT t.task_key FROM task AS t WHERE {0} "
          "ORDER BY {1} DESC, t.task_id DESC LIMIT :tasks) CROSS JOIN transcript AS x USING (task_key) "
          "CROSS JOIN message AS m USING (transcript_key)), "
          "chosen AS MATERIALIZED (SELECT s.rowid AS message_key FROM message_search AS s "
          "CROSS JOIN message AS m ON m.message_key = s.rowid CROSS JOIN transcript AS x USING (transcript_key) "
          "CROSS JOIN task AS t USING (task_key) WHERE message_search MATCH :text "
          "AND s.rowid BETWEEN (SELECT min(message_key) FROM candidate) AND (SELECT max(message_key) FROM candidate) "
          "AND +s.rowid IN (SELECT message_key FROM candidate) ORDER BY {2} LIMIT :limit)",
          conditions_but_text(), time_column(), order),
      order.c_str());
}

std::string ConversationQuery::size() const {
  return fmt::format(
      "SELECT count(*), coalesce(sum((SELECT sum(x.message_count) FROM transcript AS x WHERE x.task_key = t.task_key "
      "AND x.first_seq IS NOT NULL)), 0) FROM task AS t WHERE {}",
      conditions());
}

void ConversationQuery::bind(Statement& statement) const {
  if (filter_.range) statement.bind(":from", filter_.range->from).bind(":to", filter_.range->to);
  if (!filter_.queues.empty()) statement.bind(":queues", json_array(filter_.queues));
  if (!filter_.agents.empty()) statement.bind(":agents", json_array(filter_.agents));
  if (!filter_.channels.empty()) statement.bind(":channels", json_array(filter_.channels));
  if (!filter_.text.empty()) statement.bind(":text", full_text_query(filter_.text));
  if (!filter_.teams.empty()) statement.bind(":teams", json_array(filter_.teams));
  if (!filter_.customers.empty()) statement.bind(":customers", json_array(filter_.customers));
  if (!filter_.states.empty()) {
    std::vector<std::string> states;
    for (const model::TranscriptState state : filter_.states) states.emplace_back(to_text(state));
    statement.bind(":states", json_array(states));
  }
}

namespace {

Rows start(Statement& statement, const ConversationQuery& conversations) {
  conversations.bind(statement);
  return statement.query();
}

}  // namespace

struct ConversationCursor::Execution {
  Execution(Connection& connection, const ConversationQuery& conversations)
      : statement(connection, conversations.rows()), rows(start(statement, conversations)) {}

  Statement statement;
  Rows rows;
};

ConversationCursor::ConversationCursor(Connection& connection, const ConversationFilter& filter) {
  check_full_text(connection, filter.text);
  execution_ = std::make_unique<Execution>(connection, ConversationQuery(filter));
}

ConversationCursor::ConversationCursor(ConversationCursor&&) noexcept = default;
ConversationCursor::~ConversationCursor() = default;

std::optional<StoredTask> ConversationCursor::next() {
  if (!execution_->rows.next()) return std::nullopt;
  return read_conversation(execution_->rows);
}

}  // namespace wxcc::store
