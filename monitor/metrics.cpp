// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using prometheus::Family;
using prometheus::Labels;

constexpr ch::minutes kBudgetPeriod{1};

template <typename Id>
struct FamilyRow {
  Id id;
  const char* name;
  const char* help;
};

// One row for each id, in their order; the compiler refuses another.
template <typename Id, std::size_t Count>
consteval std::array<FamilyRow<Id>, Count> families(const FamilyRow<Id> (&rows)[Count]) {
  for (std::size_t i = 0; i < Count; ++i)
    if (static_cast<std::size_t>(rows[i].id) != i) std::abort();
  return std::to_array(rows);
}

enum class CounterId { Requests, TasksFound, TranscriptResults, Messages, ActivityFailures };
constexpr auto kCounters = families<CounterId>({
    {CounterId::Requests, "wxcc_archive_requests_total",
     "Responses by route and HTTP status; code none: there was no response"},
    {CounterId::TasksFound, "wxcc_archive_tasks_found_total", "Ended tasks that were new to the archive"},
    {CounterId::TranscriptResults, "wxcc_archive_transcript_results_total", "Transcript fetch attempts by result"},
    {CounterId::Messages, "wxcc_archive_messages_total", "Messages that were new to the archive"},
    {CounterId::ActivityFailures, "wxcc_archive_activity_failures_total", "Failures by activity of the service"},
});

enum class GaugeId {
  State,
  LastSuccess,
  Mark,
  Uncovered,
  Tasks,
  OldestPending,
  TokenExpires,
  FileBytes,
  Budget,
  BudgetUsed,
  BuildInfo
};
constexpr auto kGauges = families<GaugeId>({
    {GaugeId::State, "wxcc_archive_state", "1 for the state the service is in"},
    {GaugeId::LastSuccess, "wxcc_archive_last_success_timestamp_seconds",
     "Time of the last complete success by activity; poll: also before this start of the service"},
    {GaugeId::Mark, "wxcc_archive_high_water_mark_timestamp_seconds",
     "Time up to which every ended task is in the archive"},
    {GaugeId::Uncovered, "wxcc_archive_uncovered_seconds",
     "Sum of the coverage gaps: time between backfill_from and the high-water mark that no scan has covered"},
    {GaugeId::Tasks, "wxcc_archive_tasks", "Tasks in the archive by the state of their transcript"},
    {GaugeId::OldestPending, "wxcc_archive_oldest_pending_timestamp_seconds",
     "End of the task whose transcript has been pending longest; absent while none is pending"},
    {GaugeId::TokenExpires, "wxcc_archive_token_expires_timestamp_seconds", "Token expiry time"},
    {GaugeId::FileBytes, "wxcc_archive_file_bytes", "Size of the archive's file and of its WAL"},
    {GaugeId::Budget, "wxcc_archive_request_budget", "Requests of search and captures allowed per minute"},
    {GaugeId::BudgetUsed, "wxcc_archive_request_budget_used",
     "Requests of search and captures sent in the last minute"},
    {GaugeId::BuildInfo, "wxcc_archive_build_info", "Build information"},
});

constexpr const char* kDurationName = "wxcc_archive_request_duration_seconds";
constexpr const char* kDurationHelp = "Time from sending a request to the end of its response, by route";

double seconds(base::Millis duration) {
  return ch::duration<double>(duration).count();
}

Labels label(const char* name, std::string_view value) {
  return {{name, std::string(value)}};
}

}  // namespace

struct Metrics::Impl {
  Impl() {
    for (const auto& row : kCounters)
      counters.at(static_cast<std::size_t>(row.id)) =
          &prometheus::BuildCounter().Name(row.name).Help(row.help).Register(registry);
    for (const auto& row : kGauges)
      gauges.at(static_cast<std::size_t>(row.id)) =
          &prometheus::BuildGauge().Name(row.name).Help(row.help).Register(registry);
  }

  void add(CounterId id, const Labels& labels, double count = 1) {
    counters.at(static_cast<std::size_t>(id))->Add(labels).Increment(count);
  }
  // Removes the gauge where there is no value: a timestamp that is not known must not look like 1970.
  void set(GaugeId id, const Labels& labels, std::optional<double> value) {
    Family<prometheus::Gauge>& family = *gauges.at(static_cast<std::size_t>(id));
    prometheus::Gauge& gauge = family.Add(labels);
    if (value)
      gauge.Set(*value);
    else
      family.Remove(&gauge);
  }
  void set_timestamp(GaugeId id, const Labels& labels, std::optional<base::Instant> at) {
    set(id, labels, at ? std::optional(seconds(at->time_since_epoch())) : std::nullopt);
  }
  void forget_old_requests(base::Millis monotonic_now) {
    while (!sent.empty() && sent.front() + kBudgetPeriod <= monotonic_now) sent.pop_front();
  }
  void set_figures(const StatusSnapshot& snapshot);

