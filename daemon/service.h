// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "daemon/retention.h"
#include "daemon/settings.h"
#include "monitor/heartbeat.h"
#include "monitor/login_expiry.h"
#include "monitor/metrics.h"
#include "monitor/status_snapshot.h"
#include "store/archive.h"
#include "sync/engine.h"
#include "webex/token_keeper.h"

namespace wxcc::daemon {

// The schedule: polls, backfills, reconciles and keeps house, for months. Tells systemd, the log and the archive how it
// goes.
class Service {
 public:
  // To whom it is told how it goes, besides systemd and the log.
  struct Monitors {
    monitor::Metrics& metrics;
    monitor::Heartbeat& heartbeat;
  };
  // All references must outlive the service; API client and keeper must not be destroyed from within one of its
  // callbacks.
  Service(const Settings& settings, const sync::EngineDeps& deps, webex::TokenKeeper& tokens, Monitors monitors);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Tells systemd READY once a token is there or somebody must log in; the first poll follows at once.
  void start();

  // For the metrics.
  [[nodiscard]] monitor::StatusSnapshot snapshot() const;

 private:
  void wait_for_token();
  void become_ready();
  void poll();
  void poll_done(const model::Result<model::ScanStats>& report);
  void continue_backfill();
  void reconcile();
  void keep_house();
  void warn_of_large_log();
  void login_changed();
  void fetched();
  void failed(monitor::Activity activity, const model::Failure& failure);
  void end_cycle();
  void tell_status();
  void warn_of_login_end();
  [[nodiscard]] std::string status_line() const;

  Settings settings_;
  sync::Settings sync_settings_;
  store::Archive& archive_;
  webex::TokenKeeper& tokens_;
  const base::Clock& clock_;
  sync::Engine engine_;
  Retention retention_;
  Monitors monitors_;
  bool ready_ = false;
  bool polling_ = false;
  bool backfilling_ = false;
  bool cycle_failed_ = false;  // since the last poll that worked
  int token_tries_ = 0;
  monitor::LoginExpiryNotifier warnings_;
  std::string told_;            // the status line that systemd has
  std::string reported_error_;  // the failure that the log has; repeated only when it changes
  std::string unrecorded_;      // why the archive could not be told of it
  std::unique_ptr<base::Timer> poll_timer_;
  std::unique_ptr<base::Timer> reconcile_timer_;
  std::unique_ptr<base::Timer> upkeep_timer_;
  std::unique_ptr<base::Timer> token_timer_;
};

}  // namespace wxcc::daemon
