// SPDX-License-Identifier: Apache-2.0
#include "monitor/nagios_check.h"

#include <gmock/gmock.h>

#include "tests/fakes.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;
using testing::Not;

constexpr ch::minutes kStaleAfter{15};

Facts healthy() {
  Facts facts;
  facts.now = *base::parse_iso8601("2026-11-22T12:00:00Z");
  facts.state = State::Ok;
  facts.mark = facts.now - ch::seconds(40);
  facts.counts[model::TranscriptState::Pending] = 3;
  facts.oldest_pending = facts.now - ch::minutes(10);
  facts.record.refresh_expires_at = facts.now + ch::days(60) + ch::hours(1);
  facts.wal_bytes = 4096;
  facts.archive_bytes = 1'000'000;
  return facts;
}

TEST(HealthCheck, OneLineWithPerformanceData) {
  const HealthCheck check = check_health(healthy(), kStaleAfter);
  EXPECT_EQ(check.severity, Severity::Ok);
  EXPECT_EQ(check.line,
            "OK - ok: archived until 2026-11-22 11:59:20 UTC; 3 transcripts pending | lag=40s;;900;0 pending=3;;;0 "
            "failed=0;;;0 oldest_pending=600s;;;0 login_days=60;14:;3:; wal=4096B;268435456;;0 archive=1000000B;;;0");
}

TEST(HealthCheck, TheWorstFindingDecides) {
  struct Row {
    void (*change)(Facts&);
    Severity severity;
    const char* words;
  };
  const Row rows[] = {
      {[](Facts& f) {
         f.state = State::Degraded;
         f.record.last_error = "search: answered 503";
       },
       Severity::Warning,
       "WARNING - degraded: archived until 2026-11-22 11:59:20 UTC; 3 transcripts pending; last error: search: "
       "answered 503 |"},
      {[](Facts& f) {
         f.state = State::NeedsLogin;
         f.record.needs_login = "log in";
       },
       Severity::Critical, "CRITICAL - needs-login"},
      {[](Facts& f) { f.state = State::Stale; }, Severity::Critical, "CRITICAL - stale"},
      {[](Facts& f) {
         f.state = State::NeverSynced;
         f.mark.reset();
       },
       Severity::Critical, "CRITICAL - never-synced: nothing archived yet"},
      {[](Facts& f) { f.record.refresh_expires_at = f.now + ch::days(14); }, Severity::Warning,
       "; the login ends in 14d |"},
      {[](Facts& f) { f.record.refresh_expires_at = f.now + ch::days(14) + ch::seconds(1); }, Severity::Ok, "OK - "},
      {[](Facts& f) { f.record.refresh_expires_at = f.now + ch::days(3); }, Severity::Critical,
       "; the login ends in 3d |"},
      {[](Facts& f) { f.record.refresh_expires_at = f.now - ch::days(1); }, Severity::Critical,
       "; the login ends in 0s |"},
      {[](Facts& f) { f.record.refresh_expires_at.reset(); }, Severity::Ok, "OK - "},
      {[](Facts& f) { f.wal_bytes = (256ULL << 20U) + 1; }, Severity::Warning, "; the archive's log has 256 MiB: "},
      {[](Facts& f) {
         f.coverage_gaps = {{f.now - ch::hours(3), f.now - ch::hours(1)}};
       },
       Severity::Ok, "; coverage gaps of 2h |"},
      {[](Facts& f) {
         f.state = State::Degraded;
         f.record.last_error = "a | b\nc";
       },
       Severity::Warning, "a / b c |"},
  };
  for (const Row& row : rows) {
    Facts facts = healthy();
    row.change(facts);
    const HealthCheck check = check_health(facts, kStaleAfter);
    EXPECT_EQ(check.severity, row.severity) << check.line;
    EXPECT_THAT(check.line, HasSubstr(row.words));
    EXPECT_THAT(check.line, Not(HasSubstr("\n")));
  }
}

TEST(HealthCheck, WhatIsNotKnownHasNoPerformanceData) {
  Facts facts = healthy();
  facts.mark.reset();
  facts.oldest_pending.reset();
  facts.record.refresh_expires_at.reset();
  const std::string line = check_health(facts, kStaleAfter).line;
  for (const char* label : {"lag=", "oldest_pending=", "login_days="}) EXPECT_THAT(line, Not(HasSubstr(label)));
}

TEST(HealthCheck, ACheckThatCouldNotLookSaysWhy) {
  const HealthCheck check = unknown_health("there is no archive /a|b");
  EXPECT_EQ(check.severity, Severity::Unknown);
  EXPECT_EQ(check.line, "UNKNOWN - there is no archive /a/b");
}

}  // namespace
}  // namespace wxcc::monitor
