// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "model/failure.h"
#include "model/transcript.h"

namespace wxcc::store {

// One downloaded transcript of a task.
struct FetchedTranscript {
  model::TranscriptItem item;
  std::string raw;                                  // the bytes as downloaded
  std::optional<model::Conversation> conversation;  // std::nullopt when they could not be parsed
  std::string parse_error;  // why, or which part could not be parsed; names the place, not the content
};

// Why the transcript could not be parsed; an empty string if it could.
[[nodiscard]] inline std::string parse_error_of(const FetchedTranscript& fetched) {
  if (fetched.conversation) return {};
  return fetched.parse_error.empty() ? "the transcript could not be parsed" : fetched.parse_error;
}

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

// The result of fetching the transcripts of one task: the only way to store transcripts, and that a task has none.
// conversations.h has what each outcome changes.
struct FetchResult {
  enum class Outcome { Fetched, NotAvailable, Absent, Failed };

  std::string task_id;
  Outcome outcome = Outcome::NotAvailable;
  std::vector<FetchedTranscript> transcripts = {};  // Fetched: at least one
  // Failed; or Fetched, when a further transcript of the task failed. Unparsed transcripts are recorded without it.
  std::optional<FetchFailure> failure = {};
  // When to fetch again (Fetched: to recheck); std::nullopt: the task leaves the queue.
  std::optional<base::Instant> next_due = {};

  static FetchResult fetched(std::string task_id, std::vector<FetchedTranscript> transcripts,
                             std::optional<base::Instant> recheck = std::nullopt) {
    return {std::move(task_id), Outcome::Fetched, std::move(transcripts), std::nullopt, recheck};
  }
  static FetchResult not_available(std::string task_id, base::Instant next_due) {
    return {std::move(task_id), Outcome::NotAvailable, {}, std::nullopt, next_due};
  }
  static FetchResult absent(std::string task_id) {
    return {std::move(task_id), Outcome::Absent, {}, std::nullopt, std::nullopt};
  }
  static FetchResult failed(std::string task_id, FetchFailure failure, std::optional<base::Instant> next_due) {
    return {std::move(task_id), Outcome::Failed, {}, std::move(failure), next_due};
  }
};

// The effect of storing one FetchResult.
struct StoreResult {
  bool known = true;        // false: the task was removed meanwhile; nothing was stored
  int new_transcripts = 0;  // bytes that the archive did not have
  int new_messages = 0;
  // Not empty: why this result alone could not be stored; the state of its task is as before. After Fetched the task
  // stays due, and the caller stores a failure in place of the result. After other outcomes it is due at
  // next_due or in a day, unless due_now says that the queue could not be written either.
  std::string error = {};
  bool due_now = false;
};

}  // namespace wxcc::store
