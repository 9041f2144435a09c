// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/time_range.h"
#include "model/backfill_start.h"
#include "model/task.h"
#include "model/time_field.h"
#include "model/transcript.h"
#include "model/transcript_state.h"
#include "store/fetch_result.h"
#include "store/store_error.h"

namespace wxcc::store {

// A scan that was read to its last page.
struct Scan {
  model::TimeField by = model::TimeField::Ended;
  base::TimeRange range;
  base::Instant scanned_at;  // when its first page was requested
};

// What a page of tasks changed.
struct Upserted {
  int added = 0;    // unknown before
  int changed = 0;  // known, with other members now
};

// A task whose transcript is to be fetched.
struct DueTask {
  std::string task_id;
  base::Instant ended;
  base::Instant first_seen;  // when the archive first saw the task
  int attempts = 0;          // fetches so far that gave no transcript
  bool second_look = false;  // archived already; to be rechecked for a replaced or further version
};

// A failure of one task, kept until the task succeeds in that phase.
struct TaskFailure {
  std::string task_id;
  std::string phase;  // see kFetchPhaseNames
  std::string kind;   // see model::kFailureKindNames
  std::string message;
  base::Instant first;
  base::Instant last;
  int attempts = 0;
};

struct Counts {
  model::StateCounts states;
  std::int64_t messages = 0;
  [[nodiscard]] std::int64_t tasks() const { return states.total(); }
  [[nodiscard]] std::int64_t operator[](model::TranscriptState state) const { return states[state]; }
};

// What was, or would be, removed.
struct RemovedRows {
  std::int64_t conversations = 0;
  std::int64_t transcripts = 0;
  std::int64_t messages = 0;
  std::int64_t raw_bytes = 0;
  std::int64_t customers = 0;  // of whom no other conversation is left

  RemovedRows& operator+=(const RemovedRows& other) {
    conversations += other.conversations;
    transcripts += other.transcripts;
    messages += other.messages;
    raw_bytes += other.raw_bytes;
    customers += other.customers;
    return *this;
  }
};

// What parsing the stored bytes of transcripts again has done.
struct ReparseStats {
  std::int64_t transcripts = 0;     // parsed
  std::int64_t changed = 0;         // with other rows than before
  std::int64_t newly_readable = 0;  // of these: had no rows before
  std::int64_t now_unparsable = 0;  // keep the rows that they have

  ReparseStats& operator+=(const ReparseStats& other) {
    transcripts += other.transcripts;
    changed += other.changed;
    newly_readable += other.newly_readable;
    now_unparsable += other.now_unparsable;
    return *this;
  }
};

// What the service last recorded of itself, for `status`, which may run when the service does not.
struct ServiceRecord {
  std::optional<base::Instant> last_success;  // of a pass that read everything that was due
  std::optional<base::Instant> last_error_at;
  std::string last_error;
  std::string needs_login;  // why; empty: no login needed
  std::optional<base::Instant> needs_login_since;
  // Of the tokens in use.
  std::optional<base::Instant> access_expires_at;
  std::optional<base::Instant> refresh_expires_at;
  std::optional<base::Instant> reconciled_at;  // when the last reconciliation began to count
  // std::nullopt until a service or a whole pass has run.
  std::optional<model::BackfillStart> backfill_start;
};

// What a transcript's bytes say, or why they could not be parsed.
struct Parsed {
  std::optional<model::Conversation> conversation;
  std::string problem;
};

// How the bytes of a transcript are parsed; the archive itself knows no format.
using Parser = std::function<Parsed(const std::string& raw, const model::TranscriptItem& item)>;

}  // namespace wxcc::store
