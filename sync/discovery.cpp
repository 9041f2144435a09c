// SPDX-License-Identifier: Apache-2.0
#include "sync/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "sync/windows.h"

namespace wxcc::sync {
namespace {

// The Search API ends at 100,000 records; recorded pages have 100 or 250. Fuller windows are split long before.
constexpr int kMaxPagesPerWindow = 200;

bool matches(const model::Task& task, const std::vector<std::string>& queues) {
  return queues.empty() || std::any_of(queues.begin(), queues.end(), [&](const std::string& queue) {
           return base::equals_ignoring_case(queue, task.queue.id) ||
                  base::equals_ignoring_case(queue, task.queue.name);
         });
}

bool matches_channel(const model::Task& task, const std::vector<std::string>& channels) {
  return std::any_of(channels.begin(), channels.end(),
                     [&](const std::string& channel) { return base::equals_ignoring_case(channel, task.channel); });
}

}  // namespace

ScanReport& ScanReport::operator+=(const ScanReport& other) {
  pages += other.pages;
  ended += other.ended;
  added += other.added;
  changed += other.changed;
  return *this;
}

void Discovery::run(std::deque<Window> windows, webex::Priority priority, Done done) {
  windows_ = std::move(windows);
  priority_ = priority;
  done_ = std::move(done);
  report_ = {};
  next_window();
}

void Discovery::next_window() {
  if (windows_.empty()) return finish(report_);
  window_began_ = context_.clock.now();
  window_pages_ = 0;
  ask("");
}

void Discovery::ask(const std::string& cursor) {
  const Window& window = windows_.front();
  const auto by =
      window.by == store::TimeField::Ended ? webex::TimeComparator::EndedTime : webex::TimeComparator::CreatedTime;
  context_.cloud.search(
      {window.range, by, context_.settings.channels, cursor}, priority_,
      [this, cursor](const webex::Result<webex::SearchPage>& page) {
        if (!page) return finish(base::make_unexpected(page.error()));
        if (page->has_next && page->end_cursor == cursor)
          return finish(base::make_unexpected(webex::ApiFailure{webex::ApiFailure::Kind::Transient, 200,
                                                                "search: the next page's cursor is this page's"}));
        page_arrived(*page);
      });
}

// The ended tasks that this archive is for. The cloud's filter is not trusted: neither its channel, nor that an end
// that lies in the window means that the task is over.
std::vector<model::Task> Discovery::wanted_of(const webex::SearchPage& page) const {
  std::vector<model::Task> wanted;
  for (const model::Task& task : page.tasks) {
    if (!task.ended || task.is_active) continue;
    if (matches_channel(task, context_.settings.channels) && matches(task, context_.settings.queues))
      wanted.push_back(task);
  }
  return wanted;
}

// A clock that is ahead of the cloud's must not let the mark pass time that has not been yet.
void Discovery::keep_to_server_time(const webex::SearchPage& page) {
  base::TimeRange& range = windows_.front().range;
  if (!page.server_time || range.to <= *page.server_time) return;
  base::log::warning("this machine's clock is ahead of the cloud's by about {} s",
                     std::chrono::ceil<std::chrono::seconds>(window_began_ - *page.server_time).count());
  range.to = std::max(range.from, *page.server_time - context_.settings.settle);
}

void Discovery::page_arrived(const webex::SearchPage& page) {
  for (const std::string& problem : page.problems) base::log::warning("search: passed over {}", problem);
  if (window_pages_ == 0) keep_to_server_time(page);
  const Window window = windows_.front();
  const std::vector<model::Task> wanted = wanted_of(page);
  const bool last = !page.has_next;
  std::optional<store::Scan> scan;
  std::optional<base::Instant> mark;
  if (last) {
    scan = store::Scan{window.by, window.range, window_began_};
    if (window.mark == Window::Mark::Moves) mark = window.range.to;
  }
  store::Archive::Upserted upserted;
  const auto stored =
      on_archive([&] { upserted = context_.archive.commit_page(wanted, scan, mark, context_.clock.now()); });
  if (!stored) return finish(base::make_unexpected(stored.error()));
  ++window_pages_;
  report_ += ScanReport{1, static_cast<int>(wanted.size()), upserted.added, upserted.changed};
  if (upserted.added > 0 && added_) added_();
  if (last) {
    windows_.pop_front();
    return next_window();
  }
  if (window_pages_ >= kMaxPagesPerWindow && halves(window.range)) return split();
  ask(page.end_cursor);
}

void Discovery::split() {
  const Window window = windows_.front();
  const auto parts = halves(window.range);
  base::log::debug("search: over {} pages between {} and {}; reading it in two halves", window_pages_,
                   base::to_iso8601(window.range.from), base::to_iso8601(window.range.to));
  windows_.pop_front();
  windows_.push_front({parts->second, window.by, window.mark});
  windows_.push_front({parts->first, window.by, window.mark});
  next_window();
}

void Discovery::finish(webex::Result<ScanReport> result) {
  windows_.clear();
  const Done done = std::exchange(done_, nullptr);
  done(std::move(result));
}

}  // namespace wxcc::sync
