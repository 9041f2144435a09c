// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/time_range.h"
#include "model/time_field.h"

namespace wxcc::store {

class Connection;

// The time covered by completed scans, and the high-water mark.

// A scan that was read to its last page.
struct Scan {
  model::TimeField by = model::TimeField::Ended;
  base::TimeRange range;
  base::Instant scanned_at;  // when its first page was requested
};

// To be called within a transaction. The spans of one kind neither overlap nor touch.
void add_scan(Connection& connection, const Scan& scan);
// The parts of the range that no scan of that kind has covered, in order.
std::vector<base::TimeRange> read_uncovered(Connection& connection, model::TimeField by, base::TimeRange range);

// The coverage gaps: parts of the time that is to be archived, from where the backfill is to begin to the high-water
// mark, that no scan by end time has covered. Without a recorded beginning the time begins with the oldest scan,
// without a mark it ends with the newest.
std::vector<base::TimeRange> read_coverage_gaps(Connection& connection, base::Instant now);

// To be called within a transaction. The mark never moves back.
void advance_mark(Connection& connection, base::Instant mark);
std::optional<base::Instant> read_high_water_mark(Connection& connection);

}  // namespace wxcc::store
