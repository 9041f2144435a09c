// SPDX-License-Identifier: Apache-2.0
#include "store/archive.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

#include "base/error.h"
#include "store/archive_file.h"
#include "store/archive_impl.h"
#include "store/migrations.h"
#include "store/query.h"
#include "store/transcript_rows.h"

namespace wxcc::store {
namespace {

// Until the checks are through, nothing may reach the file: not even the checkpoint of a log that was left behind.
void set_checkpoint_on_close(Connection& connection, int enabled) {
  connection.database().check(sqlite3_db_config(connection.database().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                                                enabled == 0 ? 1 : 0, nullptr));
}

void refuse_other_organisation(Connection& connection, const std::string& org_id) {
  const std::string owner = organisation_of(connection);
  if (owner != org_id)
    throw base::ConfigurationError(fmt::format("the archive {} belongs to organisation {}, the configuration names {}",
                                               connection.path().string(), owner, org_id));
}

void configure(Connection& connection) {
  connection.guarded("setting up", [&] {
    keep_log_files(connection);
    connection.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; "
        "PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON");
  });
}

std::unique_ptr<Connection> connect(const Archive::Options& options, base::Instant now) {
  auto connection = std::make_unique<Connection>(options.path, Connection::Access::Write);
  connection->guarded("opening", [&] { set_checkpoint_on_close(*connection, 0); });
  refuse_newer_schema(*connection);
  refuse_other_organisation(*connection, options.org_id);
  connection->guarded("opening", [&] { set_checkpoint_on_close(*connection, 1); });
  configure(*connection);
  migrate_with_copy(*connection, migrations(), now, options.migration_progress);
  return connection;
}

void record_scan(Connection& connection, const Scan& scan) {
  if (scan.range.from >= scan.range.to) return;
  std::vector<base::TimeRange> neighbours;
  std::optional<base::Instant> last_scan;
  {
    Query query(
        connection,
        "SELECT from_ms, to_ms, scanned_ms FROM scan_span WHERE by_field = :by AND from_ms <= :to AND to_ms >= :from");
    query.bind(":by", std::string(to_text(scan.by))).bind(":from", scan.range.from).bind(":to", scan.range.to);
    while (query.step()) {
      Columns in(query);
      const base::Instant from = in.instant().value();
      const base::Instant to = in.instant().value();
      neighbours.push_back({from, to});
      last_scan = std::max(last_scan, in.instant());
    }
  }
  const base::TimeRange span = base::merge_ranges(neighbours, scan.range);
  const base::Instant scanned = std::max(last_scan.value_or(scan.scanned_at), scan.scanned_at);
  if (neighbours.size() == 1 && neighbours.front() == span && last_scan == scanned) return;
  Query(connection, "DELETE FROM scan_span WHERE by_field = :by AND from_ms <= :to AND to_ms >= :from")
      .bind(":by", std::string(to_text(scan.by)))
      .bind(":from", span.from)
      .bind(":to", span.to)
      .run();
  Query(connection, "INSERT INTO scan_span (by_field, from_ms, to_ms, scanned_ms) VALUES (:by, :from, :to, :scanned)")
      .bind(":by", std::string(to_text(scan.by)))
      .bind(":from", span.from)
      .bind(":to", span.to)
      .bind(":scanned", scanned)
      .run();
}

void advance_mark(Connection& connection, base::Instant mark) {
  Query(connection,
        "UPDATE service SET high_water_mark_ms = :mark WHERE high_water_mark_ms IS NULL OR high_water_mark_ms < :mark")
      .bind(":mark", mark)
      .run();
}

}  // namespace

Archive::Kept Archive::Impl::keep(const std::string& task_id, const std::vector<FetchedTranscript>& transcripts,
                                  std::optional<base::Instant> second_look, base::Instant now) {
  const std::int64_t key = fetches.task_key_of(task_id);
  TranscriptRows rows(*connection, key, now);
  std::string parse_error;
  for (const FetchedTranscript& fetched : transcripts) {
    rows.keep(fetched);
    if (!fetched.conversation)
      parse_error = fetched.parse_error.empty() ? "the transcript could not be parsed" : fetched.parse_error;
  }
  if (rows.empty()) throw std::logic_error("no transcript to keep for task " + task_id);
  const model::TranscriptState state = rows.show();
  Query(*connection, "UPDATE task SET transcript_state = :state WHERE task_key = :key AND transcript_state <> :state")
      .bind(":state", std::string(to_text(state)))
      .bind(":key", key)
      .run();
  fetches.leave_queue(key, second_look);
  fetches.clear_failures(key);
  fetches.set_parse_failure(key, parse_error, now);
  return rows.kept();
}

StoreResult Archive::Impl::commit(const FetchResult& result, base::Instant now) {
  StoreResult stored{.known = true, .error = {}};
  switch (result.outcome) {
    case FetchResult::Outcome::Fetched: {
      const Kept kept = keep(result.task_id, result.transcripts, result.next_due, now);
      stored.new_transcripts = kept.new_transcripts;
      stored.new_messages = kept.new_messages;
      break;
    }
    case FetchResult::Outcome::NotAvailable:
      fetches.record_nothing_yet(result.task_id, result.next_due.value());
      break;
    case FetchResult::Outcome::Absent:
      fetches.record_absent(result.task_id);
      break;
    case FetchResult::Outcome::Failed:
      break;
  }
  if (result.failure) {
    const model::Failure& failure = result.failure->failure;
    fetches.record_failure(result.task_id, to_text(result.failure->phase), to_text(failure.kind), failure.message,
                           result.next_due, now);
  }
  return stored;
}

