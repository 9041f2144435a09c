// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "base/instant.h"

namespace wxcc::daemon {

// The schedule, by the names of the configuration keys; the initialisers are their defaults. How often to reconcile is
// in sync::Settings, since a single pass reconciles too.
struct Settings {
  base::Millis poll_interval = std::chrono::seconds{60};
  std::optional<int> retention_days;  // std::nullopt: nothing is removed by age
};

}  // namespace wxcc::daemon
