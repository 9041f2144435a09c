// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {

// What an archive should have of one chat task that is shown as ended.
struct GroundTruthEntry {
  std::string id;
  base::Instant created;
  base::Instant ended;
  std::string queue;            // its name; empty: none
  bool has_transcript = false;  // listed by Captures as of now, damaged or not
  std::string transcript_kind;  // legacy, versioned, both, none, malformed, ...; of what will be or is there
  std::size_t message_count = 0;
  std::string sha256;  // of the readable texts joined by line feeds, in hex; empty without texts
};

enum class GroundTruthDetail {
  Tasks,     // leaves out message_count and sha256: a fifth of a second for 100,000 tasks
  Messages,  // everything: writes every conversation once, some seconds for 100,000 tasks
};

// In the order of their ends.
std::vector<GroundTruthEntry> compute_ground_truth(const Options& options, const TaskGenerator& generator,
                                                   const Transcripts& transcripts, base::Instant now,
                                                   GroundTruthDetail detail);

// One line of JSON Lines, without the line feed.
std::string to_json(const GroundTruthEntry& entry);

}  // namespace wxcc::simulator
