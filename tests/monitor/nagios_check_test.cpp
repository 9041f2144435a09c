// SPDX-License-Identifier: Apache-2.0
#include "monitor/nagios_check.h"

#include <gmock/gmock.h>

#include "tests/fakes.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;
using testing::Not;

StatusSnapshot healthy() {
  StatusSnapshot snapshot;
  snapshot.now = *base::parse_iso8601("2026-11-22T12:00:00Z");
  snapshot.state = State::Ok;
  snapshot.stale_after = ch::minutes{15};
  snapshot.high_water_mark = snapshot.now - ch::seconds(40);
  snapshot.counts[model::TranscriptState::Pending] = 3;
  snapshot.oldest_pending = snapshot.now - ch::minutes(10);
  snapshot.record.refresh_expires_at = snapshot.now + ch::days(60) + ch::hours(1);
  snapshot.wal_bytes = 4096;
  snapshot.archive_bytes = 1'000'000;
  return snapshot;
}

TEST(NagiosCheck, PrintsOneLineWithPerformanceData) {
  const NagiosCheck check = nagios_check(healthy());
  EXPECT_EQ(check.severity, Severity::Ok);
  EXPECT_EQ(check.line,
            "OK - ok: archived until 2026-11-22 11:59:20 UTC; 3 transcripts pending | lag=40s;;900;0 pending=3;;;0 "
            "failed=0;;;0 oldest_pending=600s;;;0 login_days=60;14:;3:; uncovered=0s;;;0 wal=4096B;268435456;;0 "
            "archive=1000000B;;;0");
}

TEST(NagiosCheck, TakesWorstSeverityOfFindings) {
  struct Row {
    void (*change)(StatusSnapshot&);
    Severity severity;
    const char* words;
  };
  const Row rows[] = {
      {[](StatusSnapshot& f) {
         f.state = State::Degraded;
         f.record.last_error = "search: status 503";
       },
       Severity::Warning,
       "WARNING - degraded: archived until 2026-11-22 11:59:20 UTC; 3 transcripts pending; last error: search: "
       "status 503 |"},
      {[](StatusSnapshot& f) {
         f.state = State::NeedsLogin;
         f.record.needs_login = "log in";
       },
       Severity::Critical, "CRITICAL - needs-login"},
      {[](StatusSnapshot& f) { f.state = State::Stale; }, Severity::Critical, "CRITICAL - stale"},
      {[](StatusSnapshot& f) {
         f.state = State::NeverSynced;
         f.high_water_mark.reset();
       },
       Severity::Critical, "CRITICAL - never-synced: nothing archived yet"},
      {[](StatusSnapshot& f) { f.record.refresh_expires_at = f.now + ch::days(14); }, Severity::Warning,
       "; the login expires in 14d |"},
      {[](StatusSnapshot& f) { f.record.refresh_expires_at = f.now + ch::days(14) + ch::seconds(1); }, Severity::Ok,
       "OK - "},
      {[](StatusSnapshot& f) { f.record.refresh_expires_at = f.now + ch::days(3); }, Severity::Critical,
       "; the login expires in 3d |"},
      {[](StatusSnapshot& f) { f.record.refresh_expires_at = f.now - ch::days(1); }, Severity::Critical,
       "; the login expires in 0s |"},
      {[](StatusSnapshot& f) { f.record.refresh_expires_at.reset(); }, Severity::Ok, "OK - "},
      {[](StatusSnapshot& f) { f.wal_bytes = (256ULL << 20U) + 1; }, Severity::Warning, "; WAL is 256 MiB: "},
      {[](StatusSnapshot& f) {
         f.coverage_gaps = {{f.now - ch::hours(3), f.now - ch::hours(1)}};
       },
       Severity::Ok, "; coverage gaps of 2h |"},
      {[](StatusSnapshot& f) {
         f.state = State::Degraded;
         f.record.last_error = "a | b\nc";
       },
       Severity::Warning, "a / b c |"},
  };
  for (const Row& row : rows) {
    StatusSnapshot snapshot = healthy();
    row.change(snapshot);
    const NagiosCheck check = nagios_check(snapshot);
    EXPECT_EQ(check.severity, row.severity) << check.line;
    EXPECT_THAT(check.line, HasSubstr(row.words));
    EXPECT_THAT(check.line, Not(HasSubstr("\n")));
  }
}

TEST(NagiosCheck, OmitsPerformanceDataOfUnknownValues) {
  StatusSnapshot snapshot = healthy();
  snapshot.high_water_mark.reset();
  snapshot.oldest_pending.reset();
  snapshot.record.refresh_expires_at.reset();
  const std::string line = nagios_check(snapshot).line;
  for (const char* label : {"lag=", "oldest_pending=", "login_days="}) EXPECT_THAT(line, Not(HasSubstr(label)));
}

TEST(NagiosCheck, ReportsUnknownForUnreadableArchive) {
  StatusSnapshot snapshot = healthy();
  snapshot.state = State::Unreadable;
  snapshot.read_error = store::StoreError(store::StoreError::Kind::Other, "disk I/O error");
  const NagiosCheck check = nagios_check(snapshot);
  EXPECT_EQ(check.severity, Severity::Unknown);
  EXPECT_EQ(check.line, "UNKNOWN - disk I/O error");
}

TEST(NagiosCheck, GivesReasonWhenCheckFails) {
  const NagiosCheck check = nagios_unknown("no archive /a|b");
  EXPECT_EQ(check.severity, Severity::Unknown);
  EXPECT_EQ(check.line, "UNKNOWN - no archive /a/b");
}

}  // namespace
}  // namespace wxcc::monitor
