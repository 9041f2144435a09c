// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics.h"

#include <gmock/gmock.h>

#include "tests/fakes.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;
using testing::Not;

class MetricsText : public testing::Test {
 protected:
  std::string text() { return "\n" + metrics_.text(snapshot_, timers_.monotonic_now()); }

  tests::FakeClock clock_{base::Instant(ch::seconds(1'700'000'000))};
  tests::FakeTimers timers_{clock_};
  Metrics metrics_{"1.2.3"};
  StatusSnapshot snapshot_;
};

TEST_F(MetricsText, PublishesSnapshot) {
  snapshot_.now = clock_.now();
  snapshot_.state = State::NeedsLogin;
  snapshot_.high_water_mark = clock_.now() - ch::seconds(30);
  snapshot_.record.last_success = clock_.now() - ch::seconds(1);
  snapshot_.counts[model::TranscriptState::Pending] = 12;
  snapshot_.counts[model::TranscriptState::Archived] = 345;
  snapshot_.oldest_pending = clock_.now() - ch::hours(1);
  snapshot_.record.refresh_expires_at = clock_.now() + ch::days(60);
  snapshot_.coverage_gaps = {{clock_.now() - ch::hours(1), clock_.now() - ch::minutes(58)}};
  snapshot_.record.access_expires_at = clock_.now() + ch::hours(1);
  snapshot_.wal_bytes = 4096;
  snapshot_.archive_bytes = 65536;
  for (const char* line : {
           "\nwxcc_archive_build_info{version=\"1.2.3\"} 1\n",
           "\nwxcc_archive_state{state=\"needs-login\"} 1\n",
           "\nwxcc_archive_state{state=\"ok\"} 0\n",
           "\nwxcc_archive_high_water_mark_timestamp_seconds 1699999970\n",
           "\nwxcc_archive_last_success_timestamp_seconds{activity=\"poll\"} 1699999999\n",
           "\nwxcc_archive_tasks{transcript=\"pending\"} 12\n",
           "\nwxcc_archive_tasks{transcript=\"archived\"} 345\n",
           "\nwxcc_archive_oldest_pending_timestamp_seconds 1699996400\n",
           "\nwxcc_archive_token_expires_timestamp_seconds{token=\"refresh\"} 1705184000\n",
           "\nwxcc_archive_uncovered_seconds 120\n",
           "\nwxcc_archive_token_expires_timestamp_seconds{token=\"access\"} 1700003600\n",
           "\nwxcc_archive_file_bytes{file=\"wal\"} 4096\n",
           "\nwxcc_archive_file_bytes{file=\"archive\"} 65536\n",
       })
    EXPECT_THAT(text(), HasSubstr(line));
}

TEST_F(MetricsText, OmitsUnknownFigures) {
  EXPECT_THAT(text(), Not(HasSubstr("high_water_mark_timestamp_seconds ")));
  EXPECT_THAT(text(), Not(HasSubstr("wxcc_archive_token_expires_timestamp_seconds{")));
  snapshot_.oldest_pending = clock_.now();
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_oldest_pending_timestamp_seconds "));
  snapshot_.oldest_pending.reset();
  EXPECT_THAT(text(), Not(HasSubstr("\nwxcc_archive_oldest_pending_timestamp_seconds "))) << "none pending any more";
}

TEST_F(MetricsText, OmitsFiguresOfUnreadableArchive) {
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_uncovered_seconds 0\n"));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_tasks{transcript=\"pending\"} 0\n"));
  snapshot_.state = State::Unreadable;
  snapshot_.read_error = store::StoreError(store::StoreError::Kind::Other, "disk I/O error");
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_state{state=\"unreadable\"} 1\n"));
  EXPECT_THAT(text(), Not(HasSubstr("\nwxcc_archive_uncovered_seconds ")));
  EXPECT_THAT(text(), Not(HasSubstr("\nwxcc_archive_tasks{")));
}

TEST_F(MetricsText, TakesLastPollAndRefreshFromSnapshot) {
  snapshot_.record.last_success = clock_.now() - ch::seconds(2);
  snapshot_.token_refreshed_at = clock_.now() - ch::seconds(3);
  EXPECT_THAT(text(), HasSubstr("_timestamp_seconds{activity=\"poll\"} 1699999998\n"));
  EXPECT_THAT(text(), HasSubstr("_timestamp_seconds{activity=\"refresh\"} 1699999997\n"));
}

TEST_F(MetricsText, CountsSinceStart) {
  metrics_.record_scan({.added = 3});
  metrics_.record_fetch({.archived = 2, .messages = 9, .absent = 1});
  metrics_.record_fetch({.archived = 1, .failures = 4});
  metrics_.record_failure(Activity::Reconcile);
  metrics_.record_success(Activity::Maintenance, clock_.now());
  for (const char* line : {
           "\nwxcc_archive_tasks_found_total 3\n",
           "\nwxcc_archive_transcript_results_total{result=\"archived\"} 3\n",
           "\nwxcc_archive_transcript_results_total{result=\"absent\"} 1\n",
           "\nwxcc_archive_transcript_results_total{result=\"failed\"} 4\n",
           "\nwxcc_archive_transcript_results_total{result=\"not_available\"} 0\n",
           "\nwxcc_archive_messages_total 9\n",
           "\nwxcc_archive_activity_failures_total{activity=\"reconcile\"} 1\n",
           "\nwxcc_archive_last_success_timestamp_seconds{activity=\"maintenance\"} 1700000000\n",
       })
    EXPECT_THAT(text(), HasSubstr(line));
}

TEST_F(MetricsText, CountsBudgetUsedInLastMinute) {
  metrics_.set_budget(300);
  metrics_.on_request_sent(Route::Search, timers_.monotonic_now());
  timers_.advance(ch::seconds(30));
  metrics_.on_request_sent(Route::Captures, timers_.monotonic_now());
  metrics_.on_request_sent(Route::Download, timers_.monotonic_now());
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget 300\n"));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget_used 2\n"));
  timers_.advance(ch::seconds(30));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget_used 1\n"));
  timers_.advance(ch::seconds(30));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget_used 0\n"));
}

}  // namespace
}  // namespace wxcc::monitor
