// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "base/clock.h"

namespace wxcc::simulator {

// A clock that only a test advances. Other threads may read it.
class MovedClock final : public base::Clock {
 public:
  [[nodiscard]] base::Instant now() const override { return base::from_ms(ms_); }
  void advance(base::Millis by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_{1'767'225'600'000};  // 2026-01-01T00:00:00Z, a Thursday
};

}  // namespace wxcc::simulator
