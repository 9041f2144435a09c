// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/instant.h"
#include "store/sqlite.h"

namespace wxcc::store {

// The archive as a file: how it comes to be, and how one tells that it is one.

// "WXCA", PRAGMA application_id of every archive.
inline constexpr std::int32_t kApplicationId = 0x57584341;

enum class FileState { Missing, Archive };

// Looks without writing anything, not even -wal or -shm. Throws base::ConfigurationError for anything else in that
// place: a symbolic link, no regular file, no SQLite database, another program's database.
FileState inspect(const base::Path& path);

// A new archive of that organisation at the newest schema, mode 0640 whatever the umask; missing folders are made,
// 2750. It is made beside the path and renamed when complete, so that the path never names half an archive. The caller
// holds the lock. Throws StoreError, base::FileError, or base::ConfigurationError when the log of an archive that is
// gone is in the way.
void create_archive(const base::Path& path, const std::string& org_id, const std::string& program, base::Instant now);

// The folders on the way to the path that do not exist yet, 2750 (under RestrictSUIDSGID= 0750, unless the bit is
// inherited): the group of the folder above reads, nobody else.
void create_folders_for(const base::Path& path);

// The writer's lock, on <path>.lock. Throws base::TemporaryFailure with the words of the holder.
base::FileLock acquire_writer_lock(const base::Path& path, const std::string& program, base::Instant now);

// Throws base::ConfigurationError when the schema is newer than this program (both numbers named).
void check_schema_not_newer(Connection& connection);

std::string organisation_of(Connection& connection);

// Opens the archive without writing to it. Throws StoreError (Missing when there is no such file), and
// base::ConfigurationError when it is no archive, or its schema is newer than this program or older, which the writer
// mends.
std::unique_ptr<Connection> open_read_only(const base::Path& path);

// The writer's lock when no writer has it and the caller may write; std::nullopt otherwise.
std::optional<base::FileLock> try_lock_writer(const base::Path& path);

// Copies the archive, of whatever schema, into a file that must not exist yet and is the caller's to name. The progress
// may be empty.
void copy_pages(Connection& from, const base::Path& into,
                const std::function<void(int done_pages, int of_pages)>& progress);

// Flushes a file or a directory to the disk. Throws base::FileError.
void flush(const base::Path& path);
// The files that SQLite keeps for a database, as suffixes of its path.
inline constexpr const char* kDatabaseSuffixes[] = {"", "-wal", "-shm", "-journal"};
// Best effort.
void remove_database(const base::Path& path);

}  // namespace wxcc::store
