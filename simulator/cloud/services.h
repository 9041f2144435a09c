// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "simulator/cloud/captures.h"
#include "simulator/cloud/fault_injection.h"
#include "simulator/cloud/ground_truth.h"
#include "simulator/cloud/message.h"
#include "simulator/cloud/oauth_server.h"
#include "simulator/cloud/object_store.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/rate_limiter.h"
#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {

// Requests of all clients since the start.
struct Statistics {
  std::map<std::string, std::int64_t> requests;                  // by route, rejected ones too
  std::map<std::string, std::map<int, std::int64_t>> responses;  // by route and status
  std::int64_t rate_limited = 0;                                 // 429 of the limiter, not of faults
  std::int64_t faults = 0;
  std::int64_t logins = 0;
  std::int64_t refreshes = 0;
  std::map<std::string, std::int64_t> violations;  // of the API's rules, by kind
};

// The simulated services without a network: requests in, responses out. The token host and the contact center's host
// share one address, the object store has a second one. All times are the clock's, all random numbers come from the
// seed: with the same options and clock readings, the same requests have byte-identical responses, independent of the
// order of requests of different subjects (see Occasion). Exceptions are faults with a count and the request limit.
// Every public function may be called from any thread; one mutex guards the state.
class Services {
 public:
  // Refers to the clock and copies the options.
  Services(Options options, const base::Clock& clock);

  // The origins of the two services, without a trailing slash. The initial ones cannot be resolved.
  void set_addresses(std::string api, std::string store);

  Response handle_api(Request request);
  Response handle_store(Request request);

  [[nodiscard]] const Options& options() const { return options_; }

  // Without a trailing slash.
  [[nodiscard]] std::string base_url() const { return api_url_ + "/v1"; }  // parent of /access_token
  [[nodiscard]] std::string authorize_url() const { return api_url_ + "/v1/authorize"; }
  [[nodiscard]] std::string contact_center_url() const { return api_url_; }  // parent of /search, /v1/captures/query
  [[nodiscard]] std::string store_url() const { return store_url_; }
  [[nodiscard]] std::string control_url() const { return api_url_ + "/sim"; }

  // A client's configuration file, and its token file after a login.
  [[nodiscard]] std::string config_json(const base::Path& token_file) const;
  std::string token_file_json();
  // Writes config.json and access_token.json, both with mode 0600, into the directory. Throws base::FileError.
  void write_config(const base::Path& directory);

  // Tokens as after a user's login.
  IssuedTokens issue_tokens();
  void revoke_access_tokens();
  void revoke_refresh_tokens();
  // Every authorization code, access token and refresh token ever issued; tests search logs for them.
  std::vector<std::string> issued_secrets();

  // Changes the end of the task, as after a resumed conversation. False for an unknown task.
  bool move_end(const std::string& task_id, base::Instant ended);

  // As on the command line: ROUTE:KIND:RATE[:COUNT]. Throws base::UsageError.
  void add_fault(std::string_view spec);
  void clear_faults();

  Statistics statistics();
  std::vector<GroundTruthEntry> ground_truth(GroundTruthDetail detail = GroundTruthDetail::Messages);

 private:
  Response serve(Route route, Request request);
  Response respond(const Occasion& occasion, const Request& request, base::Instant now);
  Response dispatch(const Occasion& occasion, const Request& request, base::Instant now);
  Response control(const Request& request, base::Instant now);
  Response set_faults(const std::string& body);
  Response search(const Request& request, base::Instant now);
  Response captures(const Request& request, base::Instant now);
  Occasion count_occasion(Route route, const Request& request);
  // Checks bearer token, request limit and scope, in this order. The error is the response of the rejection.
  base::Expected<OAuthServer::Bearer, Response> authorize_request(const Request& request, base::Instant now);
  void count_violation(const std::string& what) { ++statistics_.violations[what]; }
  Statistics current_statistics() const;

  const Options options_;
  const base::Clock& clock_;
  std::string api_url_ = "https://api.simulator.invalid";
  std::string store_url_ = "https://store.simulator.invalid";
  std::mutex mutex_;
  TaskGenerator tasks_;
  Transcripts transcripts_;
  ObjectStore store_;
  OAuthServer oauth_;
  RateLimiter limiter_;
  FaultPlan faults_;
  Statistics statistics_;
  std::unordered_map<std::uint64_t, std::uint64_t> attempts_;  // by route and subject
  std::uint64_t issued_token_sets_ = 0;                        // by issue_tokens()
  std::optional<base::Instant> retry_after_until_;             // of the limiter's last 429
};

}  // namespace wxcc::simulator
