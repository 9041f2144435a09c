// SPDX-License-Identifier: Apache-2.0
#include "store/open_for_reading.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "store/archive_file.h"
#include "store/migrations.h"

namespace wxcc::store {
namespace {

bool has_log(const base::Path& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path.string() + "-wal", missing);
  return !missing && size > 0;
}

// A copied archive has no -wal and -shm, and where the folder cannot be written SQLite cannot make them. Without a log
// there is nothing in them, so the file alone tells everything.
std::unique_ptr<Connection> connect(const base::Path& path) {
  try {
    auto connection = std::make_unique<Connection>(path, Connection::Access::Read);
    schema_version(*connection);
    return connection;
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::ReadOnly || has_log(path)) throw;
  }
  return std::make_unique<Connection>(path, Connection::Access::Immutable);
}

void refuse_older_schema(Connection& connection) {
  const int found = schema_version(connection);
  const int known = newest_schema_version();
  if (found < known)
    throw base::ConfigurationError(fmt::format(
        "the archive {} has schema {}, this program reads schema {}; run the daemon or `wxcc-archive sync` once",
        connection.path().string(), found, known));
}

}  // namespace

std::unique_ptr<Connection> open_for_reading(const base::Path& path) {
  if (look_at(path) == FileState::Missing)
    throw base::ConfigurationError(
        fmt::format("there is no archive {}; `wxcc-archive daemon` or `wxcc-archive sync` makes one", path.string()));
  std::unique_ptr<Connection> connection = connect(path);
  refuse_newer_schema(*connection);
  refuse_older_schema(*connection);
  return connection;
}

std::optional<base::FileLock> lock_if_free(const base::Path& path) {
  const base::Path lock = path.string() + ".lock";
  if (::access(path.c_str(), W_OK) != 0 || ::access(lock.c_str(), W_OK) != 0) return std::nullopt;
  return base::FileLock::try_now(lock);
}

}  // namespace wxcc::store
