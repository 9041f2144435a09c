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
#include "store/derived.h"
#include "store/fetch_result.h"
#include "store/reader.h"
#include "store/removal.h"
#include "store/types.h"

namespace wxcc::store {

// The archive, opened for writing: the one writer. Every public call is one transaction: afterwards all of it is
// durable (synchronous=FULL), or it threw and nothing of it is. Every write is an upsert, so any call may be repeated.
// All calls throw StoreError; std::logic_error for what a caller must not do: name a task that the archive does not
// have, store one without an end, record no transcripts at all.
class Archive {
 public:
  struct Options {
    base::Path path;
    std::string org_id;   // the archive's organisation; stored on creation, compared ever after
    std::string program;  // "wxcc-archive 0.1.0", kept for the curious
    // May be empty; see migrations.h.
    std::function<void(const std::string& doing)> migration_progress = {};
  };

  // Opens or creates the file (0640; a missing directory 2750), takes the writer's lock, migrates the schema
  // (after a copy of the archive beside it, <path>.schema-<old version>).
  // Throws base::TryAgainLater naming the holder when another writer has it; base::ConfigurationError when the file is
  // not an archive, is a symbolic link, is of a newer schema (both numbers named) or of another organisation (both
  // named); nothing is written then but the lock file. Throws StoreError or base::FileError when the file cannot be
  // made or opened.
  static Archive open(const Options& options, base::Instant now);

  Archive(Archive&&) noexcept;
  Archive& operator=(Archive&&) noexcept;
  ~Archive();

  // --- Discovery ---

  struct Upserted {
    int added = 0;    // unknown before
    int changed = 0;  // known, with other members now
  };

  // One page of a scan: its ended tasks (others are the caller's to leave out). An unknown task becomes pending and due
  // now. With the last page of a scan comes the scan; its span then counts as covered, and the high-water mark, when
  // given, moves to the given instant in the same transaction (it never moves back). Erased tasks (tombstones) are
  // passed over.
  Upserted commit_page(const std::vector<model::Task>& tasks, const std::optional<Scan>& completed,
                       std::optional<base::Instant> new_mark, base::Instant now);

  // --- Transcripts ---

  // Tasks due at that time, those that ended last first.
  [[nodiscard]] std::vector<DueTask> due_tasks(base::Instant now, int limit) const;
  // The earliest time at which some task becomes due; nothing when none waits.
  [[nodiscard]] std::optional<base::Instant> next_due() const;

  // Keeps every transcript (all versions; same bytes of the same item once) and makes the newest version of each item
  // the one that the views show. The task becomes archived, or unparsed when nothing of it could be parsed; leaves the
  // queue, or stays in it for a second look at the given time. Clears the task's failures. A transcript with a parse
  // error adds a failure of phase parse.
  struct Kept {
    int new_transcripts = 0;  // bytes that the archive did not have
    int new_messages = 0;
  };
  Kept record_transcripts(const std::string& task_id, const std::vector<FetchedTranscript>& transcripts,
                          std::optional<base::Instant> second_look, base::Instant now);

  // Asked and nothing there yet: due again then. Pending, also when it was absent or failed; a task that has a
  // transcript stays what it is.
  void record_nothing_yet(const std::string& task_id, base::Instant due, base::Instant now);
  // Asked for the last time: absent, out of the queue. A task that has a transcript stays what it is.
  void record_absent(const std::string& task_id, base::Instant now);
  // A failed try: recorded in the ledger; due again then with its state unchanged, or, without a time, out of the queue
  // and failed, unless it has a transcript.
  void record_failure(const std::string& task_id, std::string_view phase, std::string_view kind,
                      std::string_view message, std::optional<base::Instant> due, base::Instant now);
  // Stores what fetching has come to, as record_transcripts and its like do for one task: all of it in one transaction.
  // A task that was removed meanwhile, or that alone cannot be stored, costs the others nothing.
  std::vector<StoreResult> commit_fetched(std::span<const FetchResult> results, base::Instant now);
  // Absent and failed tasks that ended in the range are asked for once more, now; they keep their state until there is
  // an answer, and their first_queued. Returns how many were not in the queue already.
  int requeue_missing(base::TimeRange ended, base::Instant now);
  // The same, and those that are pending are due now too.
  void ask_now(base::TimeRange ended, base::Instant now);

  // --- The service's own record ---

  void record_success(base::Instant now);
  void record_error(std::string_view message, base::Instant now);
  // Why somebody has to log in (empty: nobody has), and when the tokens in use expire. Writes only what has changed.
  void record_login(std::string_view needed, std::optional<base::Instant> access_expires_at,
                    std::optional<base::Instant> refresh_expires_at, base::Instant now);
  // Where the backfill is to begin, for coverage gaps. Writes only what has changed.
  void record_backfill_start(const model::BackfillStart& start);

  // Small values that outlive the process, by name.
  [[nodiscard]] std::optional<std::string> setting(std::string_view name) const;
  void set_setting(std::string_view name, std::string_view value);

  // --- Removal ---

  // Removes the conversations from every table, remembers each by a tombstone, and enters the audit (how: the words of
  // the receipt's reason), in one transaction. Unknown ids are remembered too.
  struct Erased {
    RemovedRows rows;
    AuditHead audit;
  };
  Erased erase(const std::vector<std::string>& task_ids, std::string_view how, base::Instant now);
  // True for a task that erase() was given.
  [[nodiscard]] bool is_erased(const std::string& task_id) const;
  // The oldest conversations that ended before; from the first call on none that ended before is stored again. To be
  // called until nothing is removed; then finish_retention() enters the audit.
  RemovedRows remove_ended_before(base::Instant before, int limit);
  AuditHead finish_retention(base::Instant before, const RemovedRows& removed, base::Instant now);

  // One step of making the removed bytes go: merges a part of the full text index, at the end shortens the log. Done:
  // nothing was or is to be done. ReaderInTheWay: later it works.
  enum class Purge { Done, More, ReaderInTheWay };
  Purge purge_step(int pages);
  // Writes the whole file anew, without what deleted rows may have left in it. Needs as much room again.
  void rebuild_file();

  // --- Upkeep ---

  // Reads the transcripts of the next tasks again, where the last call of the same program left off. Zero transcripts:
  // all are done, and the next call begins anew. finish_reparse() enters the audit.
  Reparsed reparse_next(const Parser& parser, int tasks, base::Instant now);
  AuditHead finish_reparse(const Reparsed& total, base::Instant now);
  // What was done to or with the archive otherwise. Details: a JSON object that names no conversation and no person.
  AuditHead record_audit(std::string_view action, std::string_view details, base::Instant now);

  // Copies the WAL into the file and shortens it when no reader is in the way; whether it could. Never throws for a
  // busy reader.
  bool checkpoint();
  // Gives up what is cached of the file and can be read again.
  void release_memory() const;
  [[nodiscard]] const base::Path& path() const;

  // What the archive holds, read over the writer's own connection: within a call of this class nothing is between.
  // Valid as long as the archive; moving the archive moves it along.
  [[nodiscard]] const Reader& reader() const;

 private:
  struct Impl;
  explicit Archive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::store
