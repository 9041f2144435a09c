// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/timers.h"
#include "store/archive.h"

namespace wxcc::daemon {

// Removes conversations that are older than they may be kept, once a day, and makes the bytes of removed rows go: in
// small steps, so that the loop stays free.
class Retention {
 public:
  // Without days nothing is removed by age; what an erasure left to be done is done all the same. All references must
  // outlive this.
  Retention(std::optional<int> days, base::Timers& timers, store::Archive& archive, const base::Clock& clock);

  // The first run follows soon.
  void start();

 private:
  void step();
  base::Millis next();
  base::Millis remove();
  base::Millis purge();

  std::optional<int> days_;
  store::Archive& archive_;
  const base::Clock& clock_;
  std::unique_ptr<base::Timer> timer_;
  std::optional<base::Instant> before_;  // while a run removes
  store::RemovedRows removed_;
};

}  // namespace wxcc::daemon
