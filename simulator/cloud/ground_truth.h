// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/instant.h"
#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {

// The expected content of an archive for one chat task that the Search API returns as ended.
struct GroundTruthEntry {
  std::string id;
  base::Instant created;
  base::Instant ended;
  std::string queue;            // its name; empty: none
  bool has_transcript = false;  // listed by Captures as of now, damaged or not
  std::string transcript_kind;  // legacy, versioned, both, none, malformed, ...; also before it is available
  std::size_t message_count = 0;
  std::string sha256;  // of the readable texts joined by line feeds, in hex; empty without texts
};

enum class GroundTruthDetail {
  Tasks,     // without message_count and sha256: 0.2 s for 100,000 tasks
  Messages,  // generates every conversation: some seconds for 100,000 tasks
};

// In the order of the end times.
std::vector<GroundTruthEntry> compute_ground_truth(const Options& options, const TaskGenerator& generator,
                                                   const Transcripts& transcripts, base::Instant now,
                                                   GroundTruthDetail detail);

// One line of JSON Lines, without the line feed.
std::string to_json(const GroundTruthEntry& entry);

}  // namespace wxcc::simulator
