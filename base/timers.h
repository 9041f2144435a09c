// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "base/instant.h"

namespace wxcc::base {

// A one-shot timer. Destroying it stops it.
class Timer {
 public:
  virtual ~Timer() = default;
  // Fires once after this time, counted on a clock that also runs while the machine sleeps. Starting again replaces the
  // earlier time.
  virtual void start(Millis after) = 0;
  virtual void stop() = 0;
};

// Timers, as the event loop provides them. Callbacks run on the loop's thread, never from within these calls.
class Timers {
 public:
  virtual ~Timers() = default;
  virtual std::unique_ptr<Timer> add_timer(std::function<void()> fire) = 0;
  // The time on the clock that the timers count, since some fixed moment. Unlike Clock::now() it never steps: delays
  // are measured with it.
  [[nodiscard]] virtual Millis monotonic_now() const = 0;
};

}  // namespace wxcc::base
