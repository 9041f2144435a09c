// SPDX-License-Identifier: Apache-2.0
#include "monitor/nagios_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/duration.h"
#include "base/text.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;

constexpr ch::days kLoginWarning{14};
constexpr ch::days kLoginCritical{3};

std::string_view word_of(Severity severity) {
  switch (severity) {
    case Severity::Ok:
      return "OK";
    case Severity::Warning:
      return "WARNING";
    case Severity::Critical:
      return "CRITICAL";
    case Severity::Unknown:
      return "UNKNOWN";
  }
  return "";
}

// The worst of what is found, and the words of each finding.
class Findings {
 public:
  void add(Severity severity, const std::string& words) {
    worst_ = std::max(worst_, severity);
    words_ += "; " + words;
  }
  [[nodiscard]] Severity worst() const { return worst_; }
  [[nodiscard]] const std::string& words() const { return words_; }

 private:
  Severity worst_ = Severity::Ok;
  std::string words_;
};

Severity severity_of(State state) {
  switch (state) {
    case State::Ok:
      return Severity::Ok;
    case State::Degraded:
      return Severity::Warning;
    case State::NeedsLogin:
    case State::Stale:
    case State::NeverSynced:
      return Severity::Critical;
  }
  return Severity::Unknown;
}

void judge_login(const Facts& facts, Findings& findings) {
  if (!facts.record.refresh_expires_at || facts.state == State::NeedsLogin) return;
  const auto left = *facts.record.refresh_expires_at - facts.now;
  if (left > kLoginWarning) return;
  findings.add(left > kLoginCritical ? Severity::Warning : Severity::Critical,
               fmt::format("the login ends in {}",
                           base::for_people(ch::floor<ch::seconds>(std::max<base::Millis>(left, base::Millis{0})))));
}

// 'label'=value[unit];warning;critical;least
std::string performance_data(const Facts& facts, base::Millis stale_after) {
  const auto seconds = [](base::Millis span) { return ch::floor<ch::seconds>(span).count(); };
  std::string data;
  if (facts.mark)
    data += fmt::format(" lag={}s;;{};0", std::max<std::int64_t>(0, seconds(facts.now - *facts.mark)),
                        seconds(stale_after));
  data += fmt::format(" pending={};;;0 failed={};;;0", facts.counts[model::TranscriptState::Pending],
                      facts.counts[model::TranscriptState::Failed]);
  if (facts.oldest_pending)
    data +=
        fmt::format(" oldest_pending={}s;;;0", std::max<std::int64_t>(0, seconds(facts.now - *facts.oldest_pending)));
  if (facts.record.refresh_expires_at)
    data += fmt::format(" login_days={};{}:;{}:;",
                        ch::floor<ch::days>(*facts.record.refresh_expires_at - facts.now).count(),
                        kLoginWarning.count(), kLoginCritical.count());
  data += fmt::format(" wal={}B;{};;0 archive={}B;;;0", facts.wal_bytes, kLargeLog, facts.archive_bytes);
  return data.substr(1);
}

// A bar would begin the performance data.
std::string without_bars(std::string text) {
  std::replace(text.begin(), text.end(), '|', '/');
  return text;
}

}  // namespace

HealthCheck check_health(const Facts& facts, base::Millis stale_after) {
  Findings findings;
  const Severity state = severity_of(facts.state);
  findings.add(state, summary(facts.state, facts.record, facts.counts, facts.mark));
  judge_login(facts, findings);
  if (const auto large = large_log_message(facts.wal_bytes)) findings.add(Severity::Warning, *large);
  if (const base::Millis uncovered = base::total_length(facts.coverage_gaps); uncovered > base::Millis{0})
    findings.add(Severity::Ok, fmt::format("coverage gaps of {}", base::for_people(ch::ceil<ch::seconds>(uncovered))));
  const std::string words = without_bars(base::excerpt(findings.words().substr(2), 1'000));
  return {findings.worst(),
          fmt::format("{} - {} | {}", word_of(findings.worst()), words, performance_data(facts, stale_after))};
}

HealthCheck unknown_health(std::string_view reason) {
  return {Severity::Unknown,
          fmt::format("{} - {}", word_of(Severity::Unknown), without_bars(base::excerpt(reason, 1'000)))};
}

}  // namespace wxcc::monitor
