// SPDX-License-Identifier: Apache-2.0
// What the engine costs, and what it does when clocks step, disks fill up and the archive goes away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

simulator::Options cloud_of(std::size_t tasks, int days) {
  simulator::Options options;
  options.tasks = tasks;
  options.days = days;
  options.no_transcript_share = 0;
  return options;
}

// Every task that ended before the mark is in the archive.
void expect_rows_before_the_mark(SyncHarness& harness) {
  const auto mark = harness.archive->reader().high_water_mark();
  if (!mark) return;
  ASSERT_LE(*mark, harness.server_clock.now());
  const auto kept = harness.archived();
  const auto covered = harness.archive->reader().uncovered(model::TimeField::Ended, {*mark - ch::days{4}, *mark});
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (entry.ended >= *mark) continue;
    const bool unread = std::any_of(covered.begin(), covered.end(), [&](const base::TimeRange& gap) {
      return entry.ended >= gap.from && entry.ended <= gap.to;
    });
    EXPECT_TRUE(unread || kept.contains(entry.id)) << entry.id;
  }
}

TEST(Economy, TenThousandTasksCostFewRequestsAndQuietPollsOneEach) {
  SyncHarness harness(cloud_of(10'000, 7));
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  EXPECT_FALSE(harness.pass().failure);
  const double minutes = static_cast<double>((harness.time.monotonic_now() - began).count()) / 60'000;
  EXPECT_LE(harness.budgeted_requests(), 1'050);
  EXPECT_GE(static_cast<double>(harness.budgeted_requests()) / minutes, 0.97 * 300) << "of the budget";
  const auto counts = harness.archive->reader().counts();
  EXPECT_EQ(counts[model::TranscriptState::Archived], counts.tasks());
  EXPECT_EQ(counts.tasks(),
            static_cast<std::int64_t>(harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks).size()));

  const auto before = harness.budgeted_requests();
  harness.live(ch::minutes{59} + ch::seconds{30});
  EXPECT_EQ(harness.budgeted_requests() - before, 60) << "quiet polls";
}

TEST(Clock, StepsOfAnHourSkipNothing) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{2};
  for (const auto step : {ch::hours{1}, ch::hours{-1}, ch::hours{-1}, ch::hours{1}}) {
    harness.live(ch::minutes{95});
    harness.clock.step(step);
  }
  harness.live(ch::minutes{125});
  expect_rows_before_the_mark(harness);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), harness.server_clock.now() - ch::minutes{5});
  EXPECT_GT(harness.archived().size(), 700U);
  EXPECT_TRUE(harness.logged("clock is ahead"));
}

TEST(Clock, AnArchiveThatBeginsWithAClockAheadIsComplete) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.clock.step(ch::hours{2});
  harness.live(ch::minutes{30});
  EXPECT_LE(harness.budgeted_requests(), 30 + 30) << "no window of the future is read again and again";
  harness.clock.step(ch::hours{-2});
  harness.live(ch::minutes{60});
  expect_rows_before_the_mark(harness);
  EXPECT_GT(harness.archived().size(), 100U);
}

TEST(Trouble, AFullDiskStopsTheMarkAndWhenThereIsRoomWorkGoesOn) {
  ::signal(SIGXFSZ, SIG_IGN);
  simulator::Options options = cloud_of(400, 2);
  options.page_size = 50;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  const rlimit full{256U << 10U, unlimited.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  harness.live(ch::minutes{10});
  EXPECT_THAT(harness.log, Contains(HasSubstr("free disk space")));
  expect_rows_before_the_mark(harness);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  EXPECT_TRUE(harness.live(ch::hours{6}, [&] { return harness.drained(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(Clock, ThatWasSetBackIsAFailureUntilItHasCaughtUpAndSkipsNothing) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.live(ch::minutes{60});
  EXPECT_EQ(harness.failures(), 0);
  const auto mark = harness.archive->reader().high_water_mark();
  const auto requests = harness.cloud->request_counts().searches;
  harness.clock.step(ch::hours{-1});
  harness.live(ch::minutes{50});
  EXPECT_GE(harness.failures("poll"), 45) << "each poll";
  EXPECT_EQ(harness.times_logged("the local clock was set back"), 1);
  EXPECT_EQ(harness.archive->reader().high_water_mark(), mark);
  EXPECT_EQ(harness.cloud->request_counts().searches, requests);
  const int failures = harness.failures();
  harness.live(ch::minutes{20});
  EXPECT_LE(harness.failures(), failures + 11);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), *mark);
  harness.clock.step(ch::hours{1});
  harness.live(ch::minutes{30});
  expect_rows_before_the_mark(harness);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), harness.server_clock.now() - ch::minutes{3});
  EXPECT_GT(harness.archived().size(), 250U);
}

TEST(Clock, AheadByAMonthCostsNoSearchForEachDayOfTheFuture) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  SyncHarness harness(options);
  harness.live(ch::minutes{10});
  const auto before = harness.cloud->request_counts().searches;
  harness.clock.step(ch::days{30});
  harness.live(ch::minutes{10});
  EXPECT_LE(harness.cloud->request_counts().searches, before + 12);
  expect_rows_before_the_mark(harness);
}

