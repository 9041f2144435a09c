// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time_range.h"
#include "model/time_field.h"
#include "model/transcript_state.h"

namespace wxcc::store {

// Which conversations. Names compare without regard to case (ASCII), lists mean "any of".
struct ConversationFilter {
  std::optional<base::TimeRange> range;
  model::TimeField by = model::TimeField::Ended;
  std::vector<std::string> queues;  // names or ids
  std::vector<std::string> agents;  // names or ids
  std::vector<std::string> channels;
  std::string text;                    // full text query as typed, see full_text.h; empty: no condition
  std::vector<std::string> teams;      // names or ids
  std::vector<std::string> customers;  // whole names, e-mail addresses or telephone numbers
  std::vector<model::TranscriptState> states;
};

// What a filter can name.
enum class FilterField { Queue, Team, Agent, Channel };

}  // namespace wxcc::store
