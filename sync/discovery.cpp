// SPDX-License-Identifier: Apache-2.0
#include "sync/discovery.h"
#include "sync/catch_store_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "sync/windows.h"

namespace wxcc::sync {
namespace {

// The Search API ends at 100,000 records. A window is read in pieces long before, so that progress is kept too.
constexpr int kMaxPagesPerWindow = 200;
constexpr int kMaxTasksPerWindow = 50'000;

bool matches(const model::Task& task, const std::vector<std::string>& queues) {
  return queues.empty() || std::any_of(queues.begin(), queues.end(), [&](const std::string& queue) {
           return base::equals_ignoring_case(queue, task.queue.id) ||
                  base::equals_ignoring_case(queue, task.queue.name);
         });
}

bool is_one_of(const std::vector<std::string>& channels, const std::string& text) {
  return std::any_of(channels.begin(), channels.end(),
                     [&](const std::string& channel) { return base::equals_ignoring_case(channel, text); });
}

// Before this program, so that no clock has a reason to say it.
const base::Instant kNoTimeBefore = base::from_ms(1'735'689'600'000);  // 2025

}  // namespace

void Discovery::run(std::deque<Window> windows, webex::Priority priority, Done done) {
  windows_ = std::move(windows);
  priority_ = priority;
  done_ = std::move(done);
  report_ = {};
  next_window();
}

void Discovery::next_window() {
  if (windows_.empty()) return finish(report_);
  window_began_ = deps_.clock.now();
  window_pages_ = 0;
  progress_ = Progress(windows_.front().range);
  ask("");
}

void Discovery::ask(const std::string& cursor) {
  const Window& window = windows_.front();
  deps_.api.search({window.range, window.by, deps_.settings.channels, cursor}, priority_,
                   [this, cursor](const model::Result<webex::SearchPage>& page) {
                     if (!page) return finish(base::make_unexpected(page.error()));
                     page_arrived(*page, cursor);
                   });
}

// The ended tasks that this archive is for. That an end lies in the window does not mean that the task is over. Every
// query names the channels, but what it calls a channel and what the answer calls it may differ, so that the answer's
// word decides nothing.
std::vector<model::Task> Discovery::wanted_of(const webex::SearchPage& page) {
  const std::vector<std::string>& channels = deps_.settings.channels;
  std::vector<model::Task> wanted;
  for (const model::Task& task : page.tasks) {
    if (!task.ended || task.is_active || !matches(task, deps_.settings.queues)) continue;
    if (!is_one_of(channels, task.channel) && other_channels_.insert(task.channel).second)
      base::log::info("search: asked for {}, the cloud answers with tasks of channel \"{}\"; they are kept",
                      fmt::join(channels, ", "), task.channel);
    wanted.push_back(task);
    if (task.channel.empty() && channels.size() == 1) wanted.back().channel = channels.front();
  }
  return wanted;
}

// Whether the answer's date cannot be the time: before this program's, or more than a day before what the answer itself
// or the archive knows to have been. A clock of this machine that is ahead, by however much, is not told by these.
bool Discovery::is_impossible(base::Instant date, const webex::SearchPage& page) const {
  if (date < kNoTimeBefore) return true;
  std::optional<base::Instant> latest;
  const auto read = catch_store_errors([&] { latest = deps_.archive.high_water_mark(); });
  if (!read) return false;
  for (const model::Task& task : page.tasks) latest = std::max({latest, task.ended, task.created});
  return latest && *latest > date + std::chrono::days{1};
}

// A clock that is ahead of the cloud's must not let the mark pass time that has not been yet.
void Discovery::keep_to_server_time(const webex::SearchPage& page) {
  base::TimeRange& range = windows_.front().range;
  if (!page.server_time || range.to <= *page.server_time) return;
  if (is_impossible(*page.server_time, page)) {
    if (!std::exchange(clock_told_, true))
      base::log::warning("the cloud's answers are dated {}, which is not believed; going by this machine's clock",
                         base::to_iso8601_seconds(*page.server_time));
    return;
  }
  if (!std::exchange(clock_told_, true))
    base::log::warning("this machine's clock is ahead of the cloud's by about {} s",
                       std::chrono::ceil<std::chrono::seconds>(window_began_ - *page.server_time).count());
  const base::Instant end = *page.server_time - deps_.settings.settle;
  range.to = end;
  range.from = std::min(range.from, range.to);
  windows_.erase(std::remove_if(windows_.begin() + 1, windows_.end(),
                                [end](const Window& later) { return later.range.from >= end; }),
                 windows_.end());
}

void Discovery::page_arrived(const webex::SearchPage& page, const std::string& cursor) {
  for (const std::string& problem : page.problems) base::log::warning("search: passed over {}", problem);
  if (window_pages_++ == 0) keep_to_server_time(page);
  const Window& window = windows_.front();
  for (const model::Task& task : page.tasks)
    progress_.saw(window.by == model::TimeField::Ended ? task.ended : task.created);
  if (!page.has_next) {
    if (keep(page, window.range.to)) go_on(page, window.range.to);
    return;
  }
  const bool no_way = page.end_cursor.empty() || page.end_cursor == cursor;
  const bool full = window_pages_ >= kMaxPagesPerWindow || progress_.tasks() >= kMaxTasksPerWindow;
  const auto read_to = no_way || full ? progress_.reached() : std::nullopt;
  if (!keep(page, read_to)) return;
  if (read_to) return go_on(page, read_to);
  // A page without tasks that promises more would do so for every part of the window.
  const bool divisible = !page.tasks.empty() && halves(window.range);
  if ((no_way || full) && divisible) return split();
  if (!no_way) return ask(page.end_cursor);
  finish(base::make_unexpected(model::Failure{
      .kind = model::Failure::Kind::Transient,
      .message =
          fmt::format("search: the cloud gives no cursor to a next page, and one page does not hold all tasks of {}",
                      base::to_iso8601(window.range.from)),
      .http_status = 200}));
}

bool Discovery::keep(const webex::SearchPage& page, std::optional<base::Instant> read_to) {
  const Window& window = windows_.front();
  const std::vector<model::Task> wanted = wanted_of(page);
  std::optional<store::Scan> scan;
  std::optional<base::Instant> mark;
  if (read_to && window.proves != Window::Proves::Nothing)
    scan = store::Scan{window.by, {window.range.from, *read_to}, window_began_};
  if (window.proves == Window::Proves::SpanAndMark) mark = read_to;
  store::Archive::Upserted upserted;
  const auto stored =
      catch_store_errors([&] { upserted = deps_.archive.commit_page(wanted, scan, mark, deps_.clock.now()); });
  if (!stored) {
    finish(base::make_unexpected(stored.error()));
    return false;
  }
  report_ += model::ScanStats{1, static_cast<int>(wanted.size()), upserted.added, upserted.changed};
  if (upserted.added > 0 && added_) added_();
  return true;
}

void Discovery::go_on(const webex::SearchPage& page, std::optional<base::Instant> read_to) {
  if (page.has_next)
    windows_.front().range.from = *read_to;
  else
    windows_.pop_front();
  next_window();
}

void Discovery::split() {
  const Window window = windows_.front();
  const auto parts = halves(window.range);
  base::log::debug("search: {} pages did not end between {} and {}; reading it in two halves", window_pages_,
                   base::to_iso8601(window.range.from), base::to_iso8601(window.range.to));
  windows_.pop_front();
  windows_.push_front({parts->second, window.by, window.proves});
  windows_.push_front({parts->first, window.by, window.proves});
  next_window();
}

void Discovery::finish(model::Result<model::ScanStats> result) {
  windows_.clear();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(result));
}

}  // namespace wxcc::sync
