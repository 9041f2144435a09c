// SPDX-License-Identifier: Apache-2.0
#include "store/fetch_queue.h"

#include <fmt/format.h>

namespace wxcc::store {
namespace {

constexpr std::string_view kSelectFailures =
    "SELECT task_id, phase, kind, message, first_ms, last_ms, attempts FROM failure JOIN task USING (task_key)";

std::vector<TaskFailure> to_failures(Rows rows) {
  std::vector<TaskFailure> result;
  while (rows.next()) {
    TaskFailure& failure = result.emplace_back();
    failure.task_id = rows.text();
    failure.phase = rows.text();
    failure.kind = rows.text();
    failure.message = rows.text();
    failure.first = rows.instant().value();
    failure.last = rows.instant().value();
    failure.attempts = static_cast<int>(rows.count());
  }
  return result;
}

}  // namespace

FetchQueue::FetchQueue(Connection& connection)
    : connection_(connection),
      select_due_(connection,
                  "SELECT task.task_id, q.ended_ms, task.first_seen_ms, q.attempts, q.recheck "
                  "FROM fetch_queue AS q JOIN task USING (task_key) "
                  "WHERE q.due_ms <= :now ORDER BY q.ended_ms DESC, q.task_key LIMIT :limit"),
      select_next_due_(connection, "SELECT min(due_ms) FROM fetch_queue"),
      insert_missing_(connection,
                      "INSERT INTO fetch_queue (task_key, ended_ms, due_ms) SELECT task_key, ended_ms, :now FROM task "
                      "WHERE transcript_state IN ('absent', 'failed') AND ended_ms >= :from AND ended_ms < :to "
                      "ON CONFLICT (task_key) DO NOTHING"),
      update_due_(connection,
                  "UPDATE fetch_queue SET due_ms = :now WHERE due_ms > :now AND recheck = 0 "
                  "AND ended_ms >= :from AND ended_ms < :to"),
      upsert_attempt_(connection,
                      "INSERT INTO fetch_queue (task_key, ended_ms, due_ms, attempts, recheck) "
                      "SELECT task_key, ended_ms, :due, 1, transcript_state IN ('archived', 'unparsed') FROM task "
                      "WHERE task_key = :key "
                      "ON CONFLICT (task_key) DO UPDATE SET due_ms = excluded.due_ms, attempts = attempts + 1"),
      upsert_recheck_(connection,
                      "INSERT INTO fetch_queue (task_key, ended_ms, due_ms, recheck) "
                      "SELECT task_key, ended_ms, :due, 1 FROM task WHERE task_key = :key "
                      "ON CONFLICT (task_key) DO UPDATE SET due_ms = excluded.due_ms, attempts = 0, recheck = 1 "
                      "WHERE (fetch_queue.due_ms, attempts, recheck) IS NOT (excluded.due_ms, 0, 1)"),
      delete_task_(connection, "DELETE FROM fetch_queue WHERE task_key = :key"),
      upsert_failure_(connection,
                      "INSERT INTO failure (task_key, phase, kind, message, first_ms, last_ms, attempts) "
                      "VALUES (:key, :phase, :kind, coalesce(:message, ''), :now, :now, 1) "
                      "ON CONFLICT (task_key, phase) DO UPDATE SET kind = excluded.kind, message = excluded.message, "
                      "last_ms = excluded.last_ms, attempts = attempts + 1"),
      delete_failure_(connection, "DELETE FROM failure WHERE task_key = :key AND phase = :phase"),
      delete_fetch_failures_(connection, "DELETE FROM failure WHERE task_key = :key AND phase <> 'parse'"),
      upsert_parse_failure_(
          connection,
          "INSERT INTO failure (task_key, phase, kind, message, first_ms, last_ms, attempts) "
          "VALUES (:key, 'parse', 'permanent', :message, :now, :now, 1) "
          "ON CONFLICT (task_key, phase) DO UPDATE SET message = excluded.message, last_ms = excluded.last_ms, "
          "attempts = attempts + 1 WHERE failure.message <> excluded.message") {}

std::vector<DueTask> FetchQueue::due_tasks(base::Instant now, int limit) {
  std::vector<DueTask> result;
  Rows rows = select_due_.query(now, limit);
  while (rows.next()) {
    DueTask& task = result.emplace_back();
    task.task_id = rows.text();
    task.ended = rows.instant().value();
    task.first_seen = rows.instant().value();
    task.attempts = static_cast<int>(rows.count());
    task.recheck = rows.count() != 0;
  }
  return result;
}

std::optional<base::Instant> FetchQueue::next_due() {
  return select_next_due_.query_one().instant();
}

int FetchQueue::requeue(base::TimeRange ended, base::Instant now) {
  return insert_missing_.run(now, ended.from, ended.to);
}

int FetchQueue::requeue_missing(base::TimeRange ended, base::Instant now) {
  Transaction transaction(connection_, "queueing missing transcripts");
  const int queued = requeue(ended, now);
  transaction.commit();
  return queued;
}

void FetchQueue::make_due(base::TimeRange ended, base::Instant now) {
  Transaction transaction(connection_, "queueing the transcripts of a range");
  requeue(ended, now);
  update_due_.run(now, ended.from, ended.to);
  transaction.commit();
}

void FetchQueue::reschedule(std::int64_t task_key, base::Instant due) {
  upsert_attempt_.run(due, task_key);
}

void FetchQueue::schedule_recheck(std::int64_t task_key, base::Instant due) {
  upsert_recheck_.run(due, task_key);
}

void FetchQueue::dequeue(std::int64_t task_key) {
  delete_task_.run(task_key);
}

void FetchQueue::record_failure(std::int64_t task_key, const FetchFailure& failure, base::Instant now) {
  upsert_failure_.run(task_key, kFetchPhaseNames.text_of(failure.phase), to_text(failure.failure.kind),
                      failure.failure.message, now);
}

void FetchQueue::delete_failure(std::int64_t task_key, FetchFailure::Phase phase) {
  delete_failure_.run(task_key, kFetchPhaseNames.text_of(phase));
}

void FetchQueue::delete_fetch_failures(std::int64_t task_key) {
  delete_fetch_failures_.run(task_key);
}

void FetchQueue::set_parse_failure(std::int64_t task_key, const std::string& message, base::Instant now) {
  if (message.empty())
    delete_failure(task_key, FetchFailure::Phase::Parse);
  else
    upsert_parse_failure_.run(task_key, message, now);
}

std::vector<TaskFailure> read_failures(Connection& connection, int limit) {
  Statement statement(connection,
                      fmt::format("{} ORDER BY last_ms DESC, task_id, phase LIMIT :limit", kSelectFailures));
  return to_failures(statement.query(limit));
}

std::vector<TaskFailure> read_failures_of(Connection& connection, const std::string& task_id) {
  Statement statement(connection,
                      fmt::format("{} WHERE task_id = :task_id ORDER BY last_ms DESC, phase", kSelectFailures));
  return to_failures(statement.query(task_id));
}

}  // namespace wxcc::store
