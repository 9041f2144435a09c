// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "daemon/health.h"
#include "daemon/login_end.h"
#include "daemon/retention.h"
#include "store/archive.h"
#include "sync/engine.h"
#include "systemd/event_loop.h"
#include "webex/cloud.h"
#include "webex/token_keeper.h"

namespace wxcc::daemon {

// The schedule: polls, backfills, reconciles and keeps house, for months. Tells systemd, the log and the archive how it
// goes.
class Service {
 public:
  struct Options {
    sync::Settings sync;
    base::Millis poll_interval;
    base::Millis reconcile_every;
    std::optional<int> retention_days = std::nullopt;
  };
  // All references must outlive the service; cloud and keeper must not be destroyed from within one of its callbacks.
  Service(Options options, systemd::EventLoop& loop, store::Archive& archive, webex::TokenKeeper& tokens,
          webex::Cloud& cloud, const base::Clock& clock);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Tells systemd READY once a token is there or somebody must log in; the first poll follows at once.
  void start();

 private:
  void wait_for_token();
  void become_ready();
  void poll();
  void poll_done(const webex::Result<sync::ScanReport>& report);
  void continue_backfill();
  void reconcile();
  void keep_house();
  void warn_of_large_log();
  void login_changed();
  void fetched();
  void failed(const webex::ApiFailure& failure);
  void tell_status();
  void warn_of_login_end();
  [[nodiscard]] std::string status_line() const;

  Options options_;
  store::Archive& archive_;
  webex::TokenKeeper& tokens_;
  const base::Clock& clock_;
  sync::Engine engine_;
  Retention retention_;
  bool ready_ = false;
  bool polling_ = false;
  bool backfilling_ = false;
  int token_tries_ = 0;
  LoginWarnings warnings_;
  std::string told_;            // the status line that systemd has
  std::string reported_error_;  // the failure that the log has; repeated only when it changes
  std::string unrecorded_;      // why the archive could not be told of it
  std::unique_ptr<base::Timer> poll_timer_;
  std::unique_ptr<base::Timer> reconcile_timer_;
  std::unique_ptr<base::Timer> upkeep_timer_;
  std::unique_ptr<base::Timer> token_timer_;
};

}  // namespace wxcc::daemon
