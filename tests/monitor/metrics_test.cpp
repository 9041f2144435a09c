// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/log.h"
#include "monitor/instrumented_transport.h"
#include "monitor/metrics_file.h"
#include "tests/fakes.h"
#include "tests/temporary_directory.h"

namespace wxcc::monitor {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;
using testing::Not;

class MetricsText : public testing::Test {
 protected:
  std::string text() { return "\n" + metrics_.text(facts_, timers_.monotonic_now()); }

  tests::FakeClock clock_{base::Instant(ch::seconds(1'700'000'000))};
  tests::FakeTimers timers_{clock_};
  Metrics metrics_{"1.2.3"};
  Facts facts_;
};

TEST_F(MetricsText, TellsTheFacts) {
  facts_.now = clock_.now();
  facts_.state = State::NeedsLogin;
  facts_.mark = clock_.now() - ch::seconds(30);
  facts_.record.last_success = clock_.now() - ch::seconds(1);
  facts_.counts[model::TranscriptState::Pending] = 12;
  facts_.counts[model::TranscriptState::Archived] = 345;
  facts_.oldest_pending = clock_.now() - ch::hours(1);
  facts_.record.refresh_expires_at = clock_.now() + ch::days(60);
  facts_.coverage_gaps = {{clock_.now() - ch::hours(1), clock_.now() - ch::minutes(58)}};
  facts_.wal_bytes = 4096;
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
           "\nwxcc_archive_unread_seconds 120\n",
           "\nwxcc_archive_file_bytes{file=\"wal\"} 4096\n",
       })
    EXPECT_THAT(text(), HasSubstr(line));
}

TEST_F(MetricsText, LeavesOutWhatIsNotKnown) {
  EXPECT_THAT(text(), Not(HasSubstr("high_water_mark_timestamp_seconds ")));
  EXPECT_THAT(text(), Not(HasSubstr("wxcc_archive_token_expires_timestamp_seconds{")));
  facts_.oldest_pending = clock_.now();
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_oldest_pending_timestamp_seconds "));
  facts_.oldest_pending.reset();
  EXPECT_THAT(text(), Not(HasSubstr("\nwxcc_archive_oldest_pending_timestamp_seconds "))) << "none pending any more";
}

TEST_F(MetricsText, CountsWhatWasDone) {
  metrics_.found({.added = 3});
  metrics_.fetched({.archived = 2, .messages = 9, .absent = 1});
  metrics_.fetched({.archived = 1, .failures = 4});
  metrics_.failed(Activity::Reconcile);
  metrics_.succeeded(Activity::Upkeep, clock_.now());
  for (const char* line : {
           "\nwxcc_archive_tasks_found_total 3\n",
           "\nwxcc_archive_transcript_results_total{result=\"archived\"} 3\n",
           "\nwxcc_archive_transcript_results_total{result=\"absent\"} 1\n",
           "\nwxcc_archive_transcript_results_total{result=\"failed\"} 4\n",
           "\nwxcc_archive_transcript_results_total{result=\"nothing_yet\"} 0\n",
           "\nwxcc_archive_messages_total 9\n",
           "\nwxcc_archive_activity_failures_total{activity=\"reconcile\"} 1\n",
           "\nwxcc_archive_last_success_timestamp_seconds{activity=\"upkeep\"} 1700000000\n",
       })
    EXPECT_THAT(text(), HasSubstr(line));
}

TEST_F(MetricsText, RequestsAreCountedByRouteAndAnswer) {
  auto fake = std::make_unique<tests::FakeTransport>();
  tests::FakeTransport& cloud = *fake;
  MeasuredTransport transport(
      std::move(fake),
      {{"", Route::Heartbeat}, {"https://api/search", Route::Search}, {"https://t/token", Route::Token}}, metrics_,
      timers_);
  std::vector<int> answered;
  const auto ask = [&](const char* url) {
    net::Request request;
    request.url = url;
    return transport.start(std::move(request),
                           [&](const net::Outcome& outcome) { answered.push_back(outcome ? outcome->status : 0); });
  };
  const auto first = ask("https://api/search?orgId=1");
  timers_.advance(ch::milliseconds(300));
  cloud.answer(429, "");
  const auto second = ask("https://t/token");
  cloud.fail(net::TransferFailure::Kind::Timeout, "slow");
  const auto third = ask("https://store/file?signature=1");
  cloud.answer(200, "");
  EXPECT_EQ(answered, (std::vector<int>{429, 0, 200}));
  for (const char* line : {
           "\nwxcc_archive_requests_total{code=\"429\",route=\"search\"} 1\n",
           "\nwxcc_archive_requests_total{code=\"none\",route=\"token\"} 1\n",
           "\nwxcc_archive_requests_total{code=\"200\",route=\"download\"} 1\n",
           "\nwxcc_archive_request_duration_seconds_bucket{route=\"search\",le=\"0.25\"} 0\n",
           "\nwxcc_archive_request_duration_seconds_bucket{route=\"search\",le=\"0.5\"} 1\n",
       })
    EXPECT_THAT(text(), HasSubstr(line));
}

TEST_F(MetricsText, TheBudgetUsedIsThatOfTheLastMinute) {
  metrics_.set_budget(300);
  metrics_.left(Route::Search, timers_.monotonic_now());
  timers_.advance(ch::seconds(30));
  metrics_.left(Route::Captures, timers_.monotonic_now());
  metrics_.left(Route::Download, timers_.monotonic_now());
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget 300\n"));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget_used 2\n"));
  timers_.advance(ch::seconds(30));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget_used 1\n"));
  timers_.advance(ch::seconds(30));
  EXPECT_THAT(text(), HasSubstr("\nwxcc_archive_request_budget_used 0\n"));
}

class MetricsFileTest : public MetricsText {
 protected:
  tests::TemporaryDirectory directory_;
  base::Path path_ = directory_.path() / "wxcc.prom";
  std::vector<std::string> logged_;
  base::log::Capture capture_{[this](base::log::Level, std::string_view line) { logged_.emplace_back(line); }};
};

TEST_F(MetricsFileTest, IsWrittenAtOnceAndAtItsPaceReadableForEverybody) {
  base::write_file_durably(path_.string() + ".0123456789ab.tmp", "of a killed process", 0644);
  int writings = 0;
  const MetricsFile file(path_, ch::minutes(1), timers_, [&] { return std::to_string(++writings); });
  EXPECT_EQ(base::read_file(path_), "1");
  timers_.advance(ch::minutes(3));
  EXPECT_EQ(base::read_file(path_), "4");
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0644U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1) << "leftovers";
}

TEST_F(MetricsFileTest, AFailureIsToldWhenItBeginsAndWhenItEnds) {
  const base::Path folder = directory_.path() / "later";
  const MetricsFile file(folder / "wxcc.prom", ch::minutes(1), timers_, [] { return "x"; });
  timers_.advance(ch::minutes(5));
  ASSERT_EQ(logged_.size(), 1U);
  EXPECT_THAT(logged_[0], HasSubstr("metrics_file: creating"));
  std::filesystem::create_directory(folder);
  timers_.advance(ch::minutes(5));
  ASSERT_EQ(logged_.size(), 2U);
  EXPECT_EQ(logged_[1], "metrics_file: works again");
}

}  // namespace
}  // namespace wxcc::monitor
