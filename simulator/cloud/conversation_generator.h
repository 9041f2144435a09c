// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/task_profile.h"

namespace wxcc::simulator {

enum class Speaker : std::uint8_t { Customer, Agent, Bot, System };

// One message of a conversation, independent of the layout of a transcript file.
struct GeneratedMessage {
  Speaker speaker = Speaker::Customer;
  base::Instant sent;
  std::string text;  // well-formed UTF-8
  bool redacted = false;
  bool nameless = false;  // the file has an empty participant
};

// The conversation of a task: 2 to 40 messages in chronological order, between its creation and its end. A pure
// function.
std::vector<GeneratedMessage> generate_conversation(std::uint64_t seed, TaskNumber number, const TaskRecord& record,
                                                    const TaskProfile& profile);

}  // namespace wxcc::simulator
