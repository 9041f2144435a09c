// SPDX-License-Identifier: Apache-2.0
#include "store/archive_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/digest.h"
#include "base/error.h"
#include "store/audit.h"
#include "store/migrations.h"
#include "store/query.h"

namespace wxcc::store {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 02750;

base::ConfigurationError refusal(const base::Path& path, std::string_view reason) {
  return base::ConfigurationError(fmt::format("{} is not an archive: {}; name another file", path.string(), reason));
}

base::Path beside(const base::Path& path, std::string_view suffix) {
  return path.string() + std::string(suffix);
}

// From the file's header (sqlite.org/fileformat2.html, section 1.3), which no connection may be asked for: after a kill
// in the middle of a checkpoint the file alone, without its log, is no database that SQLite would open.
std::int64_t application_id_of(const base::Path& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  constexpr std::size_t kApplicationIdAt = 68;
  std::array<unsigned char, kApplicationIdAt + 4> header{};
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) throw base::FileError("opening the archive", path, errno);
  const ssize_t got = ::pread(fd.get(), header.data(), header.size(), 0);
  if (got < 0) throw base::FileError("reading the archive", path, errno);
  if (static_cast<std::size_t>(got) < header.size() || std::memcmp(header.data(), kMagic.data(), kMagic.size()) != 0)
    throw refusal(path, "it is no SQLite database");
  std::int64_t id = 0;
  for (std::size_t i = kApplicationIdAt; i < header.size(); ++i) id = id << 8 | header[i];
  return id;
}

void create_empty(const base::Path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!fd.valid()) throw base::FileError("creating", path, errno);
  if (::fchmod(fd.get(), kFileMode) != 0) throw base::FileError("setting the mode of", path, errno);
}

// Best effort: what stays is reported by those who need the name.
void remove_database(const base::Path& path) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink(beside(path, suffix).c_str());
}

// SQLite would read the log of an archive that is gone into the new one. An empty log holds nothing.
void refuse_orphaned_log(const base::Path& path) {
  for (const char* suffix : {"-wal", "-journal"}) {
    const base::Path log = beside(path, suffix);
    std::error_code missing;
    if (std::filesystem::file_size(log, missing) > 0 && !missing)
      throw base::ConfigurationError(
          fmt::format("there is no archive {}, but {} with changes of one; put the archive back or move that file away",
                      path.string(), log.string()));
  }
  ::unlink(beside(path, "-wal").c_str());
  ::unlink(beside(path, "-shm").c_str());
}

void fill(const base::Path& path, const std::string& org_id, const std::string& program, base::Instant now) {
  Connection connection(path, Connection::Access::Write);
  connection.guarded("creating the archive", [&] {
    // Nobody knows the file yet; it is flushed once, before it gets its name.
    connection.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON");
    connection.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
  });
  migrate(connection, migrations(), now);
  connection.transaction("creating the archive", [&] {
    Query(connection,
          "INSERT INTO organisation (only_row, org_id, created_ms, program, tombstone_key) "
          "VALUES (1, :org_id, :created_ms, :program, :tombstone_key)")
        .bind(":org_id", org_id)
        .bind(":created_ms", now)
        .bind(":program", program)
        .bind_blob(":tombstone_key", base::random_bytes(32))
        .run();
    append_audit(connection, {0, now, "create", program, account_name(), "{}"});
  });
  connection.guarded("creating the archive", [&] { connection.execute("PRAGMA journal_mode = WAL"); });
}

void flush(const base::Path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) throw base::FileError("flushing", path, errno);
}

}  // namespace

FileState look_at(const base::Path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return FileState::Missing;
    throw base::FileError("looking at the archive", path, errno);
  }
  if (S_ISLNK(info.st_mode)) throw refusal(path, "it is a symbolic link, and links are not followed");
  if (!S_ISREG(info.st_mode)) throw refusal(path, "it is no regular file");
  if (info.st_size == 0) throw refusal(path, "it is empty");
  const std::int64_t id = application_id_of(path);
  if (id != kApplicationId)
    throw refusal(path, fmt::format("it is a SQLite database of something else (application_id {})", id));
  return FileState::Archive;
}

void create_folders_for(const base::Path& path) {
  const base::Path folder = path.parent_path();
  if (folder.empty() || std::filesystem::exists(folder)) return;
  create_folders_for(folder);
  // Below a folder whose group is inherited, the new one inherits both group and bit. Under systemd's RestrictSUIDSGID=
  // that is the only way to the bit: asking for it is refused, also where it is set already.
  if (::mkdir(folder.c_str(), kFolderMode & mode_t{0777}) != 0 && errno != EEXIST)
    throw base::FileError("creating the folder", folder, errno);
  if (::chmod(folder.c_str(), kFolderMode) != 0 && errno != EPERM)
    throw base::FileError("setting the mode of", folder, errno);
}

void create_archive(const base::Path& path, const std::string& org_id, const std::string& program, base::Instant now) {
  refuse_orphaned_log(path);
  const base::Path unfinished = beside(path, ".new");
  remove_database(unfinished);
  create_empty(unfinished);
  try {
    fill(unfinished, org_id, program, now);
    flush(unfinished);
    if (std::rename(unfinished.c_str(), path.c_str()) != 0)
      throw base::FileError("naming the new archive", path, errno);
  } catch (...) {
    remove_database(unfinished);
    throw;
  }
  flush(path.has_parent_path() ? path.parent_path() : base::Path("."));
}

base::FileLock lock_for_writing(const base::Path& path, const std::string& program, base::Instant now) {
  const base::Path lock_path = beside(path, ".lock");
  std::optional<base::FileLock> lock = base::FileLock::try_now(lock_path, kFileMode);
  if (!lock) {
    const std::string holder = base::FileLock::read_holder(lock_path);
    throw base::TryAgainLater(fmt::format("the archive {} is in use by {}; only one program may write at a time",
                                          path.string(), holder.empty() ? "another program" : holder));
  }
  lock->write_holder(fmt::format("{}, pid {}, since {}", program, ::getpid(), base::to_iso8601_seconds(now)));
  return std::move(*lock);
}

void refuse_newer_schema(Connection& connection) {
  const int found = schema_version(connection);
  const int known = newest_schema_version();
  if (found > known)
    throw base::ConfigurationError(
        fmt::format("the archive {} has schema {}, this program knows schemas up to {}; install a newer wxcc-archive",
                    connection.path().string(), found, known));
}

void keep_log_files(Connection& connection) {
  int enabled = 1;
  connection.database().check(
      sqlite3_file_control(connection.database().getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &enabled));
}

std::string organisation_of(Connection& connection) {
  return connection.guarded("reading the organisation", [&] {
    Query query(connection, "SELECT org_id FROM organisation");
    return query.step() ? Columns(query).text() : std::string();
  });
}

}  // namespace wxcc::store
