// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/instant.h"
#include "base/time_range.h"
#include "base/zone.h"
#include "model/backfill_start.h"
#include "model/task.h"
#include "model/time_field.h"
#include "model/transcript.h"
#include "model/transcript_state.h"

namespace wxcc::store {

// The archive cannot do what was asked. Kinds tell what may help.
class StoreError : public base::Error {
 public:
  enum class Kind {
    Full,      // the disk or a limit: space must be made, then the same call works
    ReadOnly,  // permissions
    Busy,      // another process is in the way; later it works
    Corrupt,   // SQLite says the file is damaged
    Other,
  };
  StoreError(Kind kind, const std::string& message) : base::Error(message), kind_(kind) {}
  [[nodiscard]] Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

// A scan of the cloud, read to its last page.
struct Scan {
  model::TimeField by = model::TimeField::Ended;
  base::TimeRange range;
  base::Instant scanned_at;  // when its first page was asked for
};

// A task whose transcript is to be asked for.
struct DueTask {
  std::string task_id;
  base::Instant ended;
  base::Instant first_queued;  // when the archive first saw the task
  int attempts = 0;            // askings so far that ended without a transcript
  bool second_look = false;    // archived already; looking for a replaced or further version
};

// One downloaded transcript of a task.
struct FetchedTranscript {
  model::TranscriptItem item;
  std::string raw;                                  // the bytes as downloaded
  std::optional<model::Conversation> conversation;  // nothing when they could not be parsed
  std::string parse_error;                          // then, why; names the place, not the content
};

// A failure of one task, kept until the task succeeds in that phase.
struct TaskFailure {
  std::string task_id;
  std::string phase;  // captures, download, parse, store
  std::string kind;   // transient, permanent, grant
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

// What reading transcripts' bytes again has done.
struct Reparsed {
  std::int64_t transcripts = 0;         // read
  std::int64_t changed = 0;             // with other rows than before
  std::int64_t newly_readable = 0;      // of these: had no rows before
  std::int64_t no_longer_readable = 0;  // keep the rows that they have

  Reparsed& operator+=(const Reparsed& other);
};

// What the service last said of itself, for `status`, which may run when the service does not.
struct ServiceRecord {
  std::optional<base::Instant> last_success;  // a pass that read everything it wanted to read
  std::optional<base::Instant> last_error_at;
  std::string last_error;
  std::string needs_login;  // why; empty: no login needed
  std::optional<base::Instant> needs_login_since;
  // Of the tokens in use.
  std::optional<base::Instant> access_expires_at;
  std::optional<base::Instant> refresh_expires_at;
  // std::nullopt until a service or a whole pass has run.
  std::optional<model::BackfillStart> backfill_start;
};

}  // namespace wxcc::store
