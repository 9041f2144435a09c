// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/timers.h"
#include "store/archive.h"
#include "sync/settings.h"
#include "webex/api_client.h"

namespace wxcc::sync {

// What the parts of the engine work with; all references outlive them.
struct EngineDeps {
  Settings settings;
  store::Archive& archive;
  webex::ApiClient& api;
  base::Timers& timers;
  const base::Clock& clock;
};

}  // namespace wxcc::sync
