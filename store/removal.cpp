// SPDX-License-Identifier: Apache-2.0
#include "store/removal.h"

#include "base/json.h"
#include "store/conversations.h"
#include "store/service_state.h"
#include "store/statement.h"

namespace wxcc::store {

void write_json(base::JsonWriter& out, const RemovedRows& rows) {
  out.member("conversations", rows.conversations).member("transcripts", rows.transcripts);
  out.member("messages", rows.messages).member("raw_bytes", rows.raw_bytes).member("customers", rows.customers);
}

Removal::Erased Removal::erase(const std::vector<std::string>& task_ids, std::string_view how, base::Instant now) {
  Transaction transaction(connection_, "erasing");
  TaskTable& tasks = conversations_.tasks();
  Statement add_tombstone(connection_, "INSERT INTO tombstone (task_hash) VALUES (:hash) ON CONFLICT DO NOTHING");
  Erased erased;
  for (const std::string& id : task_ids) {
    add_tombstone.run(tasks.tombstone_of(id));
    if (const auto key = conversations_.find(id)) erased.rows += conversations_.remove(*key);
    service_.redact_error(id);
  }
  service_.set_purge_pending();
  base::JsonWriter details;
  details.begin_object().member("by", how).member("requested", task_ids.size());
  write_json(details, erased.rows);
  details.key("task_hashes").begin_array();
  for (const std::string& id : task_ids) details.value(base::to_hex(tasks.tombstone_of(id)));
  details.end_array().end_object();
  erased.audit = audit_.append("erase", details.text(), now);
  transaction.commit();
  return erased;
}

bool Removal::is_erased(const std::string& task_id) {
  return conversations_.tasks().is_erased(task_id);
}

RemovedRows Removal::remove_ended_before(base::Instant before, int limit) {
  Transaction transaction(connection_, "removing expired conversations");
  service_.advance_retained_from(before);
  std::vector<std::int64_t> keys;
  {
    Statement statement(connection_,
                        "SELECT task_key FROM task WHERE ended_ms < :before ORDER BY ended_ms LIMIT :limit");
    Rows rows = statement.query(before, limit);
    while (rows.next()) keys.push_back(rows.count());
  }
  RemovedRows removed;
  for (const std::int64_t key : keys) removed += conversations_.remove(key);
  if (removed.conversations > 0) service_.set_purge_pending();
  transaction.commit();
  return removed;
}

AuditHead Removal::finish_retention(base::Instant before, const RemovedRows& removed, base::Instant now) {
  base::JsonWriter details;
  details.begin_object().member("ended_before_ms", base::to_ms(before));
  write_json(details, removed);
  details.end_object();
  return audit_.record("retention", details.text(), now);
}

// FTS5 merges in portions: a negative number starts a merge of all segments of the index, positive ones continue it,
// and fewer than two changes mean that one segment is left, without deleted words.
bool Removal::merge_step(int pages) {
  Transaction transaction(connection_, "merging the full text index");
  const std::int64_t before = connection_.total_changes();
  Statement(connection_, "INSERT INTO message_search (message_search, rank) VALUES ('merge', :pages)")
      .run(merging_ ? pages : -pages);
  merging_ = connection_.total_changes() - before >= 2;
  transaction.commit();
  return !merging_;
}

Removal::PurgeResult Removal::purge_step(int pages) {
  if (!service_.is_purge_pending()) return PurgeResult::Done;
  if (!merge_step(pages)) return PurgeResult::More;
  if (!connection_.checkpoint()) return PurgeResult::BlockedByReader;
  Transaction transaction(connection_, "recording the purge");
  service_.clear_purge_pending();
  transaction.commit();
  return PurgeResult::Done;
}

void Removal::vacuum() {
  const Operation operation(connection_, "vacuuming");
  connection_.execute("VACUUM");
}

RemovedRows rows_ended_before(Connection& connection, base::Instant before) {
  Statement statement(
      connection,
      "SELECT count(DISTINCT t.task_key), count(x.transcript_key), coalesce(sum(x.message_count) FILTER (WHERE "
      "x.first_seq IS NOT NULL), 0), coalesce(sum(length(x.raw)), 0) FROM task AS t "
      "LEFT JOIN transcript AS x ON x.task_key = t.task_key WHERE t.ended_ms < :before");
  Rows row = statement.query_one(before);
  RemovedRows removed;
  removed.conversations = row.count();
  removed.transcripts = row.count();
  removed.messages = row.count();
  removed.raw_bytes = row.count();
  return removed;
}

}  // namespace wxcc::store
