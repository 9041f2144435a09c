// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "store/audit.h"
#include "store/coverage.h"
#include "store/fetch_queue.h"
#include "store/fetch_result.h"
#include "store/reader.h"
#include "store/removal.h"
#include "store/service_state.h"
#include "store/store_error.h"
#include "store/task_table.h"
#include "store/transcript_table.h"

namespace wxcc::store {

// The archive, opened for writing: the one writer. Every call that writes is one transaction: afterwards all of it is
// durable (synchronous=FULL), or it threw and wrote nothing. Every write may be repeated with the same result. All
// calls throw StoreError.
class Archive {
 public:
  struct Options {
    base::Path path;
    std::string org_id;   // the archive's organisation; stored on creation, compared ever after
    std::string program;  // "wxcc-archive 0.1.0", for the audit
    // May be empty; see migrations.h.
    std::function<void(const std::string& operation)> migration_progress = {};
  };

  // Opens or creates the file (0640; a missing directory 2750), takes the writer's lock, migrates the schema (after a
  // copy of the archive to <path>.schema-<old version>, where rows are rewritten). Throws base::TemporaryFailure naming
  // the owner when another writer holds it; base::ConfigurationError when the file is not an archive, is a symbolic
  // link, is of a newer schema (both numbers named) or of another organisation (both named); only the lock file is
  // written then. Throws StoreError or base::FileError when the file cannot be made or opened.
  static Archive open(const Options& options, base::Instant now);

  Archive(Archive&&) noexcept;
  Archive& operator=(Archive&&) noexcept;
  ~Archive();

  // One page of a scan: its ended tasks (the caller excludes others). An unknown task becomes pending and due now. With
  // the last page of a scan comes the scan; its span then counts as covered, and the high-water mark, when given, moves
  // to the given instant in the same transaction (it never moves back). Erased tasks (tombstones) are ignored. Throws
  // std::logic_error for a task without id or end.
  Upserted commit_page(const std::vector<model::Task>& tasks, const std::optional<Scan>& completed,
                       std::optional<base::Instant> new_mark, base::Instant now);

  // Stores the results of fetching the transcripts of these tasks, in one transaction, and returns one StoreResult for
  // each in their order. A task that cannot be stored, and one that was removed meanwhile, do not affect the others.
  // Errors of the whole archive, such as a full disk, throw, and nothing is stored.
  std::vector<StoreResult> commit_fetched(std::span<const FetchResult> results, base::Instant now);

  // Parses the transcripts of the next tasks again, after those of the last call of the same program. Zero transcripts:
  // all are done, and the next call starts from the first task. finish_reparse() writes the audit entry.
  ReparseStats reparse_next(const Parser& parser, int tasks, base::Instant now);
  AuditHead finish_reparse(const ReparseStats& total, base::Instant now);

  // The parts, valid as long as the archive; moving the archive leaves them where they are.
  FetchQueue& queue();
  ServiceState& service();
  Removal& removal();
  // Reads over the writer's own connection.
  [[nodiscard]] const Reader& reader() const;

  // Copies the WAL into the file and truncates it; false when a reader blocks that. Never throws for a busy reader.
  bool checkpoint();
  // Frees cached pages.
  void release_memory() const;
  [[nodiscard]] const base::Path& path() const;

 private:
  struct Impl;
  explicit Archive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::store
