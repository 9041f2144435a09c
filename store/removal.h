// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/instant.h"

namespace wxcc::store {

class Connection;
class TaskRows;

// What was, or would be, removed.
struct RemovedRows {
  std::int64_t conversations = 0;
  std::int64_t transcripts = 0;
  std::int64_t messages = 0;
  std::int64_t raw_bytes = 0;
  std::int64_t customers = 0;  // of whom no other conversation is left

  RemovedRows& operator+=(const RemovedRows& other);
};

// Removes conversations from every table. To be called within a transaction. The bytes are gone from the files only
// after the full text index was merged and the log was copied and shortened; traces.h looks whether they are.
class Removal {
 public:
  Removal(Connection& connection, TaskRows& tasks) : connection_(connection), tasks_(tasks) {}

  // Unknown ids are passed over, and remembered all the same: the cloud may offer such a task tomorrow.
  RemovedRows erase(const std::vector<std::string>& task_ids);
  // The oldest of those that ended before. Afterwards no task that ended before is stored again.
  RemovedRows remove_ended_before(base::Instant before, int limit);

 private:
  RemovedRows remove(std::int64_t task_key);
  void remember(const std::string& task_id);

  Connection& connection_;
  TaskRows& tasks_;
};

// What remove_ended_before() has to do.
RemovedRows rows_ended_before(Connection& connection, base::Instant before);

}  // namespace wxcc::store
