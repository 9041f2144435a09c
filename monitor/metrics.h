// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/enum_names.h"
#include "base/instant.h"
#include "model/sync_stats.h"
#include "monitor/status_snapshot.h"
#include "net/transport.h"

namespace wxcc::monitor {

// Where a request goes.
enum class Route { Search, Captures, Download, Token, Heartbeat };
inline constexpr auto kRouteNames = base::enum_names<Route>({{Route::Search, "search"},
                                                             {Route::Captures, "captures"},
                                                             {Route::Download, "download"},
                                                             {Route::Token, "token"},
                                                             {Route::Heartbeat, "heartbeat"}});

// The recurring work of the service: a label of metrics, and the journal's WXCC_ACTIVITY.
enum class Activity { Poll, Backfill, Reconcile, Fetch, Maintenance, Refresh };
inline constexpr auto kActivityNames = base::enum_names<Activity>({{Activity::Poll, "poll"},
                                                                   {Activity::Backfill, "backfill"},
                                                                   {Activity::Reconcile, "reconcile"},
                                                                   {Activity::Fetch, "fetch"},
                                                                   {Activity::Maintenance, "maintenance"},
                                                                   {Activity::Refresh, "refresh"}});
[[nodiscard]] constexpr std::string_view to_text(Activity activity) {
  return kActivityNames.text_of(activity);
}

// What the service has done since its start, counted for Prometheus; outlives reloads. docs/operation.md lists the
// names, which are stable.
class Metrics {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The budget that search and captures share.
  void set_budget(int requests_per_minute);
  // `monotonic_now` is that of base::Timers.
  void on_request_sent(Route route, base::Millis monotonic_now);
  void on_response(Route route, const net::Outcome& outcome, base::Millis duration);

  void record_success(Activity activity, base::Instant now);
  void record_failure(Activity activity);
  void record_scan(const model::ScanStats& stats);
  void record_fetch(const model::FetchStats& stats);

  // Everything in Prometheus' text format, without timestamps. The snapshot has Detail::Figures. What is not known is
  // left out: all figures of an archive that cannot be read, the expiry of a token that does not name it.
  [[nodiscard]] std::string text(const StatusSnapshot& snapshot, base::Millis monotonic_now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::monitor
