// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/fetch_queue.h"
#include "sync/settings.h"
#include "webex/request_queue.h"

namespace wxcc::sync {

// Which tasks to request next, and what is to be stored of what came. All pure.

// FullOnly: a batch leaves only when it is full, since discovery is about to bring more tasks. AllowPartial: whatever
// is due leaves.
enum class BatchMode { FullOnly, AllowPartial };

using Batch = std::vector<store::DueTask>;

// The next request's tasks, of those that are due, in their order, and not excluded: one that is isolated alone, when
// it comes first; else as many others as a request takes. Empty: none is to be sent now.
Batch next_batch(const std::vector<store::DueTask>& due, BatchMode mode,
                 const std::function<bool(const std::string& task_id)>& is_excluded,
                 const std::function<bool(const std::string& task_id)>& is_isolated);

// Tasks that ended long ago are backlog: they give way to live work.
webex::Priority priority_of(const Batch& batch, base::Instant now);

// The object store refused a location: it has expired, and a fresh one may do.
bool is_expired_location(const model::Failure& failure);

// The task's captures name no transcript.
store::FetchResult result_without_transcript(const store::DueTask& task, const Settings& settings, base::Instant now);
// No transcript came.
store::FetchResult result_of_failure(const store::DueTask& task, store::FetchFailure failure, const Settings& settings,
                                     base::Instant now);
// At least one transcript came; perhaps the download of another failed.
store::FetchResult result_of_downloads(const store::DueTask& task, std::vector<store::FetchedTranscript> transcripts,
                                       std::optional<model::Failure> failure, const Settings& settings,
                                       base::Instant now);

}  // namespace wxcc::sync
