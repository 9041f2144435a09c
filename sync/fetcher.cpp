// SPDX-License-Identifier: Apache-2.0
#include "sync/fetcher.h"
#include "sync/catch_store_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "sync/retry_schedule.h"
#include "webex/transcript_format.h"

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;

constexpr int kCapturesAtOnce = 2;
// Bounds what is held in memory: transcripts of jobs that are not complete yet.
constexpr std::size_t kJobsAtOnce = 60;
// Work on tasks that ended longer ago than this is backlog: it gives way to live work.
constexpr ch::hours kLive{24};
// So many failed downloads without a good one between them are the object store's failure, not the transcripts'.
constexpr int kStoreIsDown = 8;
// So many tasks that were asked for alone and failed, one after the other, are no longer those tasks' failure.
constexpr int kCloudIsDown = 4;
constexpr int kForbidden = 403;
constexpr base::Millis kFirstPause = ch::seconds{15};
constexpr base::Millis kLongestPause = ch::minutes{5};

std::optional<base::Instant> newest_of(const std::vector<store::FetchedTranscript>& transcripts) {
  std::optional<base::Instant> newest;
  for (const store::FetchedTranscript& transcript : transcripts) newest = std::max(newest, transcript.item.created);
  return newest;
}

base::log::Fields fields_of(const model::Failure& failure, const std::string& task_id) {
  base::log::Fields fields = model::log_fields(failure);
  fields.insert(fields.end(), {{"WXCC_ACTIVITY", "fetch"}, {"WXCC_TASK_ID", task_id}});
  return fields;
}

}  // namespace

// One task between asking for its locations and storing what came of them.
struct Fetcher::Job {
  store::DueTask task;
  std::vector<store::FetchedTranscript> fetched;
  std::optional<model::Failure> failure;  // of a download
  int open = 0;                           // downloads waiting or under way
  bool located_again = false;
};

Fetcher::Fetcher(EngineDeps& deps) : deps_(deps), timer_(deps.timers.add_timer([this] { pump(); })) {}

Fetcher::~Fetcher() = default;

void Fetcher::set_batches(Batches batches) {
  batches_ = batches;
  if (batches == Batches::Any) pump();
}

void Fetcher::resume() {
  paused_until_.reset();
  failures_in_a_row_ = 0;
  pump();
}

bool Fetcher::idle() const {
  return jobs_.empty() && captures_under_way_ == 0;
}

bool Fetcher::worth_waiting_for() const {
  constexpr int kPatience = 4;
  if (archive_fails_ || (trouble_ && trouble_->kind == model::Failure::Kind::AuthRequired)) return false;
  if (!paused_until_ || failures_in_a_row_ >= kPatience || failed_downloads_in_a_row_ >= kPatience * kStoreIsDown)
    return false;
  const auto next = catch_store_errors([&] { return deps_.archive.next_due(); });
  return next && *next && **next <= deps_.clock.now();
}

model::FetchStats Fetcher::take_stats() {
  return std::exchange(report_, {});
}

void Fetcher::pump() {
  if (pumping_) return;  // answers may come at once
  pumping_ = true;
  ask_for_fresh_locations();
  while (may_start() && ask_for_a_batch()) {
  }
  pumping_ = false;
  if (!idle()) return;
  wake_later();
  if (idle_) idle_();
}

bool Fetcher::may_start() {
  if (paused_until_ && deps_.timers.monotonic_now() < *paused_until_) return false;
  paused_until_.reset();
  // While something fails, one request at a time finds out whether it still does.
  const bool failing = failures_in_a_row_ > 0 || failed_downloads_in_a_row_ >= kStoreIsDown;
  const int at_once = failing ? 1 : kCapturesAtOnce;
  return captures_under_way_ < at_once && jobs_.size() < (failing ? webex::kCapturesBatch : kJobsAtOnce);
}

void Fetcher::wake_later() {
  const base::Instant now = deps_.clock.now();
  const auto due = catch_store_errors([&] { return deps_.archive.next_due(); });
  if (!due) archive_failed(due.error());
  const std::optional<base::Instant> next = due.value_or(std::nullopt);
  if (!next && !paused_until_) return timer_->stop();
  // Due already and yet idle: waiting for a full batch, which discovery will bring.
  if (next && *next <= now && !paused_until_ && batches_ == Batches::Full) return timer_->stop();
  const base::Millis until_due = next.value_or(now) - now;
  const base::Millis until_resumed = paused_until_ ? *paused_until_ - deps_.timers.monotonic_now() : base::Millis{0};
  timer_->start(std::clamp<base::Millis>(std::max(until_due, until_resumed), ch::seconds{1}, ch::minutes{10}));
}

Fetcher::Batch Fetcher::next_batch() const {
  constexpr int kWanted = static_cast<int>(webex::kCapturesBatch);
  const std::vector<store::DueTask> due =
      deps_.archive.due_tasks(deps_.clock.now(), kWanted + static_cast<int>(jobs_.size()));
  Batch batch;
  for (const store::DueTask& task : due) {
    if (jobs_.contains(task.task_id)) continue;
    if (suspects_.contains(task.task_id)) {
      if (batch.empty()) return {task};
      continue;
    }
    batch.push_back(task);
    if (batch.size() == webex::kCapturesBatch) return batch;
  }
  if (batches_ == Batches::Full) batch.clear();
  return batch;
}