TEST(Trouble, ACloudThatIsNotThereIsToldAtOnceAndEndsAPassSoon) {
  SyncHarness harness(cloud_of(30, 1));
  harness.on_request = [](const net::Request&) -> std::optional<net::Outcome> {
    return base::make_unexpected(net::TransferFailure{net::TransferFailure::Kind::Connect, "cannot connect"});
  };
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  std::optional<base::Millis> told;
  std::optional<sync::Pass::Result> pass;
  sync::Pass run(*harness.engine);
  run.run(std::nullopt, [&](const sync::Pass::Result& result) { pass = result; });
  harness.time.advance_until(ch::hours{1}, [&] {
    if (!told && harness.logged("search: ")) told = harness.time.monotonic_now();
    return pass.has_value();
  });
  ASSERT_TRUE(pass);
  ASSERT_TRUE(pass->failure);
  EXPECT_EQ(pass->failure->kind, model::Failure::Kind::Transient);
  EXPECT_THAT(pass->failure->message, HasSubstr("cannot connect"));
  EXPECT_EQ(told, began);
  EXPECT_LE(harness.time.monotonic_now() - began, ch::seconds{10});
}

TEST(Trouble, AFullDiskEndsAPassSoonAndWithTheReason) {
  ::signal(SIGXFSZ, SIG_IGN);
  simulator::Options options = cloud_of(400, 2);
  options.page_size = 20;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  // Enough for different parts of the work: the first page, the tasks, some of the transcripts.
  for (const rlim_t kilobytes : {220U, 300U, 500U, 900U}) {
    const rlimit full{kilobytes << 10U, unlimited.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const base::Millis began = harness.time.monotonic_now();
    const auto pass = harness.pass();
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    const auto& failure = pass.failure ? pass.failure : harness.engine->fetcher().last_systemic_error();
    ASSERT_TRUE(failure) << kilobytes;
    EXPECT_THAT(failure->message, HasSubstr("free disk space"));
    EXPECT_LE(harness.time.monotonic_now() - began, ch::seconds{30}) << kilobytes;
    expect_rows_before_the_mark(harness);
    harness.restart();
  }
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(Trouble, AnArchiveThatIsTakenAwayIsMissedAndTakenUpAgain) {
  simulator::Options options = cloud_of(50, 1);
  options.live_rate = 1;
  SyncHarness harness(options);
  harness.live(ch::minutes{10});
  const auto mark = harness.archive->reader().high_water_mark();
  const base::Path aside = harness.directory.path() / "aside.db";
  std::filesystem::rename(harness.archive_path(), aside);
  harness.live(ch::minutes{10});
  EXPECT_TRUE(harness.logged("moved, replaced or deleted"));
  EXPECT_EQ(harness.archive->reader().high_water_mark(), mark);
  std::filesystem::rename(aside, harness.archive_path());
  harness.live(ch::minutes{30});
  expect_rows_before_the_mark(harness);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), harness.clock.now() - ch::minutes{3});
}

TEST(Trouble, ACapturesAnswerOf404ForManyIsNotTakenForTheirAbsence) {
  simulator::Options options = cloud_of(40, 10);
  sync::Settings settings;
  settings.transcript_deadline = ch::hours{1};  // all of them are older
  SyncHarness harness(options, settings);
  harness.simulator.add_fault("captures:404:1:1");
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Absent], 0);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(Trouble, WithoutAGrantAPassEndsAtOnceAndSaysWhy) {
  SyncHarness harness(cloud_of(30, 1));
  harness.simulator.revoke_access_tokens();
  harness.simulator.revoke_refresh_tokens();
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  const auto pass = harness.pass();
  ASSERT_TRUE(pass.failure);
  EXPECT_EQ(pass.failure->kind, model::Failure::Kind::AuthRequired);
  EXPECT_LT(harness.time.monotonic_now() - began, ch::minutes{2});
}

TEST(Trouble, AnArchiveThatCannotBeReadWhileALoginIsNeededDoesNotEndTheService) {
  SyncHarness harness(cloud_of(20, 2));
  harness.live(ch::minutes{3});
  harness.simulator.revoke_access_tokens();
  harness.simulator.revoke_refresh_tokens();
  ::sqlite3_hard_heap_limit64(1);
  EXPECT_THROW(static_cast<void>(harness.archive->reader().service_record()), store::StoreError);
  harness.live(ch::minutes{5});
  ::sqlite3_hard_heap_limit64(0);
  EXPECT_GT(harness.failures(), 0);
  EXPECT_GE(harness.times_logged("memory"), 1);
  harness.live(ch::hours{1});
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("needs-login"));
  harness.simulator.write_config(harness.directory.path());
  harness.tokens->reload();
  EXPECT_TRUE(harness.live(ch::hours{1}, [&] { return harness.drained(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

}  // namespace
}  // namespace wxcc::tests
