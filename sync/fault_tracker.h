// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/instant.h"
#include "model/failure.h"

namespace wxcc::sync {

// Judges by consecutive failures whether a task, the service or the archive is at fault: a task at fault costs itself a
// retry, a service or an archive at fault pauses all fetching. Three counters decide:
//
//   failures of captures requests and of the archive   each pauses, longer each time; a good response clears it
//   failures of requests for one task alone            that task's own fault, until so many came one after the other
//   failed downloads                                   the task's own fault; each further 8 in a row pause
//
// Pure: times are given, on the timers' clock, and nothing is logged.
class FaultTracker {
 public:
  struct Pause {
    base::Millis length;
    bool is_first;  // nothing was at fault before
  };

  void on_captures_ok(const std::vector<std::string>& task_ids);
  // A request for these tasks failed. When one of several may be the reason, each is isolated: fetched alone the next
  // time. When further requests fail too, the service is the reason, and no more tasks are isolated.
  std::optional<Pause> on_captures_failure(const std::vector<std::string>& task_ids, const model::Failure& failure,
                                           base::Millis now);
  void on_download_ok() { consecutive_download_failures_ = 0; }
  std::optional<Pause> on_download_failure(const model::Failure& failure, base::Millis now);
  void on_commit_ok() { archive_failing_ = false; }
  Pause on_commit_failure(const model::Failure& failure, base::Millis now);
  Pause on_read_failure(const model::Failure& failure, base::Millis now);

  // Ends the pause, and counts failures anew: their reason is gone.
  void clear();

  [[nodiscard]] bool is_isolated(const std::string& task_id) const { return isolated_task_ids_.contains(task_id); }
  // How long the pause lasts from now; std::nullopt: no pause.
  [[nodiscard]] std::optional<base::Millis> remaining_pause(base::Millis now) const;
  // While something fails, one request at a time finds out whether it still does.
  [[nodiscard]] bool is_probing() const;
  // It pauses after a failure that may pass soon. A failure of the archive does not: the operator must make room.
  [[nodiscard]] bool may_recover_soon(base::Millis now) const;
  // The last failure that was not a single task's; std::nullopt after a success.
  [[nodiscard]] const std::optional<model::Failure>& last_systemic_error() const { return last_systemic_error_; }

 private:
  Pause pause(const model::Failure& failure, base::Millis now);

  int consecutive_failures_ = 0;
  int consecutive_single_task_failures_ = 0;
  int consecutive_download_failures_ = 0;
  bool captures_ever_ok_ = false;
  bool archive_failing_ = false;
  std::set<std::string> isolated_task_ids_;
  std::optional<base::Millis> paused_until_;
  std::optional<model::Failure> last_systemic_error_;
};

}  // namespace wxcc::sync
