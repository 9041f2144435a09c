// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/sync_stats.h"
#include "sync/engine_deps.h"

namespace wxcc::sync {

// Gets the transcripts of due tasks: asks for their locations ten at a time, downloads several at once while the next
// locations are asked for, and stores each task when all of its transcripts are there. A task's failure costs that task
// another try; when the cloud fails altogether the fetcher pauses instead.
class Fetcher {
 public:
  explicit Fetcher(EngineDeps& deps);
  ~Fetcher();

  // Full: only batches of ten leave, since discovery is about to bring more tasks. Any: whatever is due leaves.
  enum class Batches { Full, Any };
  void set_batches(Batches batches);

  // Starts what is due and fits; goes on by itself until nothing is due.
  void pump();
  // Ends a pause whose reason is gone, as after a login.
  void resume();
  // Nothing is under way and nothing is due now (or it pauses after a failure of the cloud).
  [[nodiscard]] bool idle() const;
  // It pauses after a failure that may well pass within this run, and something waits for that. A failure of the
  // archive does not pass: somebody must make room.
  [[nodiscard]] bool worth_waiting_for() const;
  // Called each time it becomes idle.
  void on_idle(std::function<void()> idle) { idle_ = std::move(idle); }

  // What has happened since the last taking.
  [[nodiscard]] model::FetchStats take_stats();
  // The last failure that was no task's in particular, but the cloud's or the archive's; nothing after a success.
  [[nodiscard]] const std::optional<model::Failure>& trouble() const { return trouble_; }

 private:
  struct Job;
  using Batch = std::vector<store::DueTask>;

  bool ask_for_a_batch();
  void ask_for_locations(const Batch& batch, webex::Priority priority);
  [[nodiscard]] bool may_start();
  [[nodiscard]] Batch next_batch() const;
  void captures_arrived(const Batch& batch, const model::Result<std::vector<webex::TaskCaptures>>& answer);
  void batch_failed(const Batch& batch, const model::Failure& failure);
  void start_job(const store::DueTask& task, std::vector<webex::TranscriptLocation> locations);
  void start_downloads();
  void downloaded(const std::string& task_id, const model::TranscriptItem& item,
                  const model::Result<std::string>& bytes);
  void job_done(Job& job);
  void ask_for_fresh_locations();
  void nothing_there(const store::DueTask& task);
  void failed(const store::DueTask& task, std::string_view phase, const model::Failure& failure,
              std::optional<base::Instant> again);
  void store(const store::DueTask& task, const std::function<void()>& work);
  void pause(const model::Failure& failure);
  void archive_failed(const model::Failure& failure);
  void wake_later();

  struct Download {
    std::string task_id;
    webex::TranscriptLocation location;
  };

  EngineDeps& deps_;
  Batches batches_ = Batches::Any;
  std::function<void()> idle_;
  std::unordered_map<std::string, std::unique_ptr<Job>> jobs_;  // by task id, from asking until stored
  std::deque<Download> downloads_waiting_;
  std::vector<store::DueTask> expired_;  // whose locations were refused, and are to be asked for once more
  int downloads_under_way_ = 0;
  int captures_under_way_ = 0;
  int failures_in_a_row_ = 0;       // of captures requests and of the archive
  int lone_failures_in_a_row_ = 0;  // of captures requests for one task
  bool answered_ = false;           // some captures request was
  bool archive_fails_ = false;
  int failed_downloads_in_a_row_ = 0;
  bool pumping_ = false;
  std::set<std::string> suspects_;            // asked alone: they were in a batch that failed
  std::optional<base::Millis> paused_until_;  // on the timers' clock
  std::optional<model::Failure> trouble_;
  model::FetchStats report_;
  std::unique_ptr<base::Timer> timer_;
};

}  // namespace wxcc::sync
