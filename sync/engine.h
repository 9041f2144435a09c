// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>

#include "sync/discovery.h"
#include "sync/engine_deps.h"
#include "sync/fetcher.h"
#include "sync/inactivity_monitor.h"
#include "sync/windows.h"

namespace wxcc::sync {

// Brings the archive up to date with the Webex API: scans spans of time one after the other, and fetches the
// transcripts of the tasks found meanwhile.
class Engine {
 public:
  explicit Engine(EngineDeps deps);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  using Done = std::function<void(model::Result<model::ScanStats>)>;
  // From the mark to now. Done at once, with empty statistics, when that range is empty.
  void poll(Done done);
  // Scans the newest uncovered window before the mark. Returns whether a scan is under way; false without a call of
  // `done`: nothing is uncovered. False after one: the archive could not be read.
  bool backfill(const Done& done);
  // Scans the last days once more, by both timestamps, for tasks that became visible late or changed; then queues
  // missing transcripts again (recheck_ranges).
  void reconcile(const Done& done);
  // How long until that is due, by whichever process did it last. A new archive has its first a whole interval after
  // its beginning.
  [[nodiscard]] model::Result<base::Millis> time_until_reconcile();
  // Scans exactly this range, by end time, as far as the API can search it (clamp_to_searchable). What is uncovered
  // before and after it stays uncovered, and so does its last part within the overlap. Its missing transcripts are due
  // at once.
  void sync_range(base::TimeRange range, Done done);

  [[nodiscard]] bool scanning() const { return scanning_; }
  [[nodiscard]] Fetcher& fetcher() { return fetcher_; }
  [[nodiscard]] const EngineDeps& deps() const { return deps_; }

 private:
  void run(std::deque<Window> windows, webex::Priority priority, Done done);
  void run_next();
  void scan_backwards(base::TimeRange rest, base::Millis width, const model::ScanStats& before, const Done& done);
  [[nodiscard]] std::optional<base::TimeRange> next_uncovered_window() const;
  void requeue_missing();
  [[nodiscard]] std::optional<base::Instant> reconciled_at() const;

  EngineDeps deps_;
  Discovery discovery_;
  Fetcher fetcher_;
  InactivityMonitor inactivity_;
  struct QueuedScan {
    std::deque<Window> windows;
    Done done;
  };
  std::array<std::deque<QueuedScan>, 2> queued_scans_;  // by priority: live work goes before the rest
  bool scanning_ = false;                               // also while a scan's `done` runs
  base::Millis backfill_width_ = kDefaultWindow;
};

}  // namespace wxcc::sync
