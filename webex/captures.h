// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/secret.h"
#include "model/transcript.h"

namespace wxcc::webex {

// POST /v1/captures/query takes at most so many task ids, each once.
inline constexpr std::size_t kCapturesBatch = 10;

struct CapturesRequest {
  std::string org_id;
  std::vector<std::string> task_ids;
  int url_expiration_minutes = 60;   // 1..60
  bool all_digital_versions = true;  // an optional member of 2026 that older cells may not know
};
std::string captures_body(const CapturesRequest& request);

// A transcript that can be downloaded. The location is pre-signed: whoever has it can read the transcript for a while.
struct TranscriptLocation {
  model::TranscriptItem item;
  base::Secret url;
};

struct TaskCaptures {
  std::string task_id;
  std::vector<TranscriptLocation> transcripts;  // empty: none yet, or none ever; the cloud does not say which
};

struct CapturesAnswer {
  std::vector<TaskCaptures> tasks;    // only tasks that the answer names
  std::vector<std::string> problems;  // what could not be read, with its JSON path
};

// Reads the body of a 200 answer. Member names count in any case ("Source", "source"), times are text or numbers. The
// error names the path.
base::Expected<CapturesAnswer, std::string> parse_captures(std::string_view body);

// How many of the tasks that were asked for have no element in the answer. The cloud documents one for each.
std::size_t left_out(const CapturesAnswer& answer, const std::vector<std::string>& asked);

}  // namespace wxcc::webex
