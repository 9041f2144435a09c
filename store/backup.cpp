// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "store/archive_file.h"
#include "store/connection.h"
#include "store/open_for_reading.h"
#include "store/query.h"
#include "store/shared_reads.h"
#include "store/verify.h"

namespace wxcc::store {
namespace {

constexpr int kPagesAtOnce = 4096;
constexpr mode_t kMode = 0640;

void make_private_file(const base::Path& path) {
  ::unlink(path.c_str());
  const base::FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
  if (!fd.valid()) throw base::FileError("creating", path, errno);
  if (::fchmod(fd.get(), kMode) != 0) throw base::FileError("setting the mode of", path, errno);
}

void flush(const base::Path& path) {
  const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) throw base::FileError("flushing", path, errno);
}

void mark_as_copy(Connection& copy, base::Instant now) {
  copy.transaction("marking the copy", [&] {
    Query(copy,
          "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = "
          "excluded.value")
        .bind(":name", std::string(kCopySetting))
        .bind(":value", std::to_string(base::to_ms(now)))
        .run();
  });
}

BackupResult finish(const base::Path& part, base::Instant now) {
  BackupResult result;
  {
    Connection copy(part, Connection::Access::Write);
    mark_as_copy(copy, now);
    copy.guarded("counting", [&] {
      const Counts counts = read_counts(copy);
      result.conversations = counts.tasks();
      result.messages = counts.messages;
    });
  }
  require_sound(part);
  flush(part);
  result.bytes = std::filesystem::file_size(part);
  return result;
}

void give_name(const base::Path& part, const base::Path& target, BackupOptions::Existing existing) {
  const unsigned flags = existing == BackupOptions::Existing::Replace ? 0 : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), flags) != 0)
    throw base::FileError("naming the copy", target, errno);
  flush(target.has_parent_path() ? target.parent_path() : base::Path("."));
}

void refuse_target(const base::Path& archive, const base::Path& target, BackupOptions::Existing existing) {
  std::error_code missing;
  if (std::filesystem::equivalent(archive, target, missing))
    throw base::UsageError(fmt::format("{} is the archive itself", target.string()));
  if (existing == BackupOptions::Existing::Refuse && std::filesystem::exists(std::filesystem::symlink_status(target)))
    throw base::Error(fmt::format("{} exists already; --force replaces it", target.string()));
}

}  // namespace

void copy_pages(Connection& from, const base::Path& into, const std::function<void(int, int)>& progress) {
  make_private_file(into);
  Connection copy(into, Connection::Access::Write);
  copy.guarded("copying the archive", [&] {
    copy.execute("PRAGMA synchronous = OFF");
    // Within a transaction of the source all steps see one state, and a writer does not make them begin anew.
    from.execute("BEGIN DEFERRED; SELECT 1 FROM organisation");
    try {
      SQLite::Backup backup(copy.database(), "main", from.database(), "main");
      while (backup.executeStep(kPagesAtOnce) != SQLITE_DONE)
        if (progress) progress(backup.getTotalPageCount() - backup.getRemainingPageCount(), backup.getTotalPageCount());
    } catch (...) {
      from.execute("ROLLBACK");
      throw;
    }
    from.execute("COMMIT");
    // One file, that can be moved without the two beside it.
    copy.execute("PRAGMA journal_mode = DELETE");
  });
  flush(into);
}

BackupResult back_up(const base::Path& archive, const base::Path& target, const BackupOptions& options,
                     base::Instant now) {
  const std::unique_ptr<Connection> from = open_for_reading(archive);
  refuse_target(archive, target, options.existing);
  const base::Path part = target.string() + ".part";
  try {
    copy_pages(*from, part, options.progress);
    const BackupResult result = finish(part, now);
    give_name(part, target, options.existing);
    return result;
  } catch (...) {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((part.string() + suffix).c_str());
    throw;
  }
}

}  // namespace wxcc::store
