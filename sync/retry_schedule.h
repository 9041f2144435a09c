// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "store/fetch_queue.h"

namespace wxcc::sync {

// When a task's transcript is fetched again. All pure; std::nullopt: not again.

// After a response without a transcript, which the API gives both for "not yet" and for "never": when the task is twice
// as old as now, at least 30 seconds and at most 6 hours later, until the task ended longer ago than the deadline.
std::optional<base::Instant> next_availability_check(base::Instant ended, base::Instant now, base::Millis deadline);

// After a failure: a minute, doubling to 6 hours, by attempts so far, until the task has been in the archive, and over,
// for longer than the deadline. On the full minute, so that tasks that failed one after the other become due together
// and share a request.
std::optional<base::Instant> next_retry(const store::DueTask& task, base::Instant now, base::Millis deadline);

// After a transcript was archived: once more, so long from now, for a replaced or further version. Not for tasks whose
// end and whose newest transcript (by the API's timestamp, if any) are so old that they have settled, and not after a
// recheck. A transcript that could not be parsed may be a bad response instead, so its age does not matter.
enum class ParseOutcome { Complete, Partial };
std::optional<base::Instant> recheck_time(const store::DueTask& task, std::optional<base::Instant> newest,
                                          base::Instant now, base::Millis recheck_delay,
                                          ParseOutcome outcome = ParseOutcome::Complete);

}  // namespace wxcc::sync
