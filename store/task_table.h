// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/instant.h"
#include "model/task.h"
#include "store/statement.h"

namespace wxcc::store {

// The effect of storing a page of tasks.
struct Upserted {
  int added = 0;    // unknown before
  int changed = 0;  // known, with other members now
};

// Writes tasks and the rows that they refer to. The connection must outlive it; to be called within a transaction.
class TaskTable {
 public:
  explicit TaskTable(Connection& connection);

  // An unknown task becomes pending and due now; a known one changes only where a member differs. Erased ones, and
  // those that ended before the retained time, are ignored.
  Upserted upsert(const std::vector<model::Task>& tasks, base::Instant now);

  // The hash that a tombstone stores of a task: HMAC-SHA256 of its id under the archive's own key, so that it does not
  // name the task.
  base::Sha256 tombstone_of(const std::string& task_id);
  bool is_erased(const std::string& task_id);

  // Returns the number of deleted rows: 0 while a task refers to the customer.
  int delete_orphaned_customer(std::int64_t customer_key);

 private:
  // A table of named entities, and its statements.
  struct Dimension {
    Dimension(Connection& connection, std::string_view table);
    Statement find;
    Statement add;
    Statement rename;
  };
  struct Known {
    std::int64_t task_key = 0;
    base::Instant ended;
    std::optional<std::int64_t> customer_key;
  };
  enum class Outcome { Same, Changed, Added };

  Outcome upsert_one(const model::Task& task, base::Instant now);
  std::optional<Known> find(const std::string& task_id);
  bool write(const model::Task& task, std::optional<std::int64_t> customer_key, base::Instant now);
  std::optional<std::int64_t> key_of(Dimension& dimension, const model::NamedEntity& entity, base::Instant named);
  std::optional<std::int64_t> key_of(const model::Customer& customer);
  std::optional<base::Instant> retained_from();

  std::map<std::string_view, Dimension> dimensions_;  // by the column that refers to them
  Statement find_;
  Statement upsert_;
  Statement add_to_queue_;
  Statement update_queue_;
  Statement add_customer_;
  Statement find_customer_;
  Statement delete_orphaned_customer_;
  Statement select_retained_from_;
  Statement select_any_tombstone_;
  Statement select_tombstone_;
  Statement select_tombstone_key_;
};

}  // namespace wxcc::store
