// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "model/failure.h"
#include "store/types.h"

namespace wxcc::store {

struct FetchFailure {
  enum class Phase { Captures, Download, Parse } phase = Phase::Captures;
  model::Failure failure;
};
inline constexpr auto kFetchPhaseNames =
    base::enum_names<FetchFailure::Phase>({{FetchFailure::Phase::Captures, "captures"},
                                           {FetchFailure::Phase::Download, "download"},
                                           {FetchFailure::Phase::Parse, "parse"}});
[[nodiscard]] constexpr std::string_view to_text(FetchFailure::Phase phase) {
  return kFetchPhaseNames.text_of(phase);
}

// What fetching the transcripts of one task has come to.
struct FetchResult {
  std::string task_id;
  enum class Outcome {
    Fetched,       // at least one transcript
    NotAvailable,  // none so far
    Absent,        // none, and not to be fetched again; a task that has a transcript stays what it is
    Failed,
  } outcome = Outcome::Failed;
  std::vector<FetchedTranscript> transcripts;
  std::optional<FetchFailure> failure;    // Failed; or Fetched, when a further transcript failed
  std::optional<base::Instant> next_due;  // when to fetch again; std::nullopt: the task leaves the queue
};

struct StoreResult {
  bool known = false;  // false: the task was removed meanwhile, and nothing was stored
  int new_transcripts = 0;
  int new_messages = 0;
  std::string error;  // not empty: this task alone could not be stored
};

}  // namespace wxcc::store
