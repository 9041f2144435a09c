// SPDX-License-Identifier: Apache-2.0
#include "sync/fetch_plan.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sync/retry_schedule.h"
#include "webex/captures.h"

namespace wxcc::sync {
namespace {

constexpr std::chrono::hours kMaxLiveWorkAge{24};
constexpr int kForbidden = 403;

}  // namespace

using Outcome = store::FetchResult::Outcome;

Batch next_batch(const std::vector<store::DueTask>& due, BatchMode mode,
                 const std::function<bool(const std::string& task_id)>& is_excluded,
                 const std::function<bool(const std::string& task_id)>& is_isolated) {
  Batch batch;
  for (const store::DueTask& task : due) {
    if (is_excluded(task.task_id)) continue;
    if (is_isolated(task.task_id)) {
      if (batch.empty()) return {task};
      continue;
    }
    batch.push_back(task);
    if (batch.size() == webex::kMaxCaptureTaskIds) return batch;
  }
  return mode == BatchMode::AllowPartial ? batch : Batch{};
}

webex::Priority priority_of(const Batch& batch, base::Instant now) {
  const bool live = std::any_of(batch.begin(), batch.end(),
                                [now](const store::DueTask& task) { return now - task.ended < kMaxLiveWorkAge; });
  return live ? webex::Priority::Live : webex::Priority::Background;
}

bool is_expired_location(const model::Failure& failure) {
  return failure.http_status == kForbidden;
}

store::FetchResult result_without_transcript(const store::DueTask& task, const Settings& settings, base::Instant now) {
  const auto next =
      task.recheck ? std::nullopt : next_availability_check(task.ended, now, settings.transcript_deadline);
  return {.task_id = task.task_id,
          .outcome = next ? Outcome::NotAvailable : Outcome::Absent,
          .transcripts = {},
          .failure = std::nullopt,
          .next_due = next};
}

store::FetchResult result_of_failure(const store::DueTask& task, store::FetchFailure failure, const Settings& settings,
                                     base::Instant now) {
  return {.task_id = task.task_id,
          .outcome = Outcome::Failed,
          .transcripts = {},
          .failure = std::move(failure),
          .next_due = next_retry(task, now, settings.transcript_deadline)};
}

store::FetchResult result_of_downloads(const store::DueTask& task, std::vector<store::FetchedTranscript> transcripts,
                                       std::optional<model::Failure> failure, const Settings& settings,
                                       base::Instant now) {
  store::FetchResult result{.task_id = task.task_id,
                            .outcome = Outcome::Fetched,
                            .transcripts = std::move(transcripts),
                            .failure = std::nullopt,
                            .next_due = std::nullopt};
  if (failure) {
    // Storing the other transcripts resets the count of attempts, so the delay grows with the age instead.
    result.failure = store::FetchFailure{store::FetchFailure::Phase::Download, std::move(*failure)};
    result.next_due = next_availability_check(std::max(task.ended, task.first_seen), now, settings.transcript_deadline);
    return result;
  }
  std::optional<base::Instant> newest;
  ParseOutcome outcome = ParseOutcome::Complete;
  for (const store::FetchedTranscript& transcript : result.transcripts) {
    newest = std::max(newest, transcript.item.created);
    if (!transcript.conversation) outcome = ParseOutcome::Partial;
  }
  result.next_due = recheck_time(task, newest, now, settings.recheck_after, outcome);
  return result;
}

}  // namespace wxcc::sync
