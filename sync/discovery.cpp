// SPDX-License-Identifier: Apache-2.0
#include "sync/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "sync/catch_store_errors.h"
#include "sync/windows.h"

namespace wxcc::sync {
namespace {

// The Search API ends at 100,000 records. A window is read in parts long before, so that progress is kept too.
constexpr int kMaxPagesPerWindow = 200;
constexpr int kMaxTasksPerWindow = 50'000;

bool is_in_queues(const model::Task& task, const std::vector<std::string>& queues) {
  return queues.empty() || std::any_of(queues.begin(), queues.end(), [&](const std::string& queue) {
           return base::equals_ignoring_case(queue, task.queue.id) ||
                  base::equals_ignoring_case(queue, task.queue.name);
         });
}

bool is_one_of(const std::vector<std::string>& channels, const std::string& text) {
  return std::any_of(channels.begin(), channels.end(),
                     [&](const std::string& channel) { return base::equals_ignoring_case(channel, text); });
}

// Earlier than this program: no correct clock reads it.
const base::Instant kEarliestPlausibleDate = base::from_ms(1'735'689'600'000);  // 2025

}  // namespace

void Discovery::run(std::deque<Window> windows, webex::Priority priority, Done done) {
  windows_ = std::move(windows);
  priority_ = priority;
  done_ = std::move(done);
  stats_ = {};
  next_window();
}

void Discovery::next_window() {
  if (windows_.empty()) return finish(stats_);
  window_started_at_ = deps_.clock.now();
  window_pages_ = 0;
  order_ = PageOrderTracker(windows_.front().range);
  request_page("");
}

void Discovery::request_page(const std::string& cursor) {
  const Window& window = windows_.front();
  deps_.api.search({window.range, window.by, deps_.settings.channels, cursor}, priority_,
                   [this, cursor](const model::Result<webex::SearchPage>& page) {
                     if (!page) return finish(model::failed(page.error()));
                     on_page(*page, cursor);
                   });
}

// The ended tasks that this archive is for. An end within the window does not mean that the task is over. Every query
// names the channels, but the response may call a channel otherwise, so its name decides nothing.
std::vector<model::Task> Discovery::filter_tasks(const webex::SearchPage& page) {
  const std::vector<std::string>& channels = deps_.settings.channels;
  std::vector<model::Task> tasks;
  for (const model::Task& task : page.tasks) {
    if (!task.ended || task.is_active || !is_in_queues(task, deps_.settings.queues)) continue;
    if (!is_one_of(channels, task.channel) && unexpected_channels_logged_.insert(task.channel).second)
      base::log::info("search: requested {}, the response has tasks of channel \"{}\"; they are archived",
                      fmt::join(channels, ", "), task.channel);
    tasks.push_back(task);
    if (task.channel.empty() && channels.size() == 1) tasks.back().channel = channels.front();
  }
  return tasks;
}

// Whether the response's date cannot be the time: before this program's, or more than a day before an instant that the
// response itself or the archive has. A local clock that is ahead, by however much, does not make a date implausible.
bool Discovery::is_implausible_date(base::Instant date, const webex::SearchPage& page) const {
  if (date < kEarliestPlausibleDate) return true;
  const auto mark = catch_store_errors([&] { return deps_.archive.reader().high_water_mark(); });
  if (!mark) return false;
  std::optional<base::Instant> latest = *mark;
  for (const model::Task& task : page.tasks) latest = std::max({latest, task.ended, task.created});
  return latest && *latest > date + std::chrono::days{1};
}

// A clock that is ahead of the API's must not let the mark pass time that is still to come.
void Discovery::clamp_to_server_time(const webex::SearchPage& page) {
  base::TimeRange& range = windows_.front().range;
  if (!page.server_time || range.to <= *page.server_time) return;
  if (is_implausible_date(*page.server_time, page)) {
    if (!std::exchange(skew_logged_, true))
      base::log::warning("search: ignoring implausible Date header {} from the API; using the local clock",
                         base::to_iso8601_seconds(*page.server_time));
    return;
  }
  if (!std::exchange(skew_logged_, true))
    base::log::warning("search: the local clock is ahead of the API's by about {} s; set up time synchronisation",
                       std::chrono::ceil<std::chrono::seconds>(window_started_at_ - *page.server_time).count());
  const base::Instant end = *page.server_time - deps_.settings.settle;
  range.to = end;
  range.from = std::min(range.from, range.to);
  windows_.erase(std::remove_if(windows_.begin() + 1, windows_.end(),
                                [end](const Window& later) { return later.range.from >= end; }),
                 windows_.end());
}

// What follows a page, by has_next, the cursor (usable: present, and not the one just used), the window's limits, and
// whether the tasks came in order (then there is a resume point):
//
//   no next page                              the window is covered: the next window
//   next page, cursor usable, within limits   the next page
//   next page, else, in order                 covered until the resume point: the rest of the window from there
//   next page, else, out of order             both halves of the window, one after the other
//     the same, but no task on the page       the next page while the cursor is usable, else a failure
//
// Coverage is recorded only up to a point before which every task has been seen.
void Discovery::on_page(const webex::SearchPage& page, const std::string& cursor) {
  for (const std::string& warning : page.warnings) base::log::warning("search: skipped {}", warning);
  if (window_pages_++ == 0) clamp_to_server_time(page);
  const Window& window = windows_.front();
  for (const model::Task& task : page.tasks)
    order_.observe(window.by == model::TimeField::Ended ? task.ended : task.created);
  if (!page.has_next) {
    if (!store_page(page, window.range.to)) return;
    windows_.pop_front();
    return next_window();
  }
  const bool cursor_lost = page.end_cursor.empty() || page.end_cursor == cursor;
  const bool full = window_pages_ >= kMaxPagesPerWindow || order_.tasks() >= kMaxTasksPerWindow;
  const auto covered_until = cursor_lost || full ? order_.resume_point() : std::nullopt;
  if (!store_page(page, covered_until)) return;
  if (covered_until) {
    windows_.front().range.from = *covered_until;
    return next_window();
  }
  // A page without tasks that promises more would do so for every part of the window.
  const bool divisible = !page.tasks.empty() && bisect(window.range);
  if ((cursor_lost || full) && divisible) return bisect_window();
  if (!cursor_lost) return request_page(page.end_cursor);
  finish(model::failed(model::Failure{
      .kind = model::Failure::Kind::Transient,
      .message =
          fmt::format("search: the response has no cursor to the next page, and one page does not hold all tasks of {}",
                      base::to_iso8601(window.range.from)),
      .http_status = 200}));
}

bool Discovery::store_page(const webex::SearchPage& page, std::optional<base::Instant> covered_until) {
  const Window& window = windows_.front();
  const std::vector<model::Task> tasks = filter_tasks(page);
  std::optional<store::Scan> scan;
  std::optional<base::Instant> mark;
  if (covered_until && window.commit != Window::Commit::TasksOnly)
    scan = store::Scan{window.by, {window.range.from, *covered_until}, window_started_at_};
  if (window.commit == Window::Commit::CoverageAndMark) mark = covered_until;
  const auto upserted =
      catch_store_errors([&] { return deps_.archive.commit_page(tasks, scan, mark, deps_.clock.now()); });
  if (!upserted) {
    finish(model::failed(upserted.error()));
    return false;
  }
  stats_ += model::ScanStats{1, static_cast<int>(tasks.size()), upserted->added, upserted->changed};
  if (upserted->added > 0 && added_) added_();
  return true;
}

void Discovery::bisect_window() {
  const Window window = windows_.front();
  const auto parts = bisect(window.range);
  base::log::debug("search: {} pages did not reach the end of {} to {}; reading it in two halves", window_pages_,
                   base::to_iso8601(window.range.from), base::to_iso8601(window.range.to));
  windows_.pop_front();
  windows_.push_front({parts->second, window.by, window.commit});
  windows_.push_front({parts->first, window.by, window.commit});
  next_window();
}

void Discovery::finish(model::Result<model::ScanStats> result) {
  windows_.clear();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(result));
}

}  // namespace wxcc::sync
