// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/sync_stats.h"
#include "sync/download_pool.h"
#include "sync/engine_deps.h"
#include "sync/fault_tracker.h"
#include "sync/fetch_plan.h"
#include "sync/fetch_recorder.h"

namespace wxcc::sync {

// Fetches the transcripts of due tasks. It carries out what fetch_plan and FaultTracker decide: requests locations ten
// tasks at a time, downloads while further locations are requested, and stores tasks in groups.
//
// The life of a task here; its entry in in_flight_ lasts from the request until the commit:
//
//   due in the archive
//     | request_next_batch
//     v
//   captures requested ---> failed, service at fault: no entry, still due, after the pause
//     |        |       ---> failed for this task alone: recorded, with a retry
//     |        ^       ---> no transcript: recorded, with a check or as absent
//     |        |
//     v        | refresh_expired_locations (once per task, with others whose locations have expired)
//   downloading ----------> a location has expired: in expired_locations_ until then
//     | the last download
//     v
//   recorded -------------> the group is committed: stored and rescheduled or out of the queue, no entry
//                      ---> the archive fails: no entry, still due
//                      ---> the task was removed meanwhile: no entry, nothing stored, counted or logged
class Fetcher {
 public:
  explicit Fetcher(EngineDeps& deps);

  void set_batch_mode(BatchMode mode);

  // Starts what is due and fits; continues by itself until nothing is due.
  void pump();
  // Ends a pause whose reason is gone, as after a login.
  void resume();
  // Nothing is under way and nothing is due now (or it pauses).
  [[nodiscard]] bool idle() const { return in_flight_.empty() && captures_under_way_ == 0; }
  // It pauses after a failure that may pass soon, and some task is due.
  [[nodiscard]] bool should_wait_for_retry() const;
  // Called each time it becomes idle.
  void on_idle(std::function<void()> on_idle) { on_idle_ = std::move(on_idle); }

  // What was stored since the last call.
  [[nodiscard]] model::FetchStats take_stats() { return recorder_.take_stats(); }
  // The last failure that was no task's in particular, but the service's or the archive's; std::nullopt after a
  // success.
  [[nodiscard]] const std::optional<model::Failure>& last_systemic_error() const {
    return faults_.last_systemic_error();
  }

 private:
  struct TaskFetch {
    store::DueTask task;
    std::vector<store::FetchedTranscript> transcripts;
    std::optional<model::Failure> failure;  // of a download
    int open_downloads = 0;                 // waiting or under way
    bool location_refreshed = false;
  };

  [[nodiscard]] bool may_request() const;
  bool request_next_batch();
  void request_locations(const Batch& batch, webex::Priority priority);
  void on_captures(const Batch& batch, const std::vector<std::string>& ids,
                   model::Result<std::vector<webex::TaskCaptures>> response);
  void on_captures_failure(const Batch& batch, const std::vector<std::string>& ids, const model::Failure& failure);
  void start_downloads(const store::DueTask& task, std::vector<webex::TranscriptLocation> locations);
  void on_download(const std::string& task_id, const model::TranscriptItem& item, model::Result<std::string> bytes);
  void on_downloads_done(TaskFetch& fetch);
  void refresh_expired_locations();
  void record(const store::DueTask& task, store::FetchResult result);
  bool commit();
  void log_pause(const FaultTracker::Pause& pause, const model::Failure& failure);
  void arm_wakeup();
  [[nodiscard]] base::Millis now() const { return deps_.timers.monotonic_now(); }

  EngineDeps& deps_;
  std::function<void()> on_idle_;
  std::unique_ptr<base::Timer> wakeup_;  // idle: for what becomes due; else for the age of the recorder's group
  bool pumping_ = false;
  BatchMode batch_mode_ = BatchMode::AllowPartial;

  // Where the tasks are; see above.
  std::unordered_map<std::string, TaskFetch> in_flight_;
  int captures_under_way_ = 0;
  std::vector<store::DueTask> expired_locations_;
  DownloadPool downloads_;
  FetchRecorder recorder_;

  FaultTracker faults_;
};

}  // namespace wxcc::sync
