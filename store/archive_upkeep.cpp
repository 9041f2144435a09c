// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sqlite3.h>

#include "base/json.h"
#include "base/text.h"
#include "store/archive.h"
#include "store/archive_impl.h"
#include "store/backup.h"
#include "store/query.h"
#include "store/transcript_rows.h"

namespace wxcc::store {
namespace {

// Settings: rows were removed whose bytes may still stand in the files; "<program> <task_key>" of the last task read
// again.
constexpr const char* kPurge = "purge";
constexpr const char* kReparsed = "reparsed";

void write_rows(base::JsonWriter& out, const RemovedRows& rows) {
  out.member("conversations", rows.conversations).member("transcripts", rows.transcripts);
  out.member("messages", rows.messages).member("raw_bytes", rows.raw_bytes).member("customers", rows.customers);
}

}  // namespace

std::optional<std::string> Archive::Impl::setting(std::string_view name) {
  Query query(*connection, "SELECT value FROM setting WHERE name = :name");
  query.bind(":name", std::string(name));
  if (!query.step()) return std::nullopt;
  return Columns(query).text();
}

void Archive::Impl::set_setting(std::string_view name, std::string_view value) {
  Query(*connection,
        "INSERT INTO setting (name, value) VALUES (:name, coalesce(:value, '')) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value")
      .bind(":name", std::string(name))
      .bind(":value", std::string(value))
      .run();
}

void Archive::Impl::forget_setting(std::string_view name) {
  Query(*connection, "DELETE FROM setting WHERE name = :name").bind(":name", std::string(name)).run();
}

// A backup that has become the archive says so once.
void Archive::Impl::note_restore(base::Instant now) {
  connection->transaction("noting the restore", [&] {
    const std::optional<std::string> copied = setting(kCopySetting);
    if (!copied) return;
    enter("restore", fmt::format(R"({{"copied_ms":{}}})", base::parse_integer(*copied).value_or(0)), now);
    forget_setting(kCopySetting);
  });
}

std::optional<std::string> Archive::setting(std::string_view name) const {
  return impl_->connection->guarded("reading a setting", [&] { return impl_->setting(name); });
}

void Archive::set_setting(std::string_view name, std::string_view value) {
  impl_->connection->transaction("storing a setting", [&] { impl_->set_setting(name, value); });
}

bool Archive::checkpoint() {
  sqlite3* const handle = impl_->connection->database().getHandle();
  // A reader in the way must not hold up the caller; what can be copied is copied all the same.
  sqlite3_busy_timeout(handle, 0);
  const int outcome = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  impl_->connection->database().setBusyTimeout(Connection::kBusyTimeoutMs);
  if (outcome == SQLITE_OK) return true;
  if ((outcome & 0xFF) == SQLITE_BUSY || (outcome & 0xFF) == SQLITE_LOCKED) return false;
  impl_->connection->guarded("copying the log into the file", [&] { impl_->connection->database().check(outcome); });
  return false;
}

Archive::Erased Archive::erase(const std::vector<std::string>& task_ids, std::string_view how, base::Instant now) {
  return impl_->connection->transaction("erasing", [&] {
    Erased erased;
    erased.rows = Removal(*impl_->connection, impl_->tasks).erase(task_ids);
    impl_->set_setting(kPurge, "1");
    base::JsonWriter details;
    details.begin_object().member("by", how).member("asked_for", task_ids.size());
    write_rows(details, erased.rows);
    details.key("task_hashes").begin_array();
    for (const std::string& id : task_ids) details.value(base::to_hex(impl_->tasks.tombstone_of(id)));
    details.end_array().end_object();
    erased.audit = impl_->enter("erase", details.text(), now);
    return erased;
  });
}

bool Archive::is_erased(const std::string& task_id) const {
  return impl_->connection->guarded("reading the tombstones", [&] { return impl_->tasks.erased(task_id); });
}

RemovedRows Archive::remove_ended_before(base::Instant before, int limit) {
  return impl_->connection->transaction("removing what is too old", [&] {
    const RemovedRows removed = Removal(*impl_->connection, impl_->tasks).remove_ended_before(before, limit);
    if (removed.conversations > 0) impl_->set_setting(kPurge, "1");
    return removed;
  });
}

AuditHead Archive::finish_retention(base::Instant before, const RemovedRows& removed, base::Instant now) {
  return impl_->connection->transaction("entering the audit", [&] {
    base::JsonWriter details;
    details.begin_object().member("ended_before_ms", base::to_ms(before));
    write_rows(details, removed);
    details.end_object();
    return impl_->enter("retention", details.text(), now);
  });
}

// FTS5 merges in portions: a negative number begins with all pieces of the index, positive ones go on, and fewer than
// two changes mean that one piece is left, in which deleted words no longer stand.
bool Archive::Impl::merge_step(int pages) {
  return connection->transaction("merging the full text index", [&] {
    const int before = connection->database().getTotalChanges();
    Query(*connection, "INSERT INTO message_search (message_search, rank) VALUES ('merge', :pages)")
        .bind(":pages", merging ? pages : -pages)
        .run();
    merging = connection->database().getTotalChanges() - before >= 2;
    return !merging;
  });
}

Archive::Purge Archive::purge_step(int pages) {
  const auto wanted = impl_->connection->guarded("reading a setting", [&] { return impl_->setting(kPurge); });
  if (!wanted) return Purge::Done;
  if (!impl_->merge_step(pages)) return Purge::More;
  if (!checkpoint()) return Purge::ReaderInTheWay;
  impl_->connection->transaction("storing a setting", [&] { impl_->forget_setting(kPurge); });
  return Purge::Done;
}

void Archive::rebuild_file() {
  impl_->connection->guarded("writing the file anew", [&] { impl_->connection->execute("VACUUM"); });
}

Reparsed Archive::Impl::reparse(std::int64_t task_key, const Parser& parser, base::Instant now) {
  TranscriptRows rows(*connection, task_key, now);
  const Reparsed result = rows.reparse(parser);
  if (rows.empty()) return result;
  Query(*connection, "UPDATE task SET transcript_state = :state WHERE task_key = :key AND transcript_state <> :state")
      .bind(":state", std::string(to_text(rows.show())))
      .bind(":key", task_key)
      .run();
  if (rows.all_parsed()) fetches.set_parse_failure(task_key, "", now);
  return result;
}

Reparsed Archive::reparse_next(const Parser& parser, int tasks, base::Instant now) {
  Impl& impl = *impl_;
  return impl.connection->transaction("reading transcripts again", [&] {
    const std::string prefix = impl.program + " ";
    const std::string stored = impl.setting(kReparsed).value_or("");
    const bool goes_on = stored.compare(0, prefix.size(), prefix) == 0;
    const std::int64_t after = goes_on ? base::parse_integer(stored.substr(prefix.size())).value_or(0) : 0;
    std::vector<std::int64_t> keys;
    {
      Query query(*impl.connection,
                  "SELECT DISTINCT task_key FROM transcript WHERE task_key > :after ORDER BY task_key LIMIT :limit");
      query.bind(":after", after).bind(":limit", tasks);
      while (query.step()) keys.push_back(Columns(query).count());
    }
    Reparsed total;
    for (const std::int64_t key : keys) total += impl.reparse(key, parser, now);
    if (keys.empty())
      impl.forget_setting(kReparsed);
    else
      impl.set_setting(kReparsed, prefix + std::to_string(keys.back()));
    return total;
  });
}

AuditHead Archive::finish_reparse(const Reparsed& total, base::Instant now) {
  base::JsonWriter details;
  details.begin_object().member("transcripts", total.transcripts).member("changed", total.changed);
  details.member("newly_readable", total.newly_readable).member("no_longer_readable", total.no_longer_readable);
  details.end_object();
  return record_audit("reparse", details.text(), now);
}

AuditHead Archive::record_audit(std::string_view action, std::string_view details, base::Instant now) {
  return impl_->connection->transaction("entering the audit",
                                        [&] { return impl_->enter(action, std::string(details), now); });
}

}  // namespace wxcc::store
