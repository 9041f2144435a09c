// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/instant.h"
#include "base/time_range.h"
#include "monitor/service_state.h"
#include "store/reader.h"

namespace wxcc::monitor {

// The state of archive and service at one instant: collected here for systemd's STATUS=, the metrics, `status`,
// `check` and Nagios alike.
struct StatusSnapshot {
  base::Instant now;
  base::Millis stale_after{};  // how old the last success may be
  State state = State::NeverSynced;
  std::optional<store::StoreError> read_error;  // then the state is Unreadable, and what was not read has its default
  store::ServiceRecord record;
  std::optional<base::Instant> high_water_mark;
  model::StateCounts counts;  // with Detail::Line only those that are pending or failed

  // From Detail::Figures on.
  std::optional<base::Instant> oldest_pending;  // when the task ended whose transcript has been pending longest
  std::vector<base::TimeRange> coverage_gaps;   // see store::Reader::coverage_gaps()
  std::uintmax_t archive_bytes = 0;
  std::uintmax_t wal_bytes = 0;
  std::optional<base::Instant> token_refreshed_at;  // set by the service

  // With Detail::Listing.
  int schema_version = 0;
  std::int64_t messages = 0;
  std::vector<store::TaskFailure> failures;  // the newest ones

  [[nodiscard]] std::optional<std::int64_t> login_days_left() const;
};

enum class Detail {
  Line,     // for a line of text: cheap however large the archive is
  Figures,  // reads an index as a whole
  Listing,  // reads all transcripts' numbers of messages too
};

// The archive is the reader's file. Throws nothing for an archive that cannot be read: that is a state.
[[nodiscard]] StatusSnapshot collect(const store::Reader& reader, const base::Path& archive, base::Instant now,
                                     base::Millis poll_interval, Detail detail);

// Takes over what the token file has: a login that no service and no pass has recorded yet. A file that is missing, or
// that this user may not read, changes nothing.
void overlay_token_file(const base::Path& file, StatusSnapshot& snapshot);

// Takes over a failure of the service that the archive may have failed to record; an empty message changes nothing.
void overlay_error(const std::string& message, StatusSnapshot& snapshot);

// "ok: archived until 2026-01-01 12:00:00 UTC; 12 transcripts pending": one line, without the warnings.
[[nodiscard]] std::string summary(const StatusSnapshot& snapshot);

// The warnings that leave the state as it is: of the login's expiry and of the WAL's size.
[[nodiscard]] std::vector<std::string> warnings(const StatusSnapshot& snapshot);

}  // namespace wxcc::monitor
