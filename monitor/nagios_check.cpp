// SPDX-License-Identifier: Apache-2.0
#include "monitor/nagios_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/duration.h"
#include "base/enum_names.h"
#include "base/text.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;

constexpr ch::days kLoginWarningDays{14};
constexpr ch::days kLoginCriticalDays{3};
constexpr std::size_t kMaxTextBytes = 1'000;

constexpr auto kSeverityNames = base::enum_names<Severity>({{Severity::Ok, "OK"},
                                                            {Severity::Warning, "WARNING"},
                                                            {Severity::Critical, "CRITICAL"},
                                                            {Severity::Unknown, "UNKNOWN"}});

// The worst of what was found, and the text of each finding.
class Findings {
 public:
  void add(Severity severity, const std::string& text) {
    worst_ = std::max(worst_, severity);
    text_ += (text_.empty() ? "" : "; ") + text;
  }
  [[nodiscard]] Severity worst() const { return worst_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  Severity worst_ = Severity::Ok;
  std::string text_;
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
    case State::Unreadable:
      return Severity::Unknown;
  }
  return Severity::Unknown;
}

void check_login_expiry(const StatusSnapshot& snapshot, Findings& findings) {
  if (!snapshot.record.refresh_expires_at || snapshot.state == State::NeedsLogin) return;
  const auto left = *snapshot.record.refresh_expires_at - snapshot.now;
  if (left > kLoginWarningDays) return;
  findings.add(left > kLoginCriticalDays ? Severity::Warning : Severity::Critical,
               fmt::format("the login expires in {}",
                           base::humanize(ch::floor<ch::seconds>(std::max<base::Millis>(left, base::Millis{0})))));
}

// 'label'=value[unit];warning;critical;least
std::string performance_data(const StatusSnapshot& snapshot) {
  const auto seconds = [](base::Millis span) { return ch::floor<ch::seconds>(span).count(); };
  const auto age = [&](base::Instant at) { return std::max<std::int64_t>(0, seconds(snapshot.now - at)); };
  std::string data;
  if (snapshot.high_water_mark)
    data += fmt::format("lag={}s;;{};0 ", age(*snapshot.high_water_mark), seconds(snapshot.stale_after));
  data += fmt::format("pending={};;;0 failed={};;;0 ", snapshot.counts[model::TranscriptState::Pending],
                      snapshot.counts[model::TranscriptState::Failed]);
  if (snapshot.oldest_pending) data += fmt::format("oldest_pending={}s;;;0 ", age(*snapshot.oldest_pending));
  if (const auto days = snapshot.login_days_left())
    data += fmt::format("login_days={};{}:;{}:; ", *days, kLoginWarningDays.count(), kLoginCriticalDays.count());
  return data + fmt::format("uncovered={}s;;;0 wal={}B;{};;0 archive={}B;;;0",
                            seconds(base::total_length(snapshot.coverage_gaps)), snapshot.wal_bytes, kLargeWalBytes,
                            snapshot.archive_bytes);
}

// One line: a pipe would begin the performance data.
std::string escape_pipes(std::string_view text) {
  std::string line = base::excerpt(text, kMaxTextBytes);
  std::replace(line.begin(), line.end(), '|', '/');
  return line;
}

}  // namespace

NagiosCheck nagios_check(const StatusSnapshot& snapshot) {
  if (snapshot.read_error) return nagios_unknown(snapshot.read_error->what());
  Findings findings;
  findings.add(severity_of(snapshot.state), summary(snapshot));
  check_login_expiry(snapshot, findings);
  if (const auto warning = wal_size_warning(snapshot.wal_bytes)) findings.add(Severity::Warning, *warning);
  if (const auto uncovered = base::total_length(snapshot.coverage_gaps); uncovered > base::Millis{0})
    findings.add(Severity::Ok, fmt::format("coverage gaps of {}", base::humanize(ch::ceil<ch::seconds>(uncovered))));
  return {findings.worst(), fmt::format("{} - {} | {}", kSeverityNames.text_of(findings.worst()),
                                        escape_pipes(findings.text()), performance_data(snapshot))};
}

NagiosCheck nagios_unknown(std::string_view reason) {
  return {Severity::Unknown, fmt::format("{} - {}", kSeverityNames.text_of(Severity::Unknown), escape_pipes(reason))};
}

}  // namespace wxcc::monitor
