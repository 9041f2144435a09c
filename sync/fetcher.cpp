// SPDX-License-Identifier: Apache-2.0
#include "sync/fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "sync/catch_store_errors.h"
#include "webex/transcript_format.h"

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;

constexpr int kMaxConcurrentCaptures = 2;
// Bounds what is held in memory: transcripts of tasks that are not stored yet.
constexpr std::size_t kMaxInFlightTasks = 60;

std::vector<std::string> ids_of(const Batch& batch) {
  std::vector<std::string> ids;
  for (const store::DueTask& task : batch) ids.push_back(task.task_id);
  return ids;
}

}  // namespace

Fetcher::Fetcher(EngineDeps& deps)
    : deps_(deps),
      wakeup_(deps.timers.add_timer([this] { pump(); })),
      downloads_(
          deps.api, deps.settings.max_downloads,
          [this](const std::string& task_id, const model::TranscriptItem& item, model::Result<std::string> bytes) {
            on_download(task_id, item, std::move(bytes));
            pump();
          }),
      recorder_(deps) {}

void Fetcher::set_batch_mode(BatchMode mode) {
  batch_mode_ = mode;
  if (mode == BatchMode::AllowPartial) pump();
}

void Fetcher::resume() {
  faults_.clear();
  pump();
}

bool Fetcher::should_wait_for_retry() const {
  if (!faults_.may_recover_soon(now())) return false;
  const auto next = catch_store_errors([&] { return deps_.archive.queue().next_due(); });
  return next && *next && **next <= deps_.clock.now();
}

void Fetcher::pump() {
  if (pumping_) return;  // responses may come at once
  pumping_ = true;
  do {
    if (recorder_.is_due()) commit();
    refresh_expired_locations();
    while (may_request() && request_next_batch()) {
    }
    // Nothing is under way that could add to the group.
  } while (captures_under_way_ == 0 && downloads_.idle() && commit());
  pumping_ = false;
  if (!idle()) return;
  arm_wakeup();
  if (on_idle_) on_idle_();
}

bool Fetcher::may_request() const {
  if (faults_.remaining_pause(now())) return false;
  const bool probing = faults_.is_probing();
  return captures_under_way_ < (probing ? 1 : kMaxConcurrentCaptures) &&
         in_flight_.size() < (probing ? webex::kMaxCaptureTaskIds : kMaxInFlightTasks);
}

void Fetcher::arm_wakeup() {
  const auto due = catch_store_errors([&] { return deps_.archive.queue().next_due(); });
  if (!due) log_pause(faults_.on_read_failure(due.error(), now()), due.error());
  const std::optional<base::Instant> next = due.value_or(std::nullopt);
  const auto pause = faults_.remaining_pause(now());
  const base::Instant clock_now = deps_.clock.now();
  if (!next && !pause) return wakeup_->stop();
  // Due already and yet idle: waiting for a full batch, which discovery will bring.
  if (next && *next <= clock_now && !pause && batch_mode_ == BatchMode::FullOnly) return wakeup_->stop();
  const base::Millis until_due = next.value_or(clock_now) - clock_now;
  wakeup_->start(
      std::clamp<base::Millis>(std::max(until_due, pause.value_or(base::Millis{0})), ch::seconds{1}, ch::minutes{10}));
}

bool Fetcher::request_next_batch() {
  const auto batch = catch_store_errors([&] {
    const auto limit = static_cast<int>(webex::kMaxCaptureTaskIds + in_flight_.size());
    return next_batch(
        deps_.archive.queue().due_tasks(deps_.clock.now(), limit), batch_mode_,
        [this](const std::string& id) { return in_flight_.contains(id); },
        [this](const std::string& id) { return faults_.is_isolated(id); });
  });
  if (!batch) log_pause(faults_.on_read_failure(batch.error(), now()), batch.error());
  if (!batch || batch->empty()) return false;
  for (const store::DueTask& task : *batch) in_flight_[task.task_id].task = task;
  request_locations(*batch, priority_of(*batch, deps_.clock.now()));
  return true;
}

void Fetcher::request_locations(const Batch& batch, webex::Priority priority) {
  ++captures_under_way_;
  const std::vector<std::string> ids = ids_of(batch);
  deps_.api.captures(ids, priority, [this, batch, ids](model::Result<std::vector<webex::TaskCaptures>> response) {
    --captures_under_way_;
    on_captures(batch, ids, std::move(response));
    pump();
  });
}

void Fetcher::on_captures(const Batch& batch, const std::vector<std::string>& ids,
                          model::Result<std::vector<webex::TaskCaptures>> response) {
  if (!response) return on_captures_failure(batch, ids, response.error());
  faults_.on_captures_ok(ids);
  for (const store::DueTask& task : batch) {
    std::vector<webex::TranscriptLocation> locations;
    for (webex::TaskCaptures& captures : *response)
      if (base::equals_ignoring_case(captures.task_id, task.task_id))
        std::move(captures.transcripts.begin(), captures.transcripts.end(), std::back_inserter(locations));
    if (locations.empty())
      record(task, result_without_transcript(task, deps_.settings, deps_.clock.now()));
    else
      start_downloads(task, std::move(locations));
  }
}

