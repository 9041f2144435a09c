// SPDX-License-Identifier: Apache-2.0
#include "store/conversations.h"

namespace wxcc::store {

Conversations::Conversations(Connection& connection, FetchQueue& queue)
    : queue_(queue),
      tasks_(connection),
      transcripts_(connection),
      select_key_(connection, "SELECT task_key FROM task WHERE task_id = :task_id"),
      update_state_(connection,
                    "UPDATE task SET transcript_state = :state WHERE task_key = :key AND transcript_state <> :state"),
      make_pending_(connection,
                    "UPDATE task SET transcript_state = 'pending' WHERE task_key = :key "
                    "AND transcript_state IN ('absent', 'failed')"),
      make_absent_(connection,
                   "UPDATE task SET transcript_state = 'absent' WHERE task_key = :key "
                   "AND transcript_state IN ('pending', 'failed')"),
      make_failed_(connection,
                   "UPDATE task SET transcript_state = 'failed' WHERE task_key = :key "
                   "AND transcript_state IN ('pending', 'absent')"),
      select_sizes_(connection,
                    "SELECT count(x.transcript_key), (SELECT count(*) FROM message AS m JOIN transcript AS y USING "
                    "(transcript_key) WHERE y.task_key = t.task_key), coalesce(sum(length(x.raw)), 0), t.customer_key "
                    "FROM task AS t LEFT JOIN transcript AS x ON x.task_key = t.task_key WHERE t.task_key = :key"),
      delete_task_(connection, "DELETE FROM task WHERE task_key = :key") {}

std::optional<std::int64_t> Conversations::find(const std::string& task_id) {
  Rows row = select_key_.query_one(task_id);
  return row ? row.integer() : std::nullopt;
}

StoreResult Conversations::store(const FetchResult& result, base::Instant now) {
  StoreResult stored;
  const std::optional<std::int64_t> key = find(result.task_id);
  stored.known = key.has_value();
  if (!key) return stored;
  switch (result.outcome) {
    case FetchResult::Outcome::Fetched:
      store_transcripts(*key, result, now, stored);
      break;
    case FetchResult::Outcome::NotAvailable:
      queue_.reschedule(*key, result.next_due.value_or(now));
      make_pending_.run(*key);
      queue_.delete_failure(*key, FetchFailure::Phase::Captures);
      break;
    case FetchResult::Outcome::Absent:
      queue_.dequeue(*key);
      make_absent_.run(*key);
      queue_.delete_failure(*key, FetchFailure::Phase::Captures);
      break;
    case FetchResult::Outcome::Failed:
      store_failure(*key, result, now);
      if (!result.next_due) make_failed_.run(*key);
      break;
  }
  return stored;
}

StoreResult Conversations::postpone(const FetchResult& result, base::Instant now) {
  constexpr base::Millis kDefaultDelay = std::chrono::hours{24};
  if (const auto key = find(result.task_id)) queue_.reschedule(*key, result.next_due.value_or(now + kDefaultDelay));
  return {};
}

void Conversations::store_transcripts(std::int64_t task_key, const FetchResult& result, base::Instant now,
                                      StoreResult& stored) {
  TaskTranscripts transcripts(transcripts_, task_key, now);
  std::string parse_error;
  for (const FetchedTranscript& fetched : result.transcripts) {
    transcripts.store(fetched);
    if (!fetched.conversation) parse_error = parse_error_of(fetched);
  }
  if (transcripts.empty()) {
    stored.error = "no transcript to store";
    return;
  }
  update_state_.run(to_text(transcripts.select_current()), task_key);
  queue_.delete_fetch_failures(task_key);
  queue_.set_parse_failure(task_key, parse_error, now);
  if (result.next_due && !result.failure)
    queue_.schedule_recheck(task_key, *result.next_due);
  else
    queue_.dequeue(task_key);
  if (result.failure) store_failure(task_key, result, now);
  stored.new_transcripts = transcripts.new_transcripts();
  stored.new_messages = transcripts.new_messages();
}

void Conversations::store_failure(std::int64_t task_key, const FetchResult& result, base::Instant now) {
  if (result.failure) queue_.record_failure(task_key, *result.failure, now);
  if (result.next_due)
    queue_.reschedule(task_key, *result.next_due);
  else
    queue_.dequeue(task_key);
}

ReparseStats Conversations::reparse(std::int64_t task_key, const Parser& parser, base::Instant now) {
  TaskTranscripts transcripts(transcripts_, task_key, now);
  const ReparseStats stats = transcripts.reparse(parser);
  if (transcripts.empty()) return stats;
  update_state_.run(to_text(transcripts.select_current()), task_key);
  if (transcripts.all_parsed()) queue_.set_parse_failure(task_key, "", now);
  return stats;
}

RemovedRows Conversations::remove(std::int64_t task_key) {
  RemovedRows removed;
  std::optional<std::int64_t> customer_key;
  {
    Rows row = select_sizes_.query_one(task_key);
    removed.conversations = 1;
    removed.transcripts = row.count();
    removed.messages = row.count();
    removed.raw_bytes = row.count();
    customer_key = row.integer();
  }
  delete_task_.run(task_key);
  if (customer_key) removed.customers = tasks_.delete_orphaned_customer(*customer_key);
  return removed;
}

}  // namespace wxcc::store
