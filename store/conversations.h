// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/fetch_queue.h"
#include "store/fetch_result.h"
#include "store/removal.h"
#include "store/statement.h"
#include "store/task_table.h"
#include "store/task_transcripts.h"

namespace wxcc::store {

// Writes tasks, their transcripts and the states of these. To be called within a transaction.
//
// The states of a task: its transcript_state, and its row in fetch_queue (due_ms, attempts, recheck).
//
//   event                              transcript_state                      fetch_queue
//   ---------------------------------  ------------------------------------  ---------------------------------------
//   upsert of an unknown task          pending                               added: due now
//   NotAvailable                       absent, failed -> pending             due at next_due, attempts + 1
//   Absent                             pending, failed -> absent             leaves
//   Failed, with next_due              stays                                 due at next_due, attempts + 1
//   Failed, without                    pending, absent -> failed             leaves
//   Fetched, a version is current      -> archived                           leaves; with next_due: a recheck then,
//   Fetched, nothing could be parsed   -> unparsed                             attempts 0
//   Fetched with a failure             the same                              due at next_due, attempts 1, or leaves
//   postpone                           stays                                 due at next_due or in a day, attempts + 1
//   requeue_missing                    stays                                 absent, failed: added, due now
//   make_due                           stays                                 the same; pending: due now
//   reparse                            archived, unparsed: as parsed now     stays
//   remove                             deleted                               deleted
//
// A task that has a transcript (archived, unparsed) never loses it to a later outcome: for it NotAvailable, Absent and
// Failed change the queue alone. A result for a task that was removed while it was being fetched is ignored.
// The ledger of failures has a row for each task and phase that failed last; a success in the phase deletes it.
class Conversations {
 public:
  Conversations(Connection& connection, FetchQueue& queue);

  // The ended tasks of a page. Erased ones, and those that ended before the retained time, are ignored.
  Upserted upsert(const std::vector<model::Task>& tasks, base::Instant now) { return tasks_.upsert(tasks, now); }
  StoreResult store(const FetchResult& result, base::Instant now);
  // For a result, other than Fetched, that cannot be stored: only makes the task due later.
  StoreResult postpone(const FetchResult& result, base::Instant now);
  ReparseStats reparse(std::int64_t task_key, const Parser& parser, base::Instant now);
  // Removes the task with its dependent rows, and its customer if no other task refers to it.
  RemovedRows remove(std::int64_t task_key);

  std::optional<std::int64_t> find(const std::string& task_id);
  TaskTable& tasks() { return tasks_; }

 private:
  void store_transcripts(std::int64_t task_key, const FetchResult& result, base::Instant now, StoreResult& stored);
  void store_failure(std::int64_t task_key, const FetchResult& result, base::Instant now);

  FetchQueue& queue_;
  TaskTable tasks_;
  TranscriptTable transcripts_;
  Statement select_key_;
  Statement update_state_;
  Statement make_pending_;
  Statement make_absent_;
  Statement make_failed_;
  Statement select_sizes_;
  Statement delete_task_;
};

}  // namespace wxcc::store
