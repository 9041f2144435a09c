// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "base/instant.h"
#include "base/json.h"
#include "simulator/cloud/object_store.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {

// The validated body of POST /v1/captures/query.
struct CapturesQuery {
  std::vector<std::string> task_ids;
  std::int64_t url_minutes = 60;
  Transcripts::Versions versions = Transcripts::Versions::Default;
};

struct CapturesError {
  int status = 400;
  std::string description;
  std::string violation;  // of the API's rules, for the statistics; empty: none
};

// `organisation` is the one of the token.
base::Expected<CapturesQuery, CapturesError> read_captures_query(base::JsonNode body, const Options& options,
                                                                 const std::string& organisation);

// One element for each task, in unspecified order, with empty lists for a task without a transcript.
std::string captures_response(const CapturesQuery& query, const Options& options, const TaskGenerator& generator,
                              const Transcripts& transcripts, const ObjectStore& store, const std::string& store_url,
                              base::Instant now);

}  // namespace wxcc::simulator
