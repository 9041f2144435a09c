// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "store/types.h"

namespace wxcc::sync {

// When to ask for a task's transcript again. All pure.

// The cloud had none: it says "not yet" and "never" alike. The next asking comes when the task is twice as old as now,
// at least 30 seconds and at most 6 hours later; nothing once the task ended longer ago than the deadline.
std::optional<base::Instant> next_asking(base::Instant ended, base::Instant now, base::Millis deadline);

// Asking failed: a minute, doubling to 6 hours, by attempts so far; nothing once the archive has wanted the transcript
// for longer than the deadline: failed.
std::optional<base::Instant> next_try(const store::DueTask& task, base::Instant now, base::Millis deadline);

// When a transcript that was just archived is looked at once more for a replaced or further version; nothing for tasks
// whose end and whose newest transcript (by the cloud's stamp, if any) are so old that they have settled, and for a
// second look itself. One that could not be read may be a bad answer instead of a bad transcript, so its age does not
// matter.
enum class Readable { Whole, InPart };
std::optional<base::Instant> second_look_at(const store::DueTask& task, std::optional<base::Instant> newest,
                                            base::Instant now, base::Millis second_look,
                                            Readable readable = Readable::Whole);

}  // namespace wxcc::sync
