// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/instant.h"

namespace wxcc::model {

// The Search API looks back at most 36 months; a margin keeps a window's start inside while its pages are read.
inline constexpr std::chrono::days kMaxLookback{36 * 30};

// Where the time that is to be archived begins, as the configuration has it.
struct BackfillStart {
  std::optional<base::Instant> date;
  base::Millis lookback = std::chrono::days{28};  // before now; used without a date

  // Never further back than the Search API looks.
  [[nodiscard]] base::Instant at(base::Instant now) const {
    return std::max(date.value_or(now - lookback), now - kMaxLookback);
  }
};

}  // namespace wxcc::model
