// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <chrono>
#include <deque>

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

const char* name_of(Route route) {
  switch (route) {
    case Route::Search:
      return "search";
    case Route::Captures:
      return "captures";
    case Route::Download:
      return "download";
    case Route::Token:
      return "token";
    case Route::Heartbeat:
      return "heartbeat";
  }
  return "";
}

constexpr std::array kStates = {State::Ok, State::Degraded, State::NeedsLogin, State::Stale, State::NeverSynced};

double seconds(base::Millis duration) {
  return ch::duration<double>(duration).count();
}

Family<Counter>& counter(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Gauge>& gauge(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

// A stamp that is not known must not look like 1970.
void show(Family<Gauge>& family, const prometheus::Labels& labels, std::optional<base::Instant> at) {
  Gauge& metric = family.Add(labels);
  if (at)
    metric.Set(seconds(at->time_since_epoch()));
  else
    family.Remove(&metric);
}

}  // namespace

std::string_view to_text(Activity activity) {
  switch (activity) {
    case Activity::Poll:
      return "poll";
    case Activity::Backfill:
      return "backfill";
    case Activity::Reconcile:
      return "reconcile";
    case Activity::Fetch:
      return "fetch";
    case Activity::Upkeep:
      return "upkeep";
  }
  return "";
}

struct Metrics::Impl {
  Registry registry;
  Family<Counter>& requests =
      counter(registry, "wxcc_archive_requests_total", "Answers by route and HTTP status; none: no answer came");
  Family<Histogram>& durations = prometheus::BuildHistogram()
                                     .Name("wxcc_archive_request_duration_seconds")
                                     .Help("From a request to the end of its answer, by route")
                                     .Register(registry);
  Family<Counter>& tasks_found =
      counter(registry, "wxcc_archive_tasks_found_total", "Ended tasks that were new to the archive");
  Family<Counter>& transcripts = counter(registry, "wxcc_archive_transcript_results_total",
                                         "Askings for a task's transcript, by what came of them");
  Family<Counter>& messages = counter(registry, "wxcc_archive_messages_total", "Messages that were new to the archive");
  Family<Counter>& failures =
      counter(registry, "wxcc_archive_activity_failures_total", "Activities of the service that failed");
  Family<Gauge>& last_success =
      gauge(registry, "wxcc_archive_last_success_timestamp_seconds",
            "When each activity last did all that it wanted; poll: also before this start of the service");
  Family<Gauge>& state = gauge(registry, "wxcc_archive_state", "1 for the state the service is in");
  Family<Gauge>& mark = gauge(registry, "wxcc_archive_high_water_mark_timestamp_seconds",
                              "Up to when every ended task is in the archive");
  Family<Gauge>& unread = gauge(registry, "wxcc_archive_unread_seconds",
                                "How much of the time that is to be archived was never read, before the mark");
  Family<Gauge>& tasks = gauge(registry, "wxcc_archive_tasks", "Tasks in the archive by the state of their transcript");
  Family<Gauge>& oldest_pending =
      gauge(registry, "wxcc_archive_oldest_pending_timestamp_seconds",
            "When the task ended whose transcript has been pending longest; absent while none is pending");
  Family<Gauge>& token_ends =
      gauge(registry, "wxcc_archive_token_expires_timestamp_seconds", "When the access and the refresh token end");
  Family<Gauge>& bytes = gauge(registry, "wxcc_archive_file_bytes", "Size of the archive's file and of its log (WAL)");
  Family<Gauge>& budget =
      gauge(registry, "wxcc_archive_request_budget", "Requests of search and captures that may leave per minute");
  Family<Gauge>& budget_used = gauge(registry, "wxcc_archive_request_budget_used",
                                     "Requests of search and captures that left in the last minute");
  Family<Gauge>& build = gauge(registry, "wxcc_archive_build_info", "1; the label has the version");

  std::deque<base::Millis> left;  // of the last minute
};

Metrics::Metrics(std::string_view version) : impl_(std::make_unique<Impl>()) {
  impl_->build.Add({{"version", std::string(version)}}).Set(1);
  // So that rates exist from the first scrape on.
  fetched({});
  found({});
}

Metrics::~Metrics() = default;

void Metrics::set_budget(int requests_per_minute) {
  impl_->budget.Add({}).Set(requests_per_minute);
}

void Metrics::left(Route route, base::Millis elapsed) {
  if (route != Route::Search && route != Route::Captures) return;
  auto& left = impl_->left;
  left.push_back(elapsed);
  while (left.front() + ch::minutes{1} <= elapsed) left.pop_front();
}

void Metrics::answered(Route route, const net::Outcome& outcome, base::Millis took) {
  const std::string code = outcome ? std::to_string(outcome->status) : "none";
  impl_->requests.Add({{"route", name_of(route)}, {"code", code}}).Increment();
  static const Histogram::BucketBoundaries kBounds{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  impl_->durations.Add({{"route", name_of(route)}}, kBounds).Observe(seconds(took));
}

void Metrics::succeeded(Activity activity, base::Instant now) {
  show(impl_->last_success, {{"activity", std::string(to_text(activity))}}, now);
}

void Metrics::failed(Activity activity) {
  impl_->failures.Add({{"activity", std::string(to_text(activity))}}).Increment();
}

void Metrics::found(const model::ScanStats& report) {
  impl_->tasks_found.Add({}).Increment(report.added);
}

void Metrics::fetched(const model::FetchStats& report) {
  const auto add = [&](const char* result, int count) {
    impl_->transcripts.Add({{"result", result}}).Increment(count);
  };
  add("archived", report.archived);
  add("nothing_yet", report.not_available);
  add("absent", report.absent);
  add("failed", report.failures);
  impl_->messages.Add({}).Increment(report.messages);
}

std::string Metrics::text(const Facts& facts, base::Millis elapsed) {
  Impl& all = *impl_;
  for (const State state : kStates)
    all.state.Add({{"state", std::string(to_text(state))}}).Set(state == facts.state ? 1 : 0);
  show(all.last_success, {{"activity", "poll"}}, facts.record.last_success);
  show(all.last_success, {{"activity", "refresh"}}, facts.refreshed_at);
  show(all.mark, {}, facts.mark);
  show(all.oldest_pending, {}, facts.oldest_pending);
  show(all.token_ends, {{"token", "access"}}, facts.record.access_expires_at);
  show(all.token_ends, {{"token", "refresh"}}, facts.record.refresh_expires_at);
  all.unread.Add({}).Set(seconds(base::total_length(facts.coverage_gaps)));
  for (const auto& state : model::kTranscriptStateNames)
    all.tasks.Add({{"transcript", std::string(state.text)}}).Set(static_cast<double>(facts.counts[state.value]));
  all.bytes.Add({{"file", "archive"}}).Set(static_cast<double>(facts.archive_bytes));
  all.bytes.Add({{"file", "wal"}}).Set(static_cast<double>(facts.wal_bytes));
  while (!all.left.empty() && all.left.front() + ch::minutes{1} <= elapsed) all.left.pop_front();
  all.budget_used.Add({}).Set(static_cast<double>(all.left.size()));
  return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

}  // namespace wxcc::monitor
