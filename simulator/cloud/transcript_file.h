// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/cloud/conversation_generator.h"
#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/task_profile.h"

// The layouts of transcript files.
namespace wxcc::simulator {

struct TranscriptSource {
  std::uint64_t seed;
  TaskNumber number;
  std::string task_id;
  const TaskRecord& record;
  const TaskProfile& profile;
  const std::vector<GeneratedMessage>& messages;
};

// The legacy layout of digital channels: an array of messages.
std::string legacy_file(const TranscriptSource& source);
// An object with a schema version and the messages inside.
std::string versioned_file(const TranscriptSource& source);
// responseContents: recognition results, grouped by speaker, with the offsets of words from the call's start.
std::string legacy_voice_file(const TranscriptSource& source);
// vCon, revision 04 of the draft.
std::string vcon_file(const TranscriptSource& source);

}  // namespace wxcc::simulator
