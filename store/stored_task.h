// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/task.h"
#include "model/transcript_state.h"

namespace wxcc::store {

// A task as the archive has it. Without a duration of the API it has that of the views: from creation to end.
struct StoredTask {
  model::Task task;
  model::TranscriptState transcript_state = model::TranscriptState::Pending;
  std::int64_t message_count = 0;  // of the transcripts that the views show
};

}  // namespace wxcc::store
