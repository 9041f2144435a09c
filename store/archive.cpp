// SPDX-License-Identifier: Apache-2.0
#include "store/archive.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "store/archive_file.h"
#include "store/conversations.h"
#include "store/coverage.h"
#include "store/migrations.h"
#include "store/statement.h"

namespace wxcc::store {
namespace {

void check_organisation(Connection& connection, const std::string& org_id) {
  const std::string owner = read_organisation(connection);
  if (owner != org_id)
    throw base::ConfigurationError(fmt::format("the archive {} belongs to organisation {}, the configuration names {}",
                                               connection.path().string(), owner, org_id));
}

std::unique_ptr<Connection> connect(const Archive::Options& options, base::Instant now) {
  auto connection = std::make_unique<Connection>(options.path, Connection::Access::Write);
  const Operation operation(*connection, "opening");
  // Before the checks have passed nothing may be written to the file, not even by the checkpoint of a remaining WAL.
  connection->set_checkpoint_on_close(Connection::CheckpointOnClose::Never);
  check_schema_not_newer(*connection);
  check_organisation(*connection, options.org_id);
  connection->set_checkpoint_on_close(Connection::CheckpointOnClose::Allowed);
  connection->persist_wal_files();
  connection->execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; "
      "PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON");
  backup_and_migrate(*connection, schema(), now, options.migration_progress);
  return connection;
}

}  // namespace

struct Archive::Impl {
  Impl(base::FileLock writer_lock, std::unique_ptr<Connection> open_connection, const std::string& program)
      : lock(std::move(writer_lock)),
        connection(std::move(open_connection)),
        audit(*connection, program),
        service(*connection),
        queue(*connection),
        conversations(*connection, queue),
        removal(*connection, conversations, service, audit),
        reader(*connection),
        select_next_to_reparse(
            *connection,
            "SELECT DISTINCT task_key FROM transcript WHERE task_key > :after ORDER BY task_key LIMIT :limit") {}

  StoreResult store(const FetchResult& result, const Transaction& transaction, base::Instant now);
  StoreResult store_alone(const Transaction& transaction, const std::function<StoreResult()>& work);

  // Released last.
  base::FileLock lock;
  std::unique_ptr<Connection> connection;
  AuditLog audit;
  ServiceState service;
  FetchQueue queue;
  Conversations conversations;
  Removal removal;
  Reader reader;
  Statement select_next_to_reparse;
};

namespace {

// A backup that has become the archive gets one audit entry.
void record_restore(Connection& connection, ServiceState& service, AuditLog& audit, base::Instant now) {
  const std::optional<base::Instant> copied = service.copied_at();
  if (!copied) return;
  Transaction transaction(connection, "recording the restore");
  audit.append("restore", fmt::format(R"({{"copied_ms":{}}})", base::to_ms(*copied)), now);
  service.set_copied_at(std::nullopt);
  transaction.commit();
}

}  // namespace

Archive Archive::open(const Options& options, base::Instant now) {
  if (options.org_id.empty()) throw base::ConfigurationError("no org_id: an archive needs the id of its organisation");
  create_parent_directories(options.path);
  base::FileLock lock = acquire_writer_lock(options.path, options.program, now);
  if (inspect(options.path) == FileState::Missing) create_archive(options.path, options.org_id, options.program, now);
  auto impl = std::make_unique<Impl>(std::move(lock), connect(options, now), options.program);
  record_restore(*impl->connection, impl->service, impl->audit, now);
  return Archive(std::move(impl));
}

Archive::Archive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Upserted Archive::commit_page(const std::vector<model::Task>& tasks, const std::optional<Scan>& completed,
                              std::optional<base::Instant> new_mark, base::Instant now) {
  Transaction transaction(*impl_->connection, "storing a page of tasks");
  const Upserted result = impl_->conversations.upsert(tasks, now);
  if (completed) add_scan(*impl_->connection, *completed);
  if (new_mark) advance_mark(*impl_->connection, *new_mark);
  transaction.commit();
  return result;
}

// A violated constraint undoes the work, and nothing else of the transaction.
StoreResult Archive::Impl::store_alone(const Transaction& transaction, const std::function<StoreResult()>& work) {
  try {
    Savepoint savepoint(*connection);
    StoreResult stored = work();
    if (stored.error.empty()) savepoint.commit();
    return stored;
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::Constraint || !transaction.is_active()) throw;
    return {.error = error.what()};
  }
}

StoreResult Archive::Impl::store(const FetchResult& result, const Transaction& transaction, base::Instant now) {
  StoreResult stored = store_alone(transaction, [&] { return conversations.store(result, now); });
  if (stored.error.empty() || result.outcome == FetchResult::Outcome::Fetched) return stored;
  // Otherwise the task would stay due and be fetched again at once, in a loop.
  const StoreResult postponed = store_alone(transaction, [&] { return conversations.postpone(result, now); });
  stored.due_now = !postponed.error.empty();
  return stored;
}

std::vector<StoreResult> Archive::commit_fetched(std::span<const FetchResult> results, base::Instant now) {
  std::vector<StoreResult> stored;
  if (results.empty()) return stored;
  stored.reserve(results.size());
  Transaction transaction(*impl_->connection, "storing transcripts");
  for (const FetchResult& result : results) stored.push_back(impl_->store(result, transaction, now));
  transaction.commit();
  return stored;
}

ReparseStats Archive::reparse_next(const Parser& parser, int tasks, base::Instant now) {
  Transaction transaction(*impl_->connection, "reparsing transcripts");
  const std::string& program = impl_->audit.program();
  std::vector<std::int64_t> keys;
  {
    Rows rows = impl_->select_next_to_reparse.query(impl_->service.reparsed_up_to(program), tasks);
    while (rows.next()) keys.push_back(rows.count());
  }
  ReparseStats total;
  for (const std::int64_t key : keys) total += impl_->conversations.reparse(key, parser, now);
  if (keys.empty())
    impl_->service.clear_reparsed();
  else
    impl_->service.set_reparsed_up_to(program, keys.back());
  transaction.commit();
  return total;
}

AuditHead Archive::finish_reparse(const ReparseStats& total, base::Instant now) {
  base::JsonWriter details;
  details.begin_object().member("transcripts", total.transcripts).member("changed", total.changed);
  details.member("newly_parsable", total.newly_parsable).member("now_unparsable", total.now_unparsable);
  details.end_object();
  return impl_->audit.record("reparse", details.text(), now);
}

FetchQueue& Archive::queue() {
  return impl_->queue;
}

ServiceState& Archive::service() {
  return impl_->service;
}

Removal& Archive::removal() {
  return impl_->removal;
}

const Reader& Archive::reader() const {
  return impl_->reader;
}

bool Archive::checkpoint() {
  return impl_->connection->checkpoint();
}

void Archive::release_memory() const {
  impl_->connection->release_memory();
}

const base::Path& Archive::path() const {
  return impl_->connection->path();
}

}  // namespace wxcc::store