  prometheus::Registry registry;
  std::array<Family<prometheus::Counter>*, kCounters.size()> counters{};
  std::array<Family<prometheus::Gauge>*, kGauges.size()> gauges{};
  Family<prometheus::Histogram>& durations =
      prometheus::BuildHistogram().Name(kDurationName).Help(kDurationHelp).Register(registry);
  std::deque<base::Millis> sent;  // when each request of the last minute was sent
};

Metrics::Metrics(std::string_view version) : impl_(std::make_unique<Impl>()) {
  impl_->set(GaugeId::BuildInfo, label("version", version), 1);
  // So that rates exist from the first scrape on.
  record_fetch({});
  record_scan({});
}

Metrics::~Metrics() = default;

void Metrics::set_budget(int requests_per_minute) {
  impl_->set(GaugeId::Budget, {}, requests_per_minute);
}

void Metrics::on_request_sent(Route route, base::Millis monotonic_now) {
  if (route != Route::Search && route != Route::Captures) return;
  impl_->sent.push_back(monotonic_now);
  impl_->forget_old_requests(monotonic_now);
}

void Metrics::on_response(Route route, const net::Outcome& outcome, base::Millis duration) {
  const std::string name(kRouteNames.text_of(route));
  impl_->add(CounterId::Requests, {{"route", name}, {"code", outcome ? std::to_string(outcome->status) : "none"}});
  static const prometheus::Histogram::BucketBoundaries kBounds{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  impl_->durations.Add(label("route", name), kBounds).Observe(seconds(duration));
}

void Metrics::record_success(Activity activity, base::Instant now) {
  impl_->set_timestamp(GaugeId::LastSuccess, label("activity", to_text(activity)), now);
}

void Metrics::record_failure(Activity activity) {
  impl_->add(CounterId::ActivityFailures, label("activity", to_text(activity)));
}

void Metrics::record_scan(const model::ScanStats& stats) {
  impl_->add(CounterId::TasksFound, {}, stats.added);
}

void Metrics::record_fetch(const model::FetchStats& stats) {
  impl_->add(CounterId::TranscriptResults, label("result", "archived"), stats.archived);
  impl_->add(CounterId::TranscriptResults, label("result", "not_available"), stats.not_available);
  impl_->add(CounterId::TranscriptResults, label("result", "absent"), stats.absent);
  impl_->add(CounterId::TranscriptResults, label("result", "failed"), stats.failures);
  impl_->add(CounterId::Messages, {}, stats.messages);
}

void Metrics::Impl::set_figures(const StatusSnapshot& snapshot) {
  const auto if_read = [&](double value) { return snapshot.read_error ? std::nullopt : std::optional(value); };
  for (const auto& state : kStateNames)
    set(GaugeId::State, label("state", state.text), state.value == snapshot.state ? 1 : 0);
  set_timestamp(GaugeId::LastSuccess, label("activity", to_text(Activity::Poll)), snapshot.record.last_success);
  set_timestamp(GaugeId::LastSuccess, label("activity", to_text(Activity::Refresh)), snapshot.token_refreshed_at);
  set_timestamp(GaugeId::Mark, {}, snapshot.high_water_mark);
  set_timestamp(GaugeId::OldestPending, {}, snapshot.oldest_pending);
  set_timestamp(GaugeId::TokenExpires, label("token", "access"), snapshot.record.access_expires_at);
  set_timestamp(GaugeId::TokenExpires, label("token", "refresh"), snapshot.record.refresh_expires_at);
  set(GaugeId::Uncovered, {}, if_read(seconds(base::total_length(snapshot.coverage_gaps))));
  for (const auto& state : model::kTranscriptStateNames)
    set(GaugeId::Tasks, label("transcript", state.text), if_read(static_cast<double>(snapshot.counts[state.value])));
  set(GaugeId::FileBytes, label("file", "archive"), static_cast<double>(snapshot.archive_bytes));
  set(GaugeId::FileBytes, label("file", "wal"), static_cast<double>(snapshot.wal_bytes));
}

std::string Metrics::text(const StatusSnapshot& snapshot, base::Millis monotonic_now) {
  impl_->set_figures(snapshot);
  impl_->forget_old_requests(monotonic_now);
  impl_->set(GaugeId::BudgetUsed, {}, static_cast<double>(impl_->sent.size()));
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace wxcc::monitor
