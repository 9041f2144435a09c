// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "model/sync_stats.h"
#include "sync/engine_deps.h"
#include "sync/windows.h"

namespace wxcc::sync {

// A span of time to be searched for ended tasks.
struct Window {
  base::TimeRange range;
  model::TimeField by = model::TimeField::Ended;
  // What is proved once the window is in the archive: that its span was read; with Mark, that the high-water mark may
  // move to its end too; Nothing of a span so recent that further tasks may yet show up in it.
  enum class Proves { Nothing, Span, SpanAndMark } proves = Proves::Span;
};

// Reads windows page by page into the archive, one window after the other. A page's tasks and what the last page proves
// (the covered span, the mark) are stored in one transaction.
class Discovery {
 public:
  explicit Discovery(EngineDeps& deps) : deps_(deps) {}

  using Done = std::function<void(model::Result<model::ScanStats>)>;
  // In the given order; one run at a time. A failure ends the run at that window; what came before it stays.
  void run(std::deque<Window> windows, webex::Priority priority, Done done);
  [[nodiscard]] bool running() const { return static_cast<bool>(done_); }

  // Called after each page that added tasks.
  void on_added(std::function<void()> added) { added_ = std::move(added); }

 private:
  void next_window();
  void ask(const std::string& cursor);
  void page_arrived(const webex::SearchPage& page, const std::string& cursor);
  // Stores the page, and what is proved once it is there: that the window was read up to that instant.
  bool keep(const webex::SearchPage& page, std::optional<base::Instant> read_to);
  void go_on(const webex::SearchPage& page, std::optional<base::Instant> read_to);
  void keep_to_server_time(const webex::SearchPage& page);
  void split();
  void finish(model::Result<model::ScanStats> result);
  [[nodiscard]] bool is_impossible(base::Instant date, const webex::SearchPage& page) const;
  [[nodiscard]] std::vector<model::Task> wanted_of(const webex::SearchPage& page);

  EngineDeps& deps_;
  std::deque<Window> windows_;
  webex::Priority priority_ = webex::Priority::Live;
  Done done_;
  std::function<void()> added_;
  base::Instant window_began_;
  Progress progress_;  // of the first window
  int window_pages_ = 0;
  bool clock_told_ = false;
  std::set<std::string> other_channels_;  // that the log has been told of
  model::ScanStats report_;
};

}  // namespace wxcc::sync
