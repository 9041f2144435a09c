// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/time_range.h"
#include "store/fetch_result.h"
#include "store/statement.h"

namespace wxcc::store {

// A task whose transcript is to be fetched.
struct DueTask {
  std::string task_id;
  base::Instant ended;
  base::Instant first_seen;  // when the archive first saw the task
  int attempts = 0;          // fetches so far that gave no transcript
  bool recheck = false;      // archived already; fetched for a replaced or further version
};

// A failure of one task, stored until the task succeeds in that phase.
struct TaskFailure {
  std::string task_id;
  std::string phase;  // see kFetchPhaseNames
  std::string kind;   // see model::kFailureKindNames
  std::string message;
  base::Instant first;
  base::Instant last;
  int attempts = 0;
};

// The tasks whose transcript is to be fetched, and the ledger of failures. conversations.h has the table of the events
// that move a task in and out of the queue.
class FetchQueue {
 public:
  explicit FetchQueue(Connection& connection);

  // Tasks due at that time, those that ended last first.
  std::vector<DueTask> due_tasks(base::Instant now, int limit);
  // The earliest time at which some task becomes due; std::nullopt when the queue is empty.
  std::optional<base::Instant> next_due();

  // Absent and failed tasks that ended in the range are due once more, now; they retain their state until there is a
  // result. Returns how many were not in the queue already. A transaction of its own.
  int requeue_missing(base::TimeRange ended, base::Instant now);
  // The same, and those that are pending are due now too. A transaction of its own.
  void make_due(base::TimeRange ended, base::Instant now);

  // --- Of one task; to be called within a transaction ---

  // Due again then, with one attempt more. A task that is not in the queue is added.
  void reschedule(std::int64_t task_key, base::Instant due);
  // Due then with no attempt yet, to be rechecked.
  void schedule_recheck(std::int64_t task_key, base::Instant due);
  void dequeue(std::int64_t task_key);

  void record_failure(std::int64_t task_key, const FetchFailure& failure, base::Instant now);
  void delete_failure(std::int64_t task_key, FetchFailure::Phase phase);
  // All but those of phase Parse.
  void delete_fetch_failures(std::int64_t task_key);
  // An empty message: every transcript of the task is parsed. The same message again changes nothing.
  void set_parse_failure(std::int64_t task_key, const std::string& message, base::Instant now);

 private:
  int requeue(base::TimeRange ended, base::Instant now);

  Connection& connection_;
  Statement select_due_;
  Statement select_next_due_;
  Statement insert_missing_;
  Statement update_due_;
  Statement upsert_attempt_;
  Statement upsert_recheck_;
  Statement delete_task_;
  Statement upsert_failure_;
  Statement delete_failure_;
  Statement delete_fetch_failures_;
  Statement upsert_parse_failure_;
};

// The newest failures first.
std::vector<TaskFailure> read_failures(Connection& connection, int limit);
std::vector<TaskFailure> read_failures_of(Connection& connection, const std::string& task_id);

}  // namespace wxcc::store
