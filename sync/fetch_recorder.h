// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/sync_stats.h"
#include "store/fetch_result.h"
#include "sync/engine_deps.h"

namespace wxcc::sync {

// Collects results and stores them as a group, in one transaction; counts and logs what was stored. When the archive
// fails, the group is dropped: its tasks are still due in the archive, and are fetched again. On destruction it stores
// the open group.
class FetchRecorder {
 public:
  explicit FetchRecorder(EngineDeps& deps) : deps_(deps) {}
  ~FetchRecorder();
  FetchRecorder(const FetchRecorder&) = delete;
  FetchRecorder& operator=(const FetchRecorder&) = delete;

  // An open group is stored at the latest so long after its first result.
  static constexpr base::Millis kMaxGroupAge = std::chrono::seconds{1};

  void add(store::FetchResult result, bool is_recheck);
  [[nodiscard]] bool empty() const { return results_.empty(); }
  // The group has reached its size or its age.
  [[nodiscard]] bool is_due() const;
  // Stores the group, which is empty afterwards either way.
  struct Unstorable {
    std::string task_id;
    std::string error;
  };
  struct Committed {
    std::vector<std::string> task_ids;   // of the group; free to be fetched again when they are due
    std::vector<Unstorable> unstorable;  // fetched, but the archive could not take this task; still due
    // Of the archive: nothing was stored, or a task is still due that should not be fetched again at once.
    std::optional<model::Failure> failure;
  };
  Committed commit();

  // What was stored since the last call.
  [[nodiscard]] model::FetchStats take_stats() { return std::exchange(stats_, {}); }

 private:
  void count(const store::FetchResult& result, bool is_recheck, const store::StoreResult& stored);

  EngineDeps& deps_;
  std::vector<store::FetchResult> results_;
  std::vector<bool> rechecks_;  // for each result
  std::size_t bytes_ = 0;
  base::Millis opened_at_{};  // when the first result came, on the timers' clock
  model::FetchStats stats_;
};

}  // namespace wxcc::sync
