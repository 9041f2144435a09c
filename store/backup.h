// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "base/atomic_file.h"
#include "base/file.h"
#include "base/instant.h"

namespace wxcc::store {

struct BackupOptions {
  base::OverwritePolicy overwrite = base::OverwritePolicy::Fail;
  std::function<void(int done_pages, int of_pages)> progress;  // may be empty
};

struct BackupResult {
  std::uint64_t bytes = 0;
  std::int64_t conversations = 0;
  std::int64_t messages = 0;
};

// A copy of one state of the archive while others read and write it; needs no write permission on the archive. The copy
// is one file without a WAL, mode 0640, verified (require_integrity) and on disk before it gets its name: the target
// never names half a copy. It is written to a new file, <target>.<8 random hexadecimal digits>.part. The first writer
// that opens such a copy as its archive records the restore in the audit. Throws StoreError (Exists when the target
// exists, or is the archive itself) and base::FileError; nothing is changed then.
BackupResult back_up(const base::Path& archive, const base::Path& target, const BackupOptions& options,
                     base::Instant now);

}  // namespace wxcc::store
