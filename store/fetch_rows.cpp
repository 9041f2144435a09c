// SPDX-License-Identifier: Apache-2.0
#include "store/fetch_rows.h"

#include <stdexcept>

#include "store/query.h"

namespace wxcc::store {

std::int64_t FetchRows::task_key_of(const std::string& task_id) {
  Query query(connection_, "SELECT task_key FROM task WHERE task_id = :task_id");
  query.bind(":task_id", task_id);
  if (!query.step()) throw std::logic_error("the archive has no task " + task_id);
  return Columns(query).count();
}

bool FetchRows::knows(const std::string& task_id) {
  Query query(connection_, "SELECT task_key FROM task WHERE task_id = :task_id");
  query.bind(":task_id", task_id);
  return query.step();
}

std::vector<DueTask> FetchRows::due_tasks(base::Instant now, int limit) {
  Query query(connection_,
              "SELECT task.task_id, q.ended_ms, task.first_seen_ms, q.attempts, q.second_look "
              "FROM fetch_queue AS q JOIN task USING (task_key) "
              "WHERE q.due_ms <= :now ORDER BY q.ended_ms DESC, q.task_key LIMIT :limit");
  query.bind(":now", now).bind(":limit", limit);
  std::vector<DueTask> result;
  while (query.step()) {
    Columns in(query);
    DueTask task;
    task.task_id = in.text();
    task.ended = in.instant().value();
    task.first_queued = in.instant().value();
    task.attempts = static_cast<int>(in.count());
    task.second_look = in.count() != 0;
    result.push_back(std::move(task));
  }
  return result;
}

std::optional<base::Instant> FetchRows::next_due() {
  Query query(connection_, "SELECT min(due_ms) FROM fetch_queue");
  query.step();
  return Columns(query).instant();
}

void FetchRows::ask_again(std::int64_t task_key, base::Instant due) {
  // A task that was asked for without being queued gets its row here.
  Query(connection_,
        "INSERT INTO fetch_queue (task_key, ended_ms, due_ms, attempts, second_look) "
        "SELECT task_key, ended_ms, :due, 1, transcript_state IN ('archived', 'unparsed') FROM task WHERE task_key = "
        ":key "
        "ON CONFLICT (task_key) DO UPDATE SET due_ms = excluded.due_ms, attempts = attempts + 1")
      .bind(":due", due)
      .bind(":key", task_key)
      .run();
}

void FetchRows::record_nothing_yet(const std::string& task_id, base::Instant due) {
  const std::int64_t key = task_key_of(task_id);
  ask_again(key, due);
  Query(
      connection_,
      "UPDATE task SET transcript_state = 'pending' WHERE task_key = :key AND transcript_state IN ('absent', 'failed')")
      .bind(":key", key)
      .run();
  Query(connection_, "DELETE FROM failure WHERE task_key = :key AND phase = 'captures'").bind(":key", key).run();
}

void FetchRows::record_absent(const std::string& task_id) {
  const std::int64_t key = task_key_of(task_id);
  leave_queue(key, std::nullopt);
  Query(
      connection_,
      "UPDATE task SET transcript_state = 'absent' WHERE task_key = :key AND transcript_state IN ('pending', 'failed')")
      .bind(":key", key)
      .run();
  Query(connection_, "DELETE FROM failure WHERE task_key = :key AND phase = 'captures'").bind(":key", key).run();
}

void FetchRows::record_failure(const std::string& task_id, std::string_view phase, std::string_view kind,
                               std::string_view message, std::optional<base::Instant> due, base::Instant now) {
  const std::int64_t key = task_key_of(task_id);
  Query(connection_,
        "INSERT INTO failure (task_key, phase, kind, message, first_ms, last_ms, attempts) "
        "VALUES (:key, :phase, :kind, coalesce(:message, ''), :now, :now, 1) "
        "ON CONFLICT (task_key, phase) DO UPDATE SET kind = excluded.kind, message = excluded.message, "
        "last_ms = excluded.last_ms, attempts = attempts + 1")
      .bind(":key", key)
      .bind(":phase", std::string(phase))
      .bind(":kind", std::string(kind))
      .bind(":message", std::string(message))
      .bind(":now", now)
      .run();
  if (due) {
    ask_again(key, *due);
    return;
  }
  leave_queue(key, std::nullopt);
  Query(
      connection_,
      "UPDATE task SET transcript_state = 'failed' WHERE task_key = :key AND transcript_state IN ('pending', 'absent')")
      .bind(":key", key)
      .run();
}

int FetchRows::requeue_missing(base::TimeRange ended, base::Instant now) {
  return Query(connection_,
               "INSERT INTO fetch_queue (task_key, ended_ms, due_ms) SELECT task_key, ended_ms, :now FROM task "
               "WHERE transcript_state IN ('absent', 'failed') AND ended_ms >= :from AND ended_ms < :to "
               "ON CONFLICT (task_key) DO NOTHING")
      .bind(":now", now)
      .bind(":from", ended.from)
      .bind(":to", ended.to)
      .run();
}

void FetchRows::ask_now(base::TimeRange ended, base::Instant now) {
  requeue_missing(ended, now);
  Query(connection_,
        "UPDATE fetch_queue SET due_ms = :now WHERE due_ms > :now AND second_look = 0 "
        "AND ended_ms >= :from AND ended_ms < :to")
      .bind(":now", now)
      .bind(":from", ended.from)
      .bind(":to", ended.to)
      .run();
}

void FetchRows::leave_queue(std::int64_t task_key, std::optional<base::Instant> second_look) {
  if (!second_look) {
    Query(connection_, "DELETE FROM fetch_queue WHERE task_key = :key").bind(":key", task_key).run();
    return;
  }
  Query(connection_,
        "INSERT INTO fetch_queue (task_key, ended_ms, due_ms, second_look) "
        "SELECT task_key, ended_ms, :due, 1 FROM task WHERE task_key = :key "
        "ON CONFLICT (task_key) DO UPDATE SET due_ms = excluded.due_ms, attempts = 0, second_look = 1 "
        "WHERE (fetch_queue.due_ms, attempts, second_look) IS NOT (excluded.due_ms, 0, 1)")
      .bind(":key", task_key)
      .bind(":due", second_look)
      .run();
}

void FetchRows::clear_failures(std::int64_t task_key) {
  Query(connection_, "DELETE FROM failure WHERE task_key = :key AND phase <> 'parse'").bind(":key", task_key).run();
}

void FetchRows::set_parse_failure(std::int64_t task_key, const std::string& message, base::Instant now) {
  if (message.empty()) {
    Query(connection_, "DELETE FROM failure WHERE task_key = :key AND phase = 'parse'").bind(":key", task_key).run();
    return;
  }
  Query(connection_,
        "INSERT INTO failure (task_key, phase, kind, message, first_ms, last_ms, attempts) "
        "VALUES (:key, 'parse', 'permanent', :message, :now, :now, 1) "
        "ON CONFLICT (task_key, phase) DO UPDATE SET message = excluded.message, last_ms = excluded.last_ms, "
        "attempts = attempts + 1 WHERE failure.message <> excluded.message")
      .bind(":key", task_key)
      .bind(":message", message)
      .bind(":now", now)
      .run();
}

}  // namespace wxcc::store
