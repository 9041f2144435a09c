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
inline constexpr std::size_t kMaxCaptureTaskIds = 10;

struct CapturesRequest {
  std::string org_id;
  std::vector<std::string> task_ids;
  int url_expiration_minutes = 60;   // 1..60
  bool all_digital_versions = true;  // an optional member of 2026 that older cells may not know
};
std::string captures_body(const CapturesRequest& request);

// A transcript that can be downloaded. The location is pre-signed: anyone who has it can read the transcript until it
// expires.
struct TranscriptLocation {
  model::TranscriptItem item;
  base::Secret url;
};

struct TaskCaptures {
  std::string task_id;
  std::vector<TranscriptLocation> transcripts;  // empty: none yet, or none at all; the API does not distinguish
};

struct CapturesResponse {
  std::vector<TaskCaptures> tasks;    // only tasks that the response names
  std::vector<std::string> warnings;  // members that could not be parsed, with their JSON paths
};

// Reads the body of a 200 response. Member names count in any case ("Source", "source"), times are text or numbers. The
// error names the path.
base::Expected<CapturesResponse, std::string> parse_captures(std::string_view body);

// How many of the requested tasks have no element in the response. The API documents one for each.
std::size_t count_missing_tasks(const CapturesResponse& response, const std::vector<std::string>& requested);

}  // namespace wxcc::webex
