// SPDX-License-Identifier: Apache-2.0
// What the engine costs, and what it does when clocks step, disks fill up and the archive goes away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/sync/world.h"

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
void expect_rows_before_the_mark(World& world) {
  const auto mark = world.archive->reader().high_water_mark();
  if (!mark) return;
  ASSERT_LE(*mark, world.server_clock.now());
  const auto kept = world.archived();
  const auto covered = world.archive->reader().uncovered(model::TimeField::Ended, {*mark - ch::days{4}, *mark});
  for (const auto& entry : world.simulator.truth(simulator::TruthDetail::Tasks)) {
    if (entry.ended >= *mark) continue;
    const bool unread = std::any_of(covered.begin(), covered.end(), [&](const base::TimeRange& gap) {
      return entry.ended >= gap.from && entry.ended <= gap.to;
    });
    EXPECT_TRUE(unread || kept.contains(entry.id)) << entry.id;
  }
}

TEST(Economy, TenThousandTasksCostFewRequestsAndQuietPollsOneEach) {
  World world(cloud_of(10'000, 7));
  world.sleep(ch::minutes{1});
  const base::Millis began = world.time.monotonic_now();
  EXPECT_FALSE(world.pass().failure);
  const double minutes = static_cast<double>((world.time.monotonic_now() - began).count()) / 60'000;
  EXPECT_LE(world.budgeted_requests(), 1'050);
  EXPECT_GE(static_cast<double>(world.budgeted_requests()) / minutes, 0.97 * 300) << "of the budget";
  const auto counts = world.archive->reader().counts();
  EXPECT_EQ(counts[model::TranscriptState::Archived], counts.tasks());
  EXPECT_EQ(counts.tasks(), static_cast<std::int64_t>(world.simulator.truth(simulator::TruthDetail::Tasks).size()));

  const auto before = world.budgeted_requests();
  world.live(ch::minutes{59} + ch::seconds{30});
  EXPECT_EQ(world.budgeted_requests() - before, 60) << "quiet polls";
}

TEST(Clock, StepsOfAnHourSkipNothing) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  World world(options);
  world.poll_interval = ch::minutes{2};
  for (const auto step : {ch::hours{1}, ch::hours{-1}, ch::hours{-1}, ch::hours{1}}) {
    world.live(ch::minutes{95});
    world.clock.step(step);
  }
  world.live(ch::minutes{125});
  expect_rows_before_the_mark(world);
  EXPECT_GT(*world.archive->reader().high_water_mark(), world.server_clock.now() - ch::minutes{5});
  EXPECT_GT(world.archived().size(), 700U);
  EXPECT_TRUE(world.logged("clock is ahead"));
}

TEST(Clock, AnArchiveThatBeginsWithAClockAheadIsComplete) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  World world(options);
  world.clock.step(ch::hours{2});
  world.live(ch::minutes{30});
  EXPECT_LE(world.budgeted_requests(), 30 + 30) << "no window of the future is read again and again";
  world.clock.step(ch::hours{-2});
  world.live(ch::minutes{60});
  expect_rows_before_the_mark(world);
  EXPECT_GT(world.archived().size(), 100U);
}

TEST(Trouble, AFullDiskStopsTheMarkAndWhenThereIsRoomWorkGoesOn) {
  ::signal(SIGXFSZ, SIG_IGN);
  simulator::Options options = cloud_of(400, 2);
  options.page_size = 50;
  World world(options);
  world.sleep(ch::minutes{1});
  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  const rlimit full{256U << 10U, unlimited.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  world.live(ch::minutes{10});
  EXPECT_THAT(world.log, Contains(HasSubstr("make room")));
  expect_rows_before_the_mark(world);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  EXPECT_TRUE(world.live(ch::hours{6}, [&] { return world.drained(); }));
  EXPECT_THAT(world.differences(), IsEmpty());
}

TEST(Clock, ThatWasSetBackIsAFailureUntilItHasCaughtUpAndSkipsNothing) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  World world(options);
  world.live(ch::minutes{60});
  EXPECT_THAT(world.failures, IsEmpty());
  const auto mark = world.archive->reader().high_water_mark();
  const auto requests = world.cloud->request_counts().searches;
  world.clock.step(ch::hours{-1});
  world.live(ch::minutes{50});
  EXPECT_THAT(world.failures, testing::SizeIs(testing::Ge(45))) << "each poll";
  EXPECT_THAT(world.failures, testing::Each(HasSubstr("set back")));
  EXPECT_EQ(world.archive->reader().high_water_mark(), mark);
  EXPECT_EQ(world.cloud->request_counts().searches, requests);
  const std::size_t failures = world.failures.size();
  world.live(ch::minutes{20});
  EXPECT_LE(world.failures.size(), failures + 11);
  EXPECT_GT(*world.archive->reader().high_water_mark(), *mark);
  world.clock.step(ch::hours{1});
  world.live(ch::minutes{30});
  expect_rows_before_the_mark(world);
  EXPECT_GT(*world.archive->reader().high_water_mark(), world.server_clock.now() - ch::minutes{3});
  EXPECT_GT(world.archived().size(), 250U);
}

TEST(Clock, AheadByAMonthCostsNoSearchForEachDayOfTheFuture) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  World world(options);
  world.live(ch::minutes{10});
  const auto before = world.cloud->request_counts().searches;
  world.clock.step(ch::days{30});
  world.live(ch::minutes{10});
  EXPECT_LE(world.cloud->request_counts().searches, before + 12);
  expect_rows_before_the_mark(world);
}

