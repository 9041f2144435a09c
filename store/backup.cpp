// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

#include "base/digest.h"
#include "base/error.h"
#include "store/archive_file.h"
#include "store/reader.h"
#include "store/service_state.h"
#include "store/sqlite.h"
#include "store/verify.h"

namespace wxcc::store {
namespace {

// The name of the copy until it is complete. No other file has it.
base::Path part_path(const base::Path& target) {
  return fmt::format("{}.{}.part", target.string(), base::to_hex(base::random_bytes(4)));
}

BackupResult finish(const base::Path& part, base::Instant now) {
  BackupResult result;
  {
    Connection copy(part, Connection::Access::Write);
    Transaction transaction(copy, "marking the copy");
    ServiceState(copy).set_copied_at(now);
    const Counts counts = Reader(copy).counts();
    result.conversations = counts.tasks();
    result.messages = counts.messages;
    transaction.commit();
  }
  require_integrity(part);
  flush(part);
  result.bytes = std::filesystem::file_size(part);
  return result;
}

void publish(const base::Path& part, const base::Path& target, base::OverwritePolicy overwrite) {
  const unsigned flags = overwrite == base::OverwritePolicy::Overwrite ? 0 : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), flags) != 0)
    throw base::FileError("renaming the copy to", target, errno);
  base::flush_directory_of(target);
}

void check_target(const base::Path& archive, const base::Path& target, base::OverwritePolicy overwrite) {
  std::error_code missing;
  if (std::filesystem::equivalent(archive, target, missing))
    throw StoreError(StoreError::Kind::Other, fmt::format("the target {} is the archive itself", target.string()));
  if (overwrite == base::OverwritePolicy::Fail && std::filesystem::exists(std::filesystem::symlink_status(target)))
    throw StoreError(StoreError::Kind::Exists, fmt::format("the target {} already exists", target.string()));
}

}  // namespace

BackupResult back_up(const base::Path& archive, const base::Path& target, const BackupOptions& options,
                     base::Instant now) {
  const std::unique_ptr<Connection> from = open_read_only(archive);
  check_target(archive, target, options.overwrite);
  const base::Path part = part_path(target);
  try {
    copy_pages(*from, part, options.progress);
    const BackupResult result = finish(part, now);
    publish(part, target, options.overwrite);
    return result;
  } catch (...) {
    remove_database(part);
    throw;
  }
}

}  // namespace wxcc::store
