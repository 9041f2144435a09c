// SPDX-License-Identifier: Apache-2.0
#include "store/connection.h"

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

// SQLite says SQLITE_FULL for ENOSPC on a write alone; quotas, limits and the -shm file come as I/O errors, and
// sqlite3_system_errno() may be that of a later call. The file and its log remember their own.
bool ran_out_of_space(sqlite3* handle) {
  int of_file = 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &of_file);
  int of_log = 0;
  sqlite3_file* log = nullptr;
  if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log != nullptr &&
      log->pMethods != nullptr)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &of_log);
  return is_about_space(of_file) || is_about_space(of_log) || is_about_space(sqlite3_system_errno(handle));
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
    default:
      return Kind::Other;
  }
}

std::string_view advice(Kind kind) {
  switch (kind) {
    case Kind::Full:
      return "; make room on its file system, then the same works";
    case Kind::ReadOnly:
      return "; look at the permissions of the file, of its -wal and -shm, and of its folder";
    case Kind::Busy:
      return "; another process is using it, try again later";
    case Kind::Corrupt:
      return "; run `wxcc-archive verify`, restore a backup if it confirms the damage";
    case Kind::Other:
      return "";
  }
  return "";
}

SQLite::Database open_database(const base::Path& path, Connection::Access access) {
  try {
    return {name_for_sqlite(path, access), flags_of(access), Connection::kBusyTimeoutMs};
  } catch (const SQLite::Exception& exception) {
    const Kind kind = kind_of(exception.getExtendedErrorCode());
    throw StoreError(kind, fmt::format("opening the archive {}: {}{}", path.string(), exception.what(), advice(kind)));
  }
}

}  // namespace

Connection::Connection(base::Path path, Access access)
    : path_(std::move(path)), database_(open_database(path_, access)) {}

void Connection::execute(const std::string& sql) {
  database_.exec(sql);
}

std::unique_ptr<SQLite::Statement> Connection::take_statement(const char* sql) {
  const auto found = idle_.find(sql);
  if (found == idle_.end()) return std::make_unique<SQLite::Statement>(database_, sql);
  return std::move(idle_.extract(found).mapped());
}

void Connection::give_back(const char* sql, std::unique_ptr<SQLite::Statement> statement) {
  idle_.emplace(sql, std::move(statement));
}

Connection::RollbackUnlessCommitted::~RollbackUnlessCommitted() {
  sqlite3* const handle = connection_.database_.getHandle();
  // SQLite itself rolls back on some errors; then there is nothing left to do.
  if (sqlite3_get_autocommit(handle) == 0) sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Connection::refuse_moved_file(std::string_view doing) {
  int moved = 0;
  sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  if (moved != 0)
    throw StoreError(Kind::Other, fmt::format("{} in {}: the file was moved, replaced or deleted while in use; put it "
                                              "back, or start again to begin a new archive",
                                              doing, path_.string()));
}

StoreError Connection::store_error(std::string_view doing, const SQLite::Exception& exception) const {
  // What SQLiteCpp throws without asking the connection, as for backups, has no extended code.
  const int extended =
      exception.getExtendedErrorCode() >= 0 ? exception.getExtendedErrorCode() : exception.getErrorCode();
  const bool full = (extended & 0xFF) == SQLITE_IOERR && ran_out_of_space(database_.getHandle());
  const Kind kind = full ? Kind::Full : kind_of(extended);
  return {kind,
          fmt::format("{} in {}: {} (SQLite {}){}", doing, path_.string(), exception.what(), extended, advice(kind))};
}

}  // namespace wxcc::store
