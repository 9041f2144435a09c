// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/sync_stats.h"
#include "sync/engine_deps.h"
#include "sync/windows.h"

namespace wxcc::sync {

// A span of time to be searched for ended tasks.
struct Window {
  base::TimeRange range;
  model::TimeField by = model::TimeField::Ended;
  // What the last page commits besides its tasks: that the span is covered; and that the high-water mark moves to its
  // end. TasksOnly is for a span so recent that further tasks may yet become visible in it.
  enum class Commit { TasksOnly, Coverage, CoverageAndMark } commit = Commit::Coverage;
};

// Reads windows page by page into the archive, one window after the other. A page's tasks and what the last page
// commits besides are stored in one transaction.
class Discovery {
 public:
  explicit Discovery(EngineDeps& deps) : deps_(deps) {}

  using Done = std::function<void(model::Result<model::ScanStats>)>;
  // In the given order; one run at a time. A failure ends the run at that window; earlier windows stay stored.
  void run(std::deque<Window> windows, webex::Priority priority, Done done);

  // Called after each page that added tasks.
  void on_added(std::function<void()> added) { added_ = std::move(added); }

 private:
  void next_window();
  void request_page(const std::string& cursor);
  void on_page(const webex::SearchPage& page, const std::string& cursor);
  // Stores the page, and that the window is covered until that instant; false after the run has ended with a failure.
  bool store_page(const webex::SearchPage& page, std::optional<base::Instant> covered_until);
  void clamp_to_server_time(const webex::SearchPage& page);
  void bisect_window();
  void finish(model::Result<model::ScanStats> result);
  [[nodiscard]] bool is_implausible_date(base::Instant date, const webex::SearchPage& page) const;
  [[nodiscard]] std::vector<model::Task> filter_tasks(const webex::SearchPage& page);

  EngineDeps& deps_;
  std::function<void()> added_;

  // The run. The front window is the one being read; its range shrinks as parts of it are covered.
  std::deque<Window> windows_;
  webex::Priority priority_ = webex::Priority::Live;
  Done done_;
  model::ScanStats stats_;

  // The pages of the front window.
  base::Instant window_started_at_;
  PageOrderTracker order_;
  int window_pages_ = 0;

  // Each is logged once.
  bool skew_logged_ = false;
  std::set<std::string> unexpected_channels_logged_;
};

}  // namespace wxcc::sync