Archive Archive::open(const Options& options, base::Instant now) {
  if (options.org_id.empty()) throw base::ConfigurationError("an archive needs the id of its organisation");
  create_folders_for(options.path);
  base::FileLock lock = lock_for_writing(options.path, options.program, now);
  if (look_at(options.path) == FileState::Missing) create_archive(options.path, options.org_id, options.program, now);
  std::unique_ptr<Connection> connection = connect(options, now);
  auto impl = std::make_unique<Impl>(std::move(lock), std::move(connection), options.program);
  impl->note_restore(now);
  return Archive(std::move(impl));
}

Archive::Archive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Archive::Upserted Archive::commit_page(const std::vector<model::Task>& tasks, const std::optional<Scan>& completed,
                                       std::optional<base::Instant> new_mark, base::Instant now) {
  return impl_->connection->transaction("storing a page of tasks", [&] {
    const Upserted result = impl_->tasks.upsert(tasks, now);
    if (completed) record_scan(*impl_->connection, *completed);
    if (new_mark) advance_mark(*impl_->connection, *new_mark);
    return result;
  });
}

std::vector<DueTask> Archive::due_tasks(base::Instant now, int limit) const {
  return impl_->connection->guarded("reading the queue", [&] { return impl_->fetches.due_tasks(now, limit); });
}

std::optional<base::Instant> Archive::next_due() const {
  return impl_->connection->guarded("reading the queue", [&] { return impl_->fetches.next_due(); });
}

Archive::Kept Archive::record_transcripts(const std::string& task_id, const std::vector<FetchedTranscript>& transcripts,
                                          std::optional<base::Instant> second_look, base::Instant now) {
  return impl_->connection->transaction("storing transcripts",
                                        [&] { return impl_->keep(task_id, transcripts, second_look, now); });
}

void Archive::record_nothing_yet(const std::string& task_id, base::Instant due, base::Instant) {
  impl_->connection->transaction("recording that a transcript is not there yet",
                                 [&] { impl_->fetches.record_nothing_yet(task_id, due); });
}

void Archive::record_absent(const std::string& task_id, base::Instant) {
  impl_->connection->transaction("recording that a transcript is absent",
                                 [&] { impl_->fetches.record_absent(task_id); });
}

void Archive::record_failure(const std::string& task_id, std::string_view phase, std::string_view kind,
                             std::string_view message, std::optional<base::Instant> due, base::Instant now) {
  impl_->connection->transaction("recording a failure",
                                 [&] { impl_->fetches.record_failure(task_id, phase, kind, message, due, now); });
}

std::vector<StoreResult> Archive::commit_fetched(std::span<const FetchResult> results, base::Instant now) {
  return impl_->connection->transaction("storing fetched transcripts", [&] {
    std::vector<StoreResult> stored;
    for (const FetchResult& result : results) {
      if (!impl_->fetches.knows(result.task_id)) {
        stored.push_back({});
        continue;
      }
      impl_->connection->execute("SAVEPOINT fetched_task");
      try {
        stored.push_back(impl_->commit(result, now));
      } catch (const std::logic_error& error) {
        impl_->connection->execute("ROLLBACK TO fetched_task");
        stored.push_back({.known = true, .error = error.what()});
      }
      impl_->connection->execute("RELEASE fetched_task");
    }
    return stored;
  });
}

int Archive::requeue_missing(base::TimeRange ended, base::Instant now) {
  return impl_->connection->transaction("queueing missing transcripts",
                                        [&] { return impl_->fetches.requeue_missing(ended, now); });
}

void Archive::ask_now(base::TimeRange ended, base::Instant now) {
  impl_->connection->transaction("queueing the transcripts of a range", [&] { impl_->fetches.ask_now(ended, now); });
}

void Archive::record_success(base::Instant now) {
  impl_->connection->transaction("recording the success", [&] {
    Query(*impl_->connection, "UPDATE service SET last_success_ms = :now").bind(":now", now).run();
  });
}

void Archive::record_error(std::string_view message, base::Instant now) {
  impl_->connection->transaction("recording the error", [&] {
    Query(*impl_->connection, "UPDATE service SET last_error_ms = :now, last_error = :message")
        .bind(":now", now)
        .bind(":message", std::string(message))
        .run();
  });
}

void Archive::record_login(std::string_view needed, std::optional<base::Instant> access_expires_at,
                           std::optional<base::Instant> refresh_expires_at, base::Instant now) {
  impl_->connection->transaction("recording whether login is needed", [&] {
    Query(*impl_->connection,
          "UPDATE service SET needs_login = :needed, needs_login_ms = :since WHERE needs_login IS NOT :needed")
        .bind(":needed", std::string(needed))
        .bind(":since", needed.empty() ? std::nullopt : std::optional(now))
        .run();
    Query(*impl_->connection,
          "UPDATE service SET access_expires_ms = :access, refresh_expires_ms = :refresh "
          "WHERE access_expires_ms IS NOT :access OR refresh_expires_ms IS NOT :refresh")
        .bind(":access", access_expires_at)
        .bind(":refresh", refresh_expires_at)
        .run();
  });
}

void Archive::record_backfill_start(const model::BackfillStart& start) {
  impl_->connection->transaction("recording where the backfill begins", [&] {
    Query(*impl_->connection,
          "UPDATE service SET backfill_from_ms = :from, backfill_lookback_ms = :lookback "
          "WHERE backfill_from_ms IS NOT :from OR backfill_lookback_ms IS NOT :lookback")
        .bind(":from", start.date)
        .bind(":lookback", static_cast<std::int64_t>(start.lookback.count()))
        .run();
  });
}

void Archive::release_memory() const {
  sqlite3_db_release_memory(impl_->connection->database().getHandle());
}

const Reader& Archive::reader() const {
  return impl_->reader;
}

const base::Path& Archive::path() const {
  return impl_->connection->path();
}

}  // namespace wxcc::store
