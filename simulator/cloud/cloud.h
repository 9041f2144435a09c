// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "simulator/authority.h"
#include "simulator/captures.h"
#include "simulator/faults.h"
#include "simulator/message.h"
#include "simulator/object_store.h"
#include "simulator/options.h"
#include "simulator/population.h"
#include "simulator/rate_limiter.h"
#include "simulator/statistics.h"
#include "simulator/transcripts.h"
#include "simulator/truth.h"

namespace wxcc::simulator {

// Everything behind the two ports: requests in, answers out, no sockets. All public functions may be called from any
// thread; one mutex guards the state, and none of them waits for anything else.
class Cloud {
 public:
  // Refers to the clock and keeps a copy of the options.
  Cloud(Options options, const base::Clock& clock);

  // Where signed URLs lead; before the first request.
  void set_store_url(std::string url) { store_url_ = std::move(url); }

  Answer handle_api(const Request& request);
  Answer handle_store(const Request& request);

  [[nodiscard]] const Options& options() const { return options_; }
  Grant issue_grant();
  void revoke_access_tokens();
  void revoke_refresh_tokens();
  std::vector<std::string> issued_secrets();
  void add_fault(const FaultSpec& fault);
  void clear_faults();
  bool move_end(const std::string& task_id, base::Instant ended);
  Statistics statistics();
  std::vector<TruthEntry> truth(TruthDetail detail);
  // Nothing for a task that does not exist.
  std::optional<std::vector<std::string>> texts_of(const std::string& task_id);

 private:
  using Steady = std::chrono::steady_clock;

  Answer serve(Route route, const Request& request);
  Answer dispatch(Route route, const Request& request, base::Instant now);
  Answer control(const Request& request, base::Instant now);
  Answer set_faults(const std::string& body);
  Answer search(const Request& request, base::Instant now);
  Answer captures(const Request& request, base::Instant now);
  // Who asks, or the answer that refuses: bearer token, rate limit, scope, in this order.
  base::Expected<Authority::Bearer, Answer> admit(const Request& request, base::Instant now);
  base::Expected<base::JsonDocument, Answer> read_json(const Request& request) const;
  void note_violation(const std::string& what) { ++statistics_.violations[what]; }

  const Options options_;
  const base::Clock& clock_;
  std::string store_url_;
  std::mutex mutex_;
  Population population_;
  Transcripts transcripts_;
  ObjectStore store_;
  Authority authority_;
  RateLimiter limiter_;
  FaultPlan faults_;
  Statistics statistics_;
  std::optional<Steady::time_point> closed_until_;  // what the last Retry-After of the limiter asked for
};

}  // namespace wxcc::simulator
