// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "store/connection.h"
#include "store/types.h"

namespace wxcc::store {

// What the writer and the readers ask alike.

Counts read_counts(Connection& connection);
// The same without the messages, from an index alone.
model::StateCounts read_task_counts(Connection& connection);
std::optional<base::Instant> read_oldest_pending(Connection& connection);
Counts read_counts(Connection& connection, base::TimeRange ended);
std::optional<base::Instant> read_high_water_mark(Connection& connection);
ServiceRecord read_service_record(Connection& connection);
// The coverage gaps: parts of the time that is to be archived, from where the backfill is to begin to the high-water
// mark, that no scan by end time has covered. Without a recorded beginning the time begins with the oldest scan,
// without a mark it ends with the newest.
std::vector<base::TimeRange> read_coverage_gaps(Connection& connection, base::Instant now);
// The parts of the range that no scan of that kind has covered, in order.
std::vector<base::TimeRange> read_uncovered(Connection& connection, model::TimeField by, base::TimeRange range);

}  // namespace wxcc::store
