// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "model/sync_stats.h"
#include "monitor/status_snapshot.h"
#include "net/transport.h"

namespace wxcc::monitor {

// Where a request goes.
enum class Route { Search, Captures, Download, Token, Heartbeat };

// What the service does again and again.
enum class Activity { Poll, Backfill, Reconcile, Fetch, Upkeep };
std::string_view to_text(Activity activity);

// What the service has done since its start, counted for Prometheus. Lives through reloads. docs/operation.md lists the
// names, which are stable.
class Metrics {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The budget that search and captures share.
  void set_budget(int requests_per_minute);
  // A request leaves; the time is that of the timers.
  void left(Route route, base::Millis elapsed);
  void answered(Route route, const net::Outcome& outcome, base::Millis took);

  void succeeded(Activity activity, base::Instant now);
  void failed(Activity activity);
  void found(const model::ScanStats& report);
  void fetched(const model::FetchStats& report);

  // Everything in Prometheus' text format, without time stamps. What is not known, such as the end of a token that does
  // not tell it, is left out.
  std::string text(const Facts& facts, base::Millis elapsed);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::monitor
