// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/instant.h"
#include "monitor/service_state.h"
#include "store/types.h"

namespace wxcc::monitor {

// What monitors are told of the archive and the service, at one instant.
struct Facts {
  base::Instant now;
  State state = State::NeverSynced;
  store::ServiceRecord record;
  std::optional<base::Instant> mark;  // the high-water mark
  model::StateCounts counts;
  std::optional<base::Instant> oldest_pending;  // when the task ended whose transcript has been pending longest
  std::vector<base::TimeRange> coverage_gaps;   // see store::Reader::coverage_gaps()
  std::optional<base::Instant> refreshed_at;    // the token
  std::uintmax_t archive_bytes = 0;
  std::uintmax_t wal_bytes = 0;
};

}  // namespace wxcc::monitor