bool Fetcher::ask_for_a_batch() {
  const auto next = catch_store_errors([&] { return next_batch(); });
  if (!next) archive_failed(next.error());
  if (!next || next->empty()) return false;
  const Batch& batch = *next;
  bool live = false;
  for (const store::DueTask& task : batch) {
    live = live || deps_.clock.now() - task.ended < kLive;
    auto job = std::make_unique<Job>();
    job->task = task;
    jobs_.emplace(task.task_id, std::move(job));
  }
  ask_for_locations(batch, live ? webex::Priority::Live : webex::Priority::Background);
  return true;
}

void Fetcher::ask_for_locations(const Batch& batch, webex::Priority priority) {
  std::vector<std::string> ids;
  for (const store::DueTask& task : batch) ids.push_back(task.task_id);
  ++captures_under_way_;
  deps_.api.captures(std::move(ids), priority,
                     [this, batch](const model::Result<std::vector<webex::TaskCaptures>>& answer) {
                       --captures_under_way_;
                       captures_arrived(batch, answer);
                       pump();
                     });
}

void Fetcher::captures_arrived(const Batch& batch, const model::Result<std::vector<webex::TaskCaptures>>& answer) {
  if (!answer) return batch_failed(batch, answer.error());
  failures_in_a_row_ = 0;
  lone_failures_in_a_row_ = 0;
  answered_ = true;
  trouble_.reset();
  for (const store::DueTask& task : batch) {
    suspects_.erase(task.task_id);
    std::vector<webex::TranscriptLocation> locations;
    for (const webex::TaskCaptures& captures : *answer)
      if (base::equals_ignoring_case(captures.task_id, task.task_id))
        locations.insert(locations.end(), captures.transcripts.begin(), captures.transcripts.end());
    if (locations.empty())
      nothing_there(task);
    else
      start_job(task, std::move(locations));
  }
  start_downloads();
}

// A request for ten tasks failed. One of them may be the reason, so the next time each is asked for alone. When further
// requests fail too, the cloud is the reason, and no more tasks become suspects. One that fails alone while others do
// not is itself the reason.
void Fetcher::batch_failed(const Batch& batch, const model::Failure& failure) {
  const bool permanent = failure.kind == model::Failure::Kind::Permanent;
  const bool its_own = batch.size() == 1 && failure.kind == model::Failure::Kind::Transient && answered_ &&
                       failures_in_a_row_ == 0 && ++lone_failures_in_a_row_ < kCloudIsDown;
  const bool clouds = !permanent && !its_own;
  if (clouds) ++failures_in_a_row_;
  for (const store::DueTask& task : batch) {
    jobs_.erase(task.task_id);
    if (failure.kind == model::Failure::Kind::AuthRequired) continue;
    if (batch.size() == 1)
      failed(task, "captures", failure, next_retry(task, deps_.clock.now(), deps_.settings.transcript_deadline));
    if (!clouds || failures_in_a_row_ == 1) suspects_.insert(task.task_id);
  }
  if (clouds) pause(failure);
}

void Fetcher::pause(const model::Failure& failure) {
  const int doublings = std::max(failures_in_a_row_, failed_downloads_in_a_row_ / kStoreIsDown) - 1;
  const base::Millis length = std::min(kLongestPause, kFirstPause * (1 << std::clamp(doublings, 0, 5)));
  paused_until_ = deps_.timers.monotonic_now() + length;
  if (!trouble_)
    base::log::write(
        base::log::Level::Warning,
        fmt::format("transcripts: {}; pausing {} s", failure.message, ch::ceil<ch::seconds>(length).count()),
        fields_of(failure, ""));
  trouble_ = failure;
}

void Fetcher::start_job(const store::DueTask& task, std::vector<webex::TranscriptLocation> locations) {
  Job& job = *jobs_.at(task.task_id);
  job.open = static_cast<int>(locations.size());
  for (webex::TranscriptLocation& location : locations)
    downloads_waiting_.push_back({task.task_id, std::move(location)});
}

void Fetcher::start_downloads() {
  while (downloads_under_way_ < deps_.settings.max_downloads && !downloads_waiting_.empty()) {
    const Download next = std::move(downloads_waiting_.front());
    downloads_waiting_.pop_front();
    ++downloads_under_way_;
    deps_.api.download(next.location.url,
                       [this, id = next.task_id, item = next.location.item](const model::Result<std::string>& bytes) {
                         --downloads_under_way_;
                         downloaded(id, item, bytes);
                         start_downloads();
                         pump();
                       });
  }
}

