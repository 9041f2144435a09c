// SPDX-License-Identifier: Apache-2.0
#include "sync/fetch_recorder.h"

#include <fmt/format.h>

#include "base/log.h"
#include "sync/catch_store_errors.h"

namespace wxcc::sync {
namespace {

constexpr std::size_t kMaxGroupTasks = 10;
constexpr std::size_t kMaxGroupBytes = 4U << 20U;

using Outcome = store::FetchResult::Outcome;

void log_task(base::log::Level level, const std::string& task_id, const std::string& text, base::log::Fields fields) {
  fields.insert(fields.end(), {{"WXCC_ACTIVITY", "fetch"}, {"WXCC_TASK_ID", task_id}});
  base::log::write(level, fmt::format("task {}: {}", task_id, text), fields);
}

void log_result(const store::FetchResult& result) {
  using base::log::Level;
  for (const store::FetchedTranscript& transcript : result.transcripts)
    if (!transcript.parse_error.empty())
      log_task(Level::Warning, result.task_id,
               fmt::format("transcript {}: {}", transcript.item.file_name, transcript.parse_error), {});
  if (!result.failure) return;
  const model::Failure& failure = result.failure->failure;
  log_task(result.next_due ? Level::Debug : Level::Warning, result.task_id,
           (result.next_due ? "" : "given up: ") + failure.message, model::log_fields(failure));
}

}  // namespace

FetchRecorder::~FetchRecorder() {
  try {
    if (!empty()) commit();
  } catch (const std::exception& error) {
    base::log::error("fetch: cannot store transcripts: {}", error.what());
  }
}

void FetchRecorder::add(store::FetchResult result, bool is_recheck) {
  if (empty()) opened_at_ = deps_.timers.monotonic_now();
  for (const store::FetchedTranscript& transcript : result.transcripts) bytes_ += transcript.raw.size();
  results_.push_back(std::move(result));
  rechecks_.push_back(is_recheck);
}

bool FetchRecorder::is_due() const {
  if (empty()) return false;
  return results_.size() >= kMaxGroupTasks || bytes_ >= kMaxGroupBytes ||
         deps_.timers.monotonic_now() - opened_at_ >= kMaxGroupAge;
}

FetchRecorder::Committed FetchRecorder::commit() {
  const std::vector<store::FetchResult> results = std::exchange(results_, {});
  const std::vector<bool> rechecks = std::exchange(rechecks_, {});
  bytes_ = 0;
  Committed committed;
  const auto stored = catch_store_errors([&] { return deps_.archive.commit_fetched(results, deps_.clock.now()); });
  if (!stored) committed.failure = stored.error();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const store::FetchResult& result = results[i];
    if (stored && !stored->at(i).error.empty() && result.outcome == Outcome::Fetched) {
      committed.unstorable.push_back({result.task_id, stored->at(i).error});
      continue;
    }
    committed.task_ids.push_back(result.task_id);
    if (!stored || !stored->at(i).known) continue;
    log_result(result);
    if (!stored->at(i).error.empty()) {
      const model::Failure failure{.source = model::Failure::Source::Archive,
                                   .kind = model::Failure::Kind::Permanent,
                                   .message = "cannot store the result of the fetch: " + stored->at(i).error};
      log_task(base::log::Level::Error, result.task_id, failure.message, model::log_fields(failure));
      if (stored->at(i).due_now) committed.failure = failure;
      continue;
    }
    count(result, rechecks[i], stored->at(i));
  }
  return committed;
}

void FetchRecorder::count(const store::FetchResult& result, bool is_recheck, const store::StoreResult& stored) {
  if (result.failure) ++stats_.failures;
  if (result.outcome == Outcome::NotAvailable) ++stats_.not_available;
  if (result.outcome == Outcome::Absent && !is_recheck) ++stats_.absent;
  if (result.outcome != Outcome::Fetched) return;
  if (!is_recheck || stored.new_transcripts > 0) ++stats_.archived;
  stats_.messages += stored.new_messages;
  for (const store::FetchedTranscript& transcript : result.transcripts)
    if (!transcript.conversation) ++stats_.unparsed;
}

}  // namespace wxcc::sync
