// SPDX-License-Identifier: Apache-2.0
#include "store/removal.h"

#include "store/query.h"
#include "store/task_rows.h"

namespace wxcc::store {
namespace {

RemovedRows read_sizes(const Query& query) {
  Columns in(query);
  RemovedRows rows;
  rows.conversations = in.count();
  rows.transcripts = in.count();
  rows.messages = in.count();
  rows.raw_bytes = in.count();
  return rows;
}

}  // namespace

RemovedRows& RemovedRows::operator+=(const RemovedRows& other) {
  conversations += other.conversations;
  transcripts += other.transcripts;
  messages += other.messages;
  raw_bytes += other.raw_bytes;
  customers += other.customers;
  return *this;
}

RemovedRows Removal::erase(const std::vector<std::string>& task_ids) {
  RemovedRows total;
  for (const std::string& task_id : task_ids) {
    remember(task_id);
    std::optional<std::int64_t> key;
    {
      Query query(connection_, "SELECT task_key FROM task WHERE task_id = :id");
      query.bind(":id", task_id);
      if (query.step()) key = Columns(query).count();
    }
    if (key) total += remove(*key);
    // A message of the service may name the task.
    Query(connection_,
          "UPDATE service SET last_error = 'removed: it named an erased conversation' WHERE instr(last_error, :id) > 0")
        .bind(":id", task_id)
        .run();
  }
  return total;
}

RemovedRows Removal::remove_ended_before(base::Instant before, int limit) {
  Query(connection_,
        "UPDATE service SET retained_from_ms = :before WHERE retained_from_ms IS NULL OR retained_from_ms < :before")
      .bind(":before", before)
      .run();
  std::vector<std::int64_t> keys;
  {
    Query query(connection_, "SELECT task_key FROM task WHERE ended_ms < :before ORDER BY ended_ms LIMIT :limit");
    query.bind(":before", before).bind(":limit", limit);
    while (query.step()) keys.push_back(Columns(query).count());
  }
  RemovedRows total;
  for (const std::int64_t key : keys) total += remove(key);
  return total;
}

RemovedRows Removal::remove(std::int64_t task_key) {
  RemovedRows rows;
  std::optional<std::int64_t> customer_key;
  {
    Query query(connection_,
                "SELECT 1, count(x.transcript_key), (SELECT count(*) FROM message AS m JOIN transcript AS y USING "
                "(transcript_key) WHERE y.task_key = t.task_key), coalesce(sum(length(x.raw)), 0), t.customer_key "
                "FROM task AS t LEFT JOIN transcript AS x ON x.task_key = t.task_key WHERE t.task_key = :key");
    query.bind(":key", task_key);
    query.step();
    rows = read_sizes(query);
    customer_key = Columns(query, 4).integer();
  }
  Query(connection_, "DELETE FROM task WHERE task_key = :key").bind(":key", task_key).run();
  if (customer_key) rows.customers = tasks_.forget_customer_without_task(*customer_key);
  return rows;
}

void Removal::remember(const std::string& task_id) {
  Query(connection_, "INSERT INTO tombstone (task_hash) VALUES (:hash) ON CONFLICT DO NOTHING")
      .bind(":hash", tasks_.tombstone_of(task_id))
      .run();
}

RemovedRows rows_ended_before(Connection& connection, base::Instant before) {
  Query query(connection,
              "SELECT count(DISTINCT t.task_key), count(x.transcript_key), coalesce(sum(x.message_count) FILTER (WHERE "
              "x.first_seq IS NOT NULL), 0), coalesce(sum(length(x.raw)), 0) FROM task AS t "
              "LEFT JOIN transcript AS x ON x.task_key = t.task_key WHERE t.ended_ms < :before");
  query.bind(":before", before);
  query.step();
  return read_sizes(query);
}

}  // namespace wxcc::store
