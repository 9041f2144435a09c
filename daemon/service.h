// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/retention.h"
#include "daemon/settings.h"
#include "daemon/supervisor.h"
#include "monitor/heartbeat.h"
#include "monitor/login_expiry.h"
#include "monitor/metrics.h"
#include "monitor/status_snapshot.h"
#include "sync/engine.h"
#include "webex/token_keeper.h"

namespace wxcc::daemon {

// The schedule: polls, backfills, reconciles, removes what is too old and maintains the archive. Reports to
// the supervisor, the log, the metrics and the archive's own record.
//
// A cycle lasts from one successful poll to the next. It is complete when nothing failed in it: each failure but a
// poll's sets cycle_failed_, since the next successful poll covers what a failed one did not. A complete cycle sends a
// heartbeat.
class Service {
 public:
  struct Monitors {
    Supervisor& supervisor;
    monitor::Metrics& metrics;
    monitor::Heartbeat& heartbeat;
  };
  // All references, and those of the engine, must outlive the service; engine, API client and keeper must not be
  // destroyed from within one of its callbacks. Nothing else uses the engine meanwhile.
  Service(const Settings& settings, sync::Engine& engine, webex::TokenKeeper& tokens, const Monitors& monitors);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Reports READY once a token is available or a login is required, or after a minute of failures of the token host;
  // the first poll follows at once.
  void start();

  // For the metrics.
  [[nodiscard]] monitor::StatusSnapshot snapshot() const;

 private:
  void await_token();
  void become_ready();
  void poll();
  void on_poll_done(const model::Result<model::ScanStats>& stats);
  void end_cycle();
  void continue_backfill();
  void reconcile();
  void run_maintenance();
  void on_login_state_changed();
  void record_fetch_stats();
  void record_failure(monitor::Activity activity, const model::Failure& failure);
  void publish_status();
  void warn_of_login_expiry();
  [[nodiscard]] std::string status_line() const;

  Settings settings_;
  sync::Engine& engine_;
  const sync::EngineDeps& deps_;  // the engine's
  webex::TokenKeeper& tokens_;
  Monitors monitors_;
  Retention retention_;

  // The start: until ready_ nothing is published, and nothing is scheduled but the next attempt to get a token.
  bool ready_ = false;
  int startup_token_attempts_ = 0;
  std::unique_ptr<base::Timer> token_timer_;

  // The schedule. A poll or a backfill is begun only when the one before has ended.
  std::unique_ptr<base::Timer> poll_timer_;
  std::unique_ptr<base::Timer> reconcile_timer_;
  std::unique_ptr<base::Timer> maintenance_timer_;
  bool polling_ = false;
  bool backfilling_ = false;
  bool cycle_failed_ = false;

  // What was reported last, so that it is not repeated: to the supervisor, and to the log.
  std::string published_status_;
  std::string last_logged_error_;  // empty: since then a poll has succeeded
  std::string last_store_error_;   // of the archive's own record; empty: since then a poll has succeeded
  bool login_required_ = false;
  monitor::LoginExpiryNotifier login_expiry_;
};

}  // namespace wxcc::daemon
