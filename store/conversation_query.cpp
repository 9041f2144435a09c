// SPDX-License-Identifier: Apache-2.0
#include "store/conversation_query.h"

#include <fmt/format.h>

#include "base/json.h"
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
  return filter_.by == TimeField::Ended ? "ended_ms" : "created_ms";
}

std::string ConversationQuery::conditions() const {
  std::string where = "true";
  if (filter_.range) where += fmt::format(" AND {0} >= :from AND {0} < :to", time_column());
  if (!filter_.queues.empty())
    where +=
        " AND queue_key IN (SELECT q.queue_key FROM queue AS q, json_each(:queues) AS wanted "
        "WHERE q.name = wanted.value COLLATE NOCASE OR q.queue_id = wanted.value COLLATE NOCASE)";
  if (!filter_.agents.empty())
    where +=
        " AND agent_key IN (SELECT a.agent_key FROM agent AS a, json_each(:agents) AS wanted "
        "WHERE a.name = wanted.value COLLATE NOCASE OR a.agent_id = wanted.value COLLATE NOCASE)";
  if (!filter_.channels.empty()) where += " AND channel COLLATE NOCASE IN (SELECT value FROM json_each(:channels))";
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

std::string ConversationQuery::size() const {
  return fmt::format("SELECT count(*), coalesce(sum(message_count), 0) FROM conversation_keyed WHERE {}", conditions());
}

void ConversationQuery::bind(Query& query) const {
  if (filter_.range) query.bind(":from", filter_.range->from).bind(":to", filter_.range->to);
  if (!filter_.queues.empty()) query.bind(":queues", json_array(filter_.queues));
  if (!filter_.agents.empty()) query.bind(":agents", json_array(filter_.agents));
  if (!filter_.channels.empty()) query.bind(":channels", json_array(filter_.channels));
  if (!filter_.text.empty()) query.bind(":text", filter_.text);
  if (!filter_.teams.empty()) query.bind(":teams", json_array(filter_.teams));
  if (!filter_.customers.empty()) query.bind(":customers", json_array(filter_.customers));
  if (!filter_.states.empty()) {
    std::vector<std::string> states;
    for (const TranscriptState state : filter_.states) states.emplace_back(to_text(state));
    query.bind(":states", json_array(states));
  }
}

KeyedConversation read_conversation(const Query& query) {
  Columns in(query);
  KeyedConversation result;
  ConversationRow& row = result.row;
  result.task_key = in.count();
  row.task_id = in.text();
  row.channel = in.text();
  row.status = in.text();
  row.created = in.instant();
  row.ended = in.instant();
  if (const std::optional<std::int64_t> duration = in.integer()) row.duration = base::Millis(*duration);
  row.queue = in.text();
  row.team = in.text();
  row.site = in.text();
  row.entry_point = in.text();
  row.agent = in.text();
  row.customer_name = in.text();
  row.customer_email = in.text();
  row.customer_phone = in.text();
  row.origin = in.text();
  row.destination = in.text();
  row.direction = in.text();
  row.wrapup_code = in.text();
  row.termination_type = in.text();
  row.csat_score = in.integer();
  row.transcript_state = parse_transcript_state(in.text()).value_or(TranscriptState::Pending);
  row.message_count = in.count();
  return result;
}

}  // namespace wxcc::store