TEST(Trouble, ACloudThatIsNotThereIsToldAtOnceAndEndsAPassSoon) {
  World world(cloud_of(30, 1));
  world.simulator.stop();
  world.sleep(ch::minutes{1});
  const base::Millis began = world.time.monotonic_now();
  std::optional<base::Millis> told;
  std::optional<sync::Pass::Result> pass;
  sync::Pass run(*world.engine);
  run.run(std::nullopt, [&](const sync::Pass::Result& result) { pass = result; });
  world.time.run(ch::hours{1}, [&] {
    if (!told && world.logged("search: ")) told = world.time.monotonic_now();
    return pass.has_value();
  });
  ASSERT_TRUE(pass);
  ASSERT_TRUE(pass->failure);
  EXPECT_EQ(pass->failure->kind, model::Failure::Kind::Transient);
  EXPECT_THAT(pass->failure->message, HasSubstr("127.0.0.1"));
  EXPECT_EQ(told, began);
  EXPECT_LE(world.time.monotonic_now() - began, ch::seconds{10});
}

TEST(Trouble, AFullDiskEndsAPassSoonAndWithTheReason) {
  ::signal(SIGXFSZ, SIG_IGN);
  simulator::Options options = cloud_of(400, 2);
  options.page_size = 20;
  World world(options);
  world.sleep(ch::minutes{1});
  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  // Enough for different parts of the work: the first page, the tasks, some of the transcripts.
  for (const rlim_t kilobytes : {220U, 300U, 500U, 900U}) {
    const rlimit full{kilobytes << 10U, unlimited.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const base::Millis began = world.time.monotonic_now();
    const auto pass = world.pass();
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    const auto& failure = pass.failure ? pass.failure : world.engine->fetcher().last_systemic_error();
    ASSERT_TRUE(failure) << kilobytes;
    EXPECT_THAT(failure->message, HasSubstr("make room"));
    EXPECT_LE(world.time.monotonic_now() - began, ch::seconds{30}) << kilobytes;
    expect_rows_before_the_mark(world);
    world.restart();
  }
  EXPECT_FALSE(world.pass().failure);
  EXPECT_THAT(world.differences(), IsEmpty());
}

TEST(Trouble, AnArchiveThatIsTakenAwayIsMissedAndTakenUpAgain) {
  simulator::Options options = cloud_of(50, 1);
  options.live_rate = 1;
  World world(options);
  world.live(ch::minutes{10});
  const auto mark = world.archive->reader().high_water_mark();
  const base::Path aside = world.directory.path() / "aside.db";
  std::filesystem::rename(world.archive_path(), aside);
  world.live(ch::minutes{10});
  EXPECT_THAT(world.failures, Contains(HasSubstr("moved, replaced or deleted")));
  EXPECT_EQ(world.archive->reader().high_water_mark(), mark);
  std::filesystem::rename(aside, world.archive_path());
  world.live(ch::minutes{30});
  expect_rows_before_the_mark(world);
  EXPECT_GT(*world.archive->reader().high_water_mark(), world.clock.now() - ch::minutes{3});
}

TEST(Trouble, ACapturesAnswerOf404ForManyIsNotTakenForTheirAbsence) {
  simulator::Options options = cloud_of(40, 10);
  sync::Settings settings;
  settings.transcript_deadline = ch::hours{1};  // all of them are older
  World world(options, settings);
  world.simulator.add_fault("captures:404:1:1");
  world.sleep(ch::minutes{1});
  EXPECT_FALSE(world.pass().failure);
  EXPECT_EQ(world.archive->reader().counts()[model::TranscriptState::Absent], 0);
  EXPECT_THAT(world.differences(), IsEmpty());
}

TEST(Trouble, WithoutAGrantAPassEndsAtOnceAndSaysWhy) {
  World world(cloud_of(30, 1));
  world.simulator.revoke_access_tokens();
  world.simulator.revoke_refresh_tokens();
  world.sleep(ch::minutes{1});
  const base::Millis began = world.time.monotonic_now();
  const auto pass = world.pass();
  ASSERT_TRUE(pass.failure);
  EXPECT_EQ(pass.failure->kind, model::Failure::Kind::AuthRequired);
  EXPECT_LT(world.time.monotonic_now() - began, ch::minutes{2});
}

}  // namespace
}  // namespace wxcc::tests