void Fetcher::downloaded(const std::string& task_id, const model::TranscriptItem& item,
                         const model::Result<std::string>& bytes) {
  Job& job = *jobs_.at(task_id);
  if (bytes) {
    webex::ParsedTranscript parsed = webex::parse_transcript(*bytes, item.started);
    job.fetched.push_back({item, *bytes, std::move(parsed.conversation), std::move(parsed.problem)});
    failed_downloads_in_a_row_ = 0;
  } else {
    job.failure = bytes.error();
    // A location that has expired says nothing of the store; a fresh one that is refused does.
    const bool expired = job.failure->http_status == kForbidden && !job.located_again;
    if (!expired && ++failed_downloads_in_a_row_ % kStoreIsDown == 0) pause(bytes.error());
  }
  if (--job.open == 0) job_done(job);
}

void Fetcher::job_done(Job& job) {
  if (job.failure && job.failure->http_status == kForbidden && !job.located_again) {
    job.located_again = true;
    job.failure.reset();
    job.fetched.clear();
    return expired_.push_back(job.task);
  }
  const store::DueTask task = job.task;
  const std::vector<store::FetchedTranscript> fetched = std::move(job.fetched);
  const std::optional<model::Failure> failure = std::move(job.failure);
  jobs_.erase(task.task_id);
  if (!fetched.empty()) {
    store(task, [&] {
      const base::Instant now = deps_.clock.now();
      const bool whole = std::all_of(fetched.begin(), fetched.end(),
                                     [](const store::FetchedTranscript& one) { return one.conversation.has_value(); });
      const auto second_look = recheck_time(task, newest_of(fetched), now, deps_.settings.second_look,
                                            whole ? ParseOutcome::Complete : ParseOutcome::Partial);
      const auto kept = deps_.archive.record_transcripts(task.task_id, fetched, second_look, now);
      if (!task.second_look || kept.new_transcripts > 0) ++report_.archived;
      report_.messages += kept.new_messages;
      for (const store::FetchedTranscript& transcript : fetched) {
        if (!transcript.conversation) ++report_.unparsed;
        if (!transcript.parse_error.empty())
          base::log::write(base::log::Level::Warning,
                           fmt::format("task {}: transcript {}: {}", task.task_id, transcript.item.file_name,
                                       transcript.parse_error),
                           {{"WXCC_ACTIVITY", "fetch"}, {"WXCC_TASK_ID", task.task_id}});
      }
    });
  }
  if (!failure) return;
  // What was archived beside it has begun the count of tries anew: then the pauses grow with the age.
  const base::Instant now = deps_.clock.now();
  const base::Millis deadline = deps_.settings.transcript_deadline;
  failed(task, "download", *failure,
         fetched.empty() ? next_retry(task, now, deadline)
                         : next_availability_check(std::max(task.ended, task.first_queued), now, deadline));
}

// Locations expire together, as after a pause, so that fresh ones are asked for together too.
void Fetcher::ask_for_fresh_locations() {
  const bool more_may_come = downloads_under_way_ > 0 || !downloads_waiting_.empty();
  while (!expired_.empty() && (expired_.size() >= webex::kCapturesBatch || !more_may_come)) {
    const auto end = expired_.begin() + static_cast<std::ptrdiff_t>(std::min(expired_.size(), webex::kCapturesBatch));
    const Batch batch(expired_.begin(), end);
    expired_.erase(expired_.begin(), end);
    ask_for_locations(batch, webex::Priority::Live);
  }
}

void Fetcher::nothing_there(const store::DueTask& task) {
  jobs_.erase(task.task_id);
  store(task, [&] {
    const base::Instant now = deps_.clock.now();
    const auto again = next_availability_check(task.ended, now, deps_.settings.transcript_deadline);
    if (task.second_look || !again) {
      deps_.archive.record_absent(task.task_id, now);
      if (!task.second_look) ++report_.absent;
    } else {
      deps_.archive.record_nothing_yet(task.task_id, *again, now);
      ++report_.not_available;
    }
  });
}

void Fetcher::failed(const store::DueTask& task, std::string_view phase, const model::Failure& failure,
                     std::optional<base::Instant> again) {
  ++report_.failures;
  base::log::write(again ? base::log::Level::Debug : base::log::Level::Warning,
                   fmt::format("task {}: {}{}", task.task_id, again ? "" : "given up: ", failure.message),
                   fields_of(failure, task.task_id));
  store(task, [&] {
    deps_.archive.record_failure(task.task_id, phase, model::to_text(failure.kind), failure.message, again,
                                 deps_.clock.now());
  });
}

void Fetcher::store(const store::DueTask& task, const std::function<void()>& work) {
  const auto stored = catch_store_errors(work);
  archive_fails_ = !stored;
  if (stored) return;
  ++failures_in_a_row_;
  if (!trouble_)
    base::log::write(base::log::Level::Error,
                     fmt::format("task {} could not be stored: {}", task.task_id, stored.error().message),
                     fields_of(stored.error(), task.task_id));
  archive_failed(stored.error());
}

void Fetcher::archive_failed(const model::Failure& failure) {
  archive_fails_ = true;
  pause(failure);
}

}  // namespace wxcc::sync
