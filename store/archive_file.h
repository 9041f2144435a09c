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

// The archive as a file: creation, recognition, locks and copies.

// "WXCA", PRAGMA application_id of every archive.
inline constexpr std::int32_t kApplicationId = 0x57584341;

enum class FileState { Missing, Archive };

// Writes nothing, not even -wal or -shm. Throws base::ConfigurationError for anything else at that path: a symbolic
// link, no regular file, no SQLite database, another program's database.
FileState inspect(const base::Path& path);

// A new archive of that organisation at the newest schema, mode 0640 whatever the umask; missing directories are
// created, 2750. It is created under another name and renamed when complete, so that the path never names half an
// archive. The caller holds the lock. Throws StoreError, base::FileError, or base::ConfigurationError when the WAL of a
// deleted archive still exists.
void create_archive(const base::Path& path, const std::string& org_id, const std::string& program, base::Instant now);

// Creates the missing directories of the path, 2750 (under RestrictSUIDSGID= 0750, unless the bit is inherited): the
// group of the parent directory reads, no other user.
void create_parent_directories(const base::Path& path);

// The writer's lock, on <path>.lock. Throws base::TemporaryFailure naming the owner.
base::FileLock acquire_writer_lock(const base::Path& path, const std::string& program, base::Instant now);

// Throws base::ConfigurationError when the schema is newer than this program (both numbers named).
void check_schema_not_newer(Connection& connection);

std::string read_organisation(Connection& connection);

// Opens the archive without writing to it. Throws StoreError (Missing when there is no such file), and
// base::ConfigurationError when it is no archive, or its schema is newer than this program's, or older: the writer
// migrates it.
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
