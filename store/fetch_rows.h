// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.h"
#include "store/types.h"

namespace wxcc::store {

// The queue of transcripts that are to be asked for, and the ledger of failures. To be called within a transaction; the
// meaning of each call is that of the same name in Archive.
class FetchRows {
 public:
  explicit FetchRows(Connection& connection) : connection_(connection) {}

  std::vector<DueTask> due_tasks(base::Instant now, int limit);
  std::optional<base::Instant> next_due();

  void record_nothing_yet(const std::string& task_id, base::Instant due);
  void record_absent(const std::string& task_id);
  void record_failure(const std::string& task_id, std::string_view phase, std::string_view kind,
                      std::string_view message, std::optional<base::Instant> due, base::Instant now);
  int requeue_missing(base::TimeRange ended, base::Instant now);
  void ask_now(base::TimeRange ended, base::Instant now);

  // After transcripts were kept: out of the queue, or in it for a second look then.
  void leave_queue(std::int64_t task_key, std::optional<base::Instant> second_look);
  // All but those of phase parse.
  void clear_failures(std::int64_t task_key);
  // Without a message: nothing of the task is unparsed any more. The same message again changes nothing.
  void set_parse_failure(std::int64_t task_key, const std::string& message, base::Instant now);

  [[nodiscard]] bool knows(const std::string& task_id);
  // Throws std::logic_error for a task that the archive does not have.
  std::int64_t task_key_of(const std::string& task_id);

 private:
  void ask_again(std::int64_t task_key, base::Instant due);

  Connection& connection_;
};

}  // namespace wxcc::store
