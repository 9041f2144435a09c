// SPDX-License-Identifier: Apache-2.0
#include "store/archive_file.h"

#include <fcntl.h>
#include <fmt/format.h>
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
#include "store/statement.h"

namespace wxcc::store {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kDirectoryMode = 02750;

base::ConfigurationError not_an_archive_error(const base::Path& path, std::string_view reason) {
  return base::ConfigurationError(
      fmt::format("{} is not an archive: {}; configure another path", path.string(), reason));
}

base::Path sibling_path(const base::Path& path, std::string_view suffix) {
  return path.string() + std::string(suffix);
}

// From the file's header (sqlite.org/fileformat2.html, section 1.3), not through a connection: after a kill in the
// middle of a checkpoint the file alone, without its WAL, may be no database that SQLite opens.
std::int64_t application_id_of(const base::Path& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  constexpr std::size_t kApplicationIdAt = 68;
  std::array<unsigned char, kApplicationIdAt + 4> header{};
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) throw base::FileError("opening the archive", path, errno);
  const ssize_t got = ::pread(fd.get(), header.data(), header.size(), 0);
  if (got < 0) throw base::FileError("reading the archive", path, errno);
  if (static_cast<std::size_t>(got) < header.size() || std::memcmp(header.data(), kMagic.data(), kMagic.size()) != 0)
    throw not_an_archive_error(path, "not a SQLite database");
  std::int64_t id = 0;
  for (std::size_t i = kApplicationIdAt; i < header.size(); ++i) id = id << 8 | header[i];
  return id;
}

void create_empty(const base::Path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!fd.valid()) throw base::FileError("creating", path, errno);
  if (::fchmod(fd.get(), kFileMode) != 0) throw base::FileError("setting the mode of", path, errno);
}

// SQLite would replay the WAL of a deleted archive into the new one. An empty WAL holds no changes.
void check_no_orphaned_wal(const base::Path& path) {
  for (const char* suffix : {"-wal", "-journal"}) {
    const base::Path wal = sibling_path(path, suffix);
    std::error_code missing;
    if (std::filesystem::file_size(wal, missing) > 0 && !missing)
      throw base::ConfigurationError(fmt::format(
          "the archive {} is missing, but {} holds changes of it; restore the archive or move that file away",
          path.string(), wal.string()));
  }
  ::unlink(sibling_path(path, "-wal").c_str());
  ::unlink(sibling_path(path, "-shm").c_str());
}

void initialise_schema(const base::Path& path, const std::string& org_id, const std::string& program,
                       base::Instant now) {
  Connection connection(path, Connection::Access::Write);
  const Operation operation(connection, "creating the archive");
  // No other process opens the file under this name; it is flushed once, before the rename.
  connection.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = ON");
  connection.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
  migrate(connection, schema(), now);
  Transaction transaction(connection, "creating the archive");
  Statement(connection,
            "INSERT INTO organisation (only_row, org_id, created_ms, program, tombstone_key) "
            "VALUES (1, :org_id, :created_ms, :program, :tombstone_key)")
      .run(org_id, now, program, Blob{base::random_bytes(32)});
  AuditLog(connection, program).append("create", "{}", now);
  transaction.commit();
  connection.execute("PRAGMA journal_mode = WAL");
}

// A copied archive has no -wal and -shm, and where the directory cannot be written SQLite cannot make them. Without a
// WAL the file alone holds everything.
std::unique_ptr<Connection> connect_read_only(const base::Path& path) {
  try {
    auto connection = std::make_unique<Connection>(path, Connection::Access::Read);
    schema_version(*connection);
    return connection;
  } catch (const StoreError& error) {
    std::error_code missing;
    const auto wal_size = std::filesystem::file_size(sibling_path(path, "-wal"), missing);
    if (error.kind() != StoreError::Kind::ReadOnly || (!missing && wal_size > 0)) throw;
  }
  return std::make_unique<Connection>(path, Connection::Access::Immutable);
}

}  // namespace

void flush(const base::Path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) throw base::FileError("flushing", path, errno);
}

void remove_database(const base::Path& path) {
  for (const char* suffix : kDatabaseSuffixes) ::unlink(sibling_path(path, suffix).c_str());
}

FileState inspect(const base::Path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return FileState::Missing;
    throw base::FileError("inspecting the archive", path, errno);
  }
  if (S_ISLNK(info.st_mode)) throw not_an_archive_error(path, "a symbolic link, which is not followed");
  if (!S_ISREG(info.st_mode)) throw not_an_archive_error(path, "not a regular file");
  if (info.st_size == 0) throw not_an_archive_error(path, "an empty file");
  const std::int64_t id = application_id_of(path);
  if (id != kApplicationId)
    throw not_an_archive_error(path, fmt::format("a SQLite database of another application (application_id {})", id));
  return FileState::Archive;
}

