// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/instant.h"

namespace wxcc::base {

// The source of the current time, so that tests can set it. May step in both directions, as a real clock does.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
};

}  // namespace wxcc::base
