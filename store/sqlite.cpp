// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite.h"

#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>

#include "base/url.h"

namespace wxcc::store {
namespace {

using Kind = StoreError::Kind;

int flags_of(Connection::Access access) {
  switch (access) {
    case Connection::Access::Write:
      return SQLite::OPEN_READWRITE;
    case Connection::Access::Read:
      return SQLite::OPEN_READONLY;
    case Connection::Access::Immutable:
      return SQLite::OPEN_READONLY | SQLite::OPEN_URI;
  }
  return 0;
}

std::string name_for_sqlite(const base::Path& path, Connection::Access access) {
  // A relative path could begin with "file:"; an absolute one never does.
  std::string absolute = std::filesystem::absolute(path).string();
  if (access != Connection::Access::Immutable) return absolute;
  std::string uri = "file://";
  for (const char c : absolute) uri += c == '/' ? std::string("/") : base::percent_encode(std::string_view(&c, 1));
  return uri + "?immutable=1";
}

bool is_about_space(int system_error) {
  return system_error == ENOSPC || system_error == EFBIG || system_error == EDQUOT;
}

// SQLite reports SQLITE_FULL only for ENOSPC on a write; quotas, limits and the -shm file come as I/O errors, and
// sqlite3_system_errno() may be that of a later call. The file and its WAL remember their own.
bool ran_out_of_space(sqlite3* handle) {
  int of_file = 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &of_file);
  int of_wal = 0;
  sqlite3_file* wal = nullptr;
  if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal != nullptr &&
      wal->pMethods != nullptr)
    wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &of_wal);
  return is_about_space(of_file) || is_about_space(of_wal) || is_about_space(sqlite3_system_errno(handle));
}

Kind kind_of(int extended) {
  switch (extended & 0xFF) {
    case SQLITE_FULL:
      return Kind::Full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return Kind::ReadOnly;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Kind::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Kind::Corrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return Kind::Constraint;
    case SQLITE_ERROR:
      return Kind::Statement;
    default:
      return Kind::Other;
  }
}

std::string_view advice(Kind kind) {
  switch (kind) {
    case Kind::Full:
      return "; free disk space and retry";
    case Kind::ReadOnly:
      return "; check the permissions of the file, its -wal and -shm, and its directory";
    case Kind::Busy:
      return "; another process is using the archive; retry later";
    case Kind::Corrupt:
      return "; run wxcc-archive verify, and restore a backup if it reports corruption";
    default:
      return "";
  }
}

SQLite::Database open_database(const base::Path& path, Connection::Access access) {
  try {
    return {name_for_sqlite(path, access), flags_of(access), Connection::kBusyTimeoutMs};
  } catch (const SQLite::Exception& exception) {
    const Kind kind = kind_of(exception.getExtendedErrorCode());
    throw StoreError(kind, fmt::format("opening the archive {}: {}{}", path.string(), exception.what(), advice(kind)),
                     exception.what());
  }
}

int on_sqlite_progress(void* function) noexcept {
  try {
    (*static_cast<const std::function<void()>*>(function))();
  } catch (...) {
    return 0;
  }
  return 0;
}

}  // namespace

Connection::Connection(base::Path path, Access access)
    : path_(std::move(path)), database_(open_database(path_, access)) {}

void Connection::execute(const std::string& sql) {
  translate_errors([&] { database_.exec(sql); });
}

void Connection::persist_wal_files() {
  int enabled = 1;
  translate_errors([&] {
    database_.check(sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &enabled));
  });
}

void Connection::set_checkpoint_on_close(CheckpointOnClose allowed) {
  translate_errors([&] {
    database_.check(sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                                      allowed == CheckpointOnClose::Never ? 1 : 0, nullptr));
  });
}

bool Connection::checkpoint() {
  const Operation operation(*this, "checkpointing the WAL");
  sqlite3* const handle = database_.getHandle();
  // A reader must not delay the caller; the frames before its snapshot are copied in any case.
  sqlite3_busy_timeout(handle, 0);
  const int outcome = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  if (kind_of(outcome) == Kind::Busy) return false;
  translate_errors([&] { database_.check(outcome); });
  return true;
}

void Connection::release_memory() {
  sqlite3_db_release_memory(database_.getHandle());
}

std::int64_t Connection::total_changes() const {
  return database_.getTotalChanges();
}

void Connection::copy_into(Connection& target, const std::function<void(int, int)>& progress) {
  constexpr int kPagesPerStep = 4096;
  target.translate_errors([&] {
    SQLite::Backup backup(target.database_, "main", database_, "main");
    while (backup.executeStep(kPagesPerStep) != SQLITE_DONE)
      if (progress) progress(backup.getTotalPageCount() - backup.getRemainingPageCount(), backup.getTotalPageCount());
  });
}

StoreError Connection::error(const SQLite::Exception& exception) const {
  // Exceptions of SQLiteCpp without a connection, as for backups, have no extended code.
  const int extended =
      exception.getExtendedErrorCode() >= 0 ? exception.getExtendedErrorCode() : exception.getErrorCode();
  const bool full = (extended & 0xFF) == SQLITE_IOERR && ran_out_of_space(database_.getHandle());
  const Kind kind = full ? Kind::Full : kind_of(extended);
  return {
      kind,
      fmt::format("{} in {}: {} (SQLite {}){}", operation_, path_.string(), exception.what(), extended, advice(kind)),
      exception.what()};
}

Transaction::Transaction(Connection& connection, std::string operation)
    : operation_(connection, std::move(operation)), connection_(connection) {
  // Data written to an unlinked file is lost with this process.
  int moved = 0;
  sqlite3_file_control(connection_.database_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved != 0)
    throw StoreError(Kind::Other, fmt::format("{} in {}: the file was moved, replaced or deleted while in use; "
                                              "restore it, or restart to create a new archive",
                                              connection_.operation(), connection_.path().string()));
  connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (is_active()) sqlite3_exec(connection_.database_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Transaction::is_active() const {
  return sqlite3_get_autocommit(connection_.database_.getHandle()) == 0;
}

void Transaction::commit() {
  connection_.execute("COMMIT");
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
  connection_.execute("SAVEPOINT part");
}

Savepoint::~Savepoint() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK TO part; RELEASE part");
  } catch (const StoreError&) {
    // SQLite has rolled back the whole transaction, with the savepoint.
    open_ = false;
  }
}

void Savepoint::commit() {
  connection_.execute("RELEASE part");
  open_ = false;
}

ProgressHandler::ProgressHandler(Connection& connection, std::function<void()> on_progress)
    : connection_(connection), on_progress_(std::move(on_progress)) {
  // Takes slightly less than a second.
  constexpr int kInstructionsPerCall = 20'000'000;
  if (on_progress_)
    sqlite3_progress_handler(connection_.database_.getHandle(), kInstructionsPerCall, &on_sqlite_progress,
                             &on_progress_);
}

ProgressHandler::~ProgressHandler() {
  sqlite3_progress_handler(connection_.database_.getHandle(), 0, nullptr, nullptr);
}

}  // namespace wxcc::store
