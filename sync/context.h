// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/timers.h"
#include "model/failure.h"
#include "store/archive.h"
#include "webex/api_client.h"

namespace wxcc::sync {

// What to archive and how patiently. Defaults are the configuration's.
struct Settings {
  std::vector<std::string> channels{"chat"};
  std::vector<std::string> queues;  // ids or names, any case; empty: all
  base::Millis settle = std::chrono::seconds{30};
  base::Millis overlap = std::chrono::minutes{15};
  base::Millis reconcile_every = std::chrono::hours{6};
  base::Millis reconcile_reach = std::chrono::days{3};
  base::Millis transcript_deadline = std::chrono::hours{72};
  base::Millis second_look = std::chrono::hours{6};
  std::optional<base::Instant> backfill_date;
  base::Millis backfill_reach = std::chrono::days{28};  // used without a date
  int max_downloads = 16;
};

// What the parts of the engine work with; all outlive them.
struct Context {
  Settings settings;
  store::Archive& archive;
  webex::ApiClient& api;
  base::Timers& timers;
  const base::Clock& clock;
};

// Runs a piece of work on the archive. A full disk or a missing permission is a failure of that piece, after which the
// same work can be done again; a damaged archive is not caught.
model::Result<void> on_archive(const std::function<void()>& work);

}  // namespace wxcc::sync