void Fetcher::on_captures_failure(const Batch& batch, const std::vector<std::string>& ids,
                                  const model::Failure& failure) {
  const auto pause = faults_.on_captures_failure(ids, failure, now());
  if (pause) log_pause(*pause, failure);
  if (batch.size() == 1 && failure.kind != model::Failure::Kind::AuthRequired)
    return record(batch.front(), result_of_failure(batch.front(), {store::FetchFailure::Phase::Captures, failure},
                                                   deps_.settings, deps_.clock.now()));
  for (const std::string& id : ids) in_flight_.erase(id);
}

void Fetcher::start_downloads(const store::DueTask& task, std::vector<webex::TranscriptLocation> locations) {
  in_flight_.at(task.task_id).open_downloads = static_cast<int>(locations.size());
  for (webex::TranscriptLocation& location : locations) downloads_.add(task.task_id, std::move(location));
}

void Fetcher::on_download(const std::string& task_id, const model::TranscriptItem& item,
                          model::Result<std::string> bytes) {
  TaskFetch& fetch = in_flight_.at(task_id);
  if (bytes) {
    webex::ParsedTranscript parsed = webex::parse_transcript(*bytes, item.started);
    fetch.transcripts.push_back({item, std::move(*bytes), std::move(parsed.conversation), std::move(parsed.error)});
    faults_.on_download_ok();
  } else {
    fetch.failure = bytes.error();
    // An expired location is no fault of the object store; a fresh one that is refused is.
    if (!is_expired_location(bytes.error()) || fetch.location_refreshed)
      if (const auto pause = faults_.on_download_failure(bytes.error(), now())) log_pause(*pause, bytes.error());
  }
  if (--fetch.open_downloads == 0) on_downloads_done(fetch);
}

void Fetcher::on_downloads_done(TaskFetch& fetch) {
  if (fetch.failure && is_expired_location(*fetch.failure) && !fetch.location_refreshed) {
    fetch.location_refreshed = true;
    fetch.failure.reset();
    fetch.transcripts.clear();
    return expired_locations_.push_back(fetch.task);
  }
  const base::Instant clock_now = deps_.clock.now();
  record(fetch.task, fetch.transcripts.empty()
                         ? result_of_failure(fetch.task, {store::FetchFailure::Phase::Download, fetch.failure.value()},
                                             deps_.settings, clock_now)
                         : result_of_downloads(fetch.task, std::move(fetch.transcripts), std::move(fetch.failure),
                                               deps_.settings, clock_now));
}

// Locations expire together, as after a pause, so that fresh ones are requested together too.
void Fetcher::refresh_expired_locations() {
  while (expired_locations_.size() >= webex::kMaxCaptureTaskIds || (!expired_locations_.empty() && downloads_.idle())) {
    const auto end = expired_locations_.begin() +
                     static_cast<std::ptrdiff_t>(std::min(expired_locations_.size(), webex::kMaxCaptureTaskIds));
    const Batch batch(expired_locations_.begin(), end);
    expired_locations_.erase(expired_locations_.begin(), end);
    request_locations(batch, webex::Priority::Live);
  }
}

void Fetcher::record(const store::DueTask& task, store::FetchResult result) {
  if (recorder_.empty()) wakeup_->start(FetchRecorder::kMaxGroupAge);
  recorder_.add(std::move(result), task.recheck);
}

// Returns false when there is nothing to store.
bool Fetcher::commit() {
  if (recorder_.empty()) return false;
  const FetchRecorder::Committed committed = recorder_.commit();
  for (const std::string& id : committed.task_ids) in_flight_.erase(id);
  for (const auto& [id, error] : committed.unstorable) {
    const store::DueTask task = in_flight_.at(id).task;
    const model::Failure failure{.source = model::Failure::Source::Archive,
                                 .kind = model::Failure::Kind::Permanent,
                                 .message = "cannot store the transcript: " + error};
    record(task,
           result_of_failure(task, {store::FetchFailure::Phase::Parse, failure}, deps_.settings, deps_.clock.now()));
  }
  if (committed.failure)
    log_pause(faults_.on_commit_failure(*committed.failure, now()), *committed.failure);
  else
    faults_.on_commit_ok();
  return true;
}

void Fetcher::log_pause(const FaultTracker::Pause& pause, const model::Failure& failure) {
  if (!pause.is_first) return;
  base::log::Fields fields = model::log_fields(failure);
  fields.emplace_back("WXCC_ACTIVITY", "fetch");
  const bool archive = failure.source == model::Failure::Source::Archive;
  base::log::write(archive ? base::log::Level::Error : base::log::Level::Warning,
                   fmt::format("fetch: {}; pausing {} s", failure.message, ch::ceil<ch::seconds>(pause.length).count()),
                   fields);
}

}  // namespace wxcc::sync
