// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/instant.h"
#include "model/backfill_start.h"

namespace wxcc::sync {

// What to archive and how often to look for it. The members have the names of their configuration keys, which
// docs/configuration.md describes, but for recheck_after (second_look); the initialisers are the keys' defaults.
struct Settings {
  std::vector<std::string> channels{"chat"};
  std::vector<std::string> queues;  // ids or names, any case; empty: all
  base::Millis settle = std::chrono::seconds{30};
  base::Millis overlap = std::chrono::minutes{15};
  base::Millis reconcile_every = std::chrono::hours{6};
  base::Millis reconcile_reach = std::chrono::days{3};
  base::Millis transcript_deadline = std::chrono::hours{72};
  base::Millis recheck_after = std::chrono::hours{6};
  model::BackfillStart backfill_from;
  int max_downloads = 16;
};

}  // namespace wxcc::sync
