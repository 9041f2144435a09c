// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "simulator/authority.h"
#include "simulator/options.h"
#include "simulator/statistics.h"
#include "simulator/truth.h"

namespace wxcc::simulator {

// The stand-in for the Webex cloud: the token host and the contact center's host on one port of 127.0.0.1, the object
// store on a second one. Everything that depends on time follows the clock, which must outlive this, may be moved at
// will, and is read from several threads; only the rate limit and the speed of answers follow real time.
class Simulator {
 public:
  Simulator(Options options, const base::Clock& clock);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  // Afterwards both ports answer. Throws base::Error when a port cannot be had.
  void start();
  // Ends all connections and threads; the destructor does so too.
  void stop();

  // After start(). None ends with a slash.
  [[nodiscard]] std::string base_url() const;       // http://127.0.0.1:P/v1, with /access_token below
  [[nodiscard]] std::string authorize_url() const;  // http://127.0.0.1:P/v1/authorize
  [[nodiscard]] std::string contact_center_url()
      const;                                      // http://127.0.0.1:P, with /search and /v1/captures/query below
  [[nodiscard]] std::string store_url() const;    // http://127.0.0.1:Q
  [[nodiscard]] std::string control_url() const;  // http://127.0.0.1:P/sim
  [[nodiscard]] const Options& options() const;

  // Tokens as if a user had just logged in.
  Grant issue_grant();
  void revoke_access_tokens();
  void revoke_refresh_tokens();
  // Every authorization code, access token and refresh token ever handed out: what must be found nowhere.
  std::vector<std::string> issued_secrets();

  // A client's configuration file for this cloud, and the token file that a fresh login leaves.
  [[nodiscard]] std::string config_json(const base::Path& token_file) const;
  std::string token_file_json();
  // Writes config.json and access_token.json, both with mode 0600, into the directory. Throws base::FileError.
  void write_config(const base::Path& directory);

  // From now on the task has another end, as after a conversation that was taken up again. False when there is no such
  // task.
  bool move_end(const std::string& task_id, base::Instant ended);

  // As on the command line: ROUTE:KIND:RATE[:COUNT]. Throws base::UsageError.
  void add_fault(std::string_view spec);
  void clear_faults();

  Statistics statistics();
  std::vector<TruthEntry> truth(TruthDetail detail = TruthDetail::Messages);
  // The readable texts of a task's transcript as of now; nothing when there is no such task.
  std::optional<std::vector<std::string>> texts_of(const std::string& task_id);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wxcc::simulator
