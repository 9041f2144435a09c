// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/timers.h"
#include "store/archive.h"

namespace wxcc::daemon {

// Once a day, removes conversations older than the retention period and purges the bytes of removed rows: in small
// steps, so that the event loop stays free.
class Retention {
 public:
  // Without days nothing is removed by age; the pending purge of an erasure is completed all the same. All references
  // must outlive this.
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
  std::optional<base::Instant> cutoff_;  // while a run removes
  store::RemovedRows removed_;
};

}  // namespace wxcc::daemon
