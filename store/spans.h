// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/zone.h"

namespace wxcc::store {

// Which time has been scanned: spans in order that neither overlap nor touch. The decisions, apart from the table that
// holds them.

// The span that the new one and the spans that overlap or touch it make together. The spans may be in any order.
base::TimeRange joined(const std::vector<base::TimeRange>& overlapping_or_touching, base::TimeRange added);

// The parts of the range that no span covers, in order. The spans must be in order and apart.
std::vector<base::TimeRange> gaps(const std::vector<base::TimeRange>& spans, base::TimeRange range);

}  // namespace wxcc::store