void create_parent_directories(const base::Path& path) {
  const base::Path directory = path.parent_path();
  if (directory.empty() || std::filesystem::exists(directory)) return;
  create_parent_directories(directory);
  // Below a directory with the set-group-ID bit, the new one inherits both group and bit. Under systemd's
  // RestrictSUIDSGID= that is the only way to the bit: setting it fails with EPERM, also where it is set already.
  if (::mkdir(directory.c_str(), kDirectoryMode & mode_t{0777}) != 0 && errno != EEXIST)
    throw base::FileError("creating the directory", directory, errno);
  if (::chmod(directory.c_str(), kDirectoryMode) != 0 && errno != EPERM)
    throw base::FileError("setting the mode of", directory, errno);
}

void create_archive(const base::Path& path, const std::string& org_id, const std::string& program, base::Instant now) {
  check_no_orphaned_wal(path);
  const base::Path unfinished = sibling_path(path, ".new");
  remove_database(unfinished);
  create_empty(unfinished);
  try {
    initialise_schema(unfinished, org_id, program, now);
    flush(unfinished);
    if (std::rename(unfinished.c_str(), path.c_str()) != 0)
      throw base::FileError("renaming the new archive to", path, errno);
  } catch (...) {
    remove_database(unfinished);
    throw;
  }
  base::flush_directory_of(path);
}

void copy_pages(Connection& from, const base::Path& into, const std::function<void(int, int)>& progress) {
  create_empty(into);
  {
    Connection copy(into, Connection::Access::Write);
    const Operation operation(copy, "copying the archive");
    copy.execute("PRAGMA synchronous = OFF");
    // In a transaction of the source all portions see one state, and a writer does not restart the copy.
    from.execute("BEGIN DEFERRED; SELECT 1 FROM organisation");
    try {
      from.copy_into(copy, progress);
    } catch (...) {
      from.execute("ROLLBACK");
      throw;
    }
    from.execute("COMMIT");
    // One file, that can be moved without -wal and -shm.
    copy.execute("PRAGMA journal_mode = DELETE");
  }
  flush(into);
}

base::FileLock acquire_writer_lock(const base::Path& path, const std::string& program, base::Instant now) {
  const base::Path lock_path = sibling_path(path, ".lock");
  std::optional<base::FileLock> lock = base::FileLock::try_acquire(lock_path, kFileMode);
  if (!lock) {
    const std::string holder = base::FileLock::read_owner(lock_path);
    throw base::TemporaryFailure(fmt::format("the archive {} is locked by {}; only one program may write at a time",
                                             path.string(), holder.empty() ? "another program" : holder));
  }
  lock->write_owner(fmt::format("{}, pid {}, since {}", program, ::getpid(), base::to_iso8601_seconds(now)));
  return std::move(*lock);
}

void check_schema_not_newer(Connection& connection) {
  const int found = schema_version(connection);
  const int supported = newest_schema_version();
  if (found > supported)
    throw base::ConfigurationError(fmt::format(
        "the archive {} has schema {}, this program supports schemas up to {}; install a newer wxcc-archive",
        connection.path().string(), found, supported));
}

std::string read_organisation(Connection& connection) {
  Statement statement(connection, "SELECT org_id FROM organisation");
  Rows row = statement.query_one();
  return row ? row.text() : std::string();
}

std::unique_ptr<Connection> open_read_only(const base::Path& path) {
  if (inspect(path) == FileState::Missing)
    throw StoreError(StoreError::Kind::Missing, fmt::format("the archive {} does not exist", path.string()));
  std::unique_ptr<Connection> connection = connect_read_only(path);
  check_schema_not_newer(*connection);
  const int found = schema_version(*connection);
  const int supported = newest_schema_version();
  if (found < supported)
    throw base::ConfigurationError(
        fmt::format("the archive {} has schema {}, this program reads schema {}; the service or sync migrates it",
                    path.string(), found, supported));
  return connection;
}

std::optional<base::FileLock> try_lock_writer(const base::Path& path) {
  const base::Path lock = sibling_path(path, ".lock");
  if (::access(path.c_str(), W_OK) != 0 || ::access(lock.c_str(), W_OK) != 0) return std::nullopt;
  return base::FileLock::try_acquire(lock);
}

}  // namespace wxcc::store
