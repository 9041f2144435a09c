// SPDX-License-Identifier: Apache-2.0
// Failures of single tasks, of the API, of the disk, of the archive and of the login.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <optional>
#include <set>

#include "tests/file_size_limit.h"
#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(FaultHandling, DelaysOnlyFailingTask) {
  for (const std::size_t poisoned : {0U, 3U, 9U, 14U}) {
    simulator::Options options = tasks_with_transcripts(15, 2);
    options.chat_share = 1;
    SyncHarness harness(options);
    harness.sleep(ch::minutes{1});
    const auto truth = harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks);
    ASSERT_EQ(truth.size(), 15U);
    const std::string bad = truth[poisoned].id;
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (!is_captures(request) || request.body.find(bad) == std::string::npos) return std::nullopt;
      return response(500, R"({"message":"boom"})");
    };
    const base::Millis began = harness.time.monotonic_now();
    const auto pass = harness.pass();
    EXPECT_FALSE(pass.failure) << poisoned;
    EXPECT_FALSE(harness.engine->fetcher().last_systemic_error()) << poisoned;
    EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Archived], 14) << poisoned;
    EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Pending], 1) << poisoned;
    EXPECT_LE(harness.time.monotonic_now() - began, ch::minutes{3}) << poisoned;
  }
}

TEST(FaultHandling, ReportsServiceFailureWhenAllCapturesFail) {
  SyncHarness harness(tasks_with_transcripts(25, 2));
  harness.sleep(ch::minutes{1});
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    return is_captures(request) ? std::optional(response(500, "{}")) : std::nullopt;
  };
  const auto began = harness.time.monotonic_now();
  const auto pass = harness.pass();
  EXPECT_FALSE(pass.failure);
  ASSERT_TRUE(harness.engine->fetcher().last_systemic_error());
  EXPECT_EQ(harness.engine->fetcher().last_systemic_error()->kind, model::Failure::Kind::Transient);
  EXPECT_LE(harness.time.monotonic_now() - began, ch::minutes{10});
}

TEST(FaultHandling, RefreshesExpiredLocationsWithoutPause) {
  SyncHarness harness(tasks_with_transcripts(40, 2));
  harness.sleep(ch::minutes{1});
  std::set<std::string> requested;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (!is_download(request) || !requested.insert(request.url.substr(0, request.url.find('?'))).second)
      return std::nullopt;
    return response(403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>");
  };
  const base::Millis began = harness.time.monotonic_now();
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(requested, SizeIs(testing::Ge(25U)));
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_FALSE(harness.logged("pausing"));
  EXPECT_LT(harness.time.monotonic_now() - began, ch::seconds{10});
}

TEST(FaultHandling, EndsPassSoonWhenAllDownloadsAreRejected) {
  SyncHarness harness(tasks_with_transcripts(40, 2));
  harness.sleep(ch::minutes{1});
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    return is_download(request) ? std::optional(response(403, "<Error/>")) : std::nullopt;
  };
  const base::Millis began = harness.time.monotonic_now();
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Pending],
            harness.archive->reader().counts().tasks());
  EXPECT_LT(harness.time.monotonic_now() - began, ch::minutes{1});
}

TEST(FaultHandling, HoldsMarkWhileDiskIsFull) {
  simulator::Options options = tasks_with_transcripts(400, 2);
  options.page_size = 50;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  std::optional<tests::FileSizeLimit> full(256U << 10U);
  harness.run_service(ch::minutes{10});
  EXPECT_THAT(harness.log, Contains(HasSubstr("free disk space")));
  expect_rows_before_mark(harness);
  full.reset();
  EXPECT_TRUE(harness.run_service(ch::hours{6}, [&] { return harness.is_settled(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(FaultHandling, EndsPassSoonWhenApiIsUnreachable) {
  SyncHarness harness(tasks_with_transcripts(30, 1));
  harness.on_request = [](const net::Request&) -> std::optional<net::Outcome> {
    return base::make_unexpected(net::TransferFailure{net::TransferFailure::Kind::Connect, "cannot connect"});
  };
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  std::optional<base::Millis> logged_at;
  std::optional<sync::Pass::Result> pass;
  sync::Pass run(*harness.engine);
  run.run(std::nullopt, [&](const sync::Pass::Result& result) { pass = result; });
  harness.time.advance_until(ch::hours{1}, [&] {
    if (!logged_at && harness.logged("search: ")) logged_at = harness.time.monotonic_now();
    return pass.has_value();
  });
  ASSERT_TRUE(pass);
  ASSERT_TRUE(pass->failure);
  EXPECT_EQ(pass->failure->kind, model::Failure::Kind::Transient);
  EXPECT_THAT(pass->failure->message, HasSubstr("cannot connect"));
  EXPECT_EQ(logged_at, began);
  EXPECT_LE(harness.time.monotonic_now() - began, ch::seconds{10});
}

TEST(FaultHandling, EndsPassSoonWhenDiskIsFull) {
  simulator::Options options = tasks_with_transcripts(400, 2);
  options.page_size = 20;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  // Enough for different parts of the work: the first page, the tasks, some of the transcripts.
  for (const rlim_t kilobytes : {220U, 300U, 500U, 900U}) {
    std::optional<tests::FileSizeLimit> full(kilobytes << 10U);
    const base::Millis began = harness.time.monotonic_now();
    const auto pass = harness.pass();
    full.reset();
    const auto& failure = pass.failure ? pass.failure : harness.engine->fetcher().last_systemic_error();
    ASSERT_TRUE(failure) << kilobytes;
    EXPECT_THAT(failure->message, HasSubstr("free disk space"));
    EXPECT_LE(harness.time.monotonic_now() - began, ch::seconds{30}) << kilobytes;
    expect_rows_before_mark(harness);
    harness.restart();
  }
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(FaultHandling, ResumesWhenMovedArchiveIsRestored) {
  simulator::Options options = tasks_with_transcripts(50, 1);
  options.live_rate = 1;
  SyncHarness harness(options);
  harness.run_service(ch::minutes{10});
  const auto mark = harness.archive->reader().high_water_mark();
  const base::Path aside = harness.directory.path() / "aside.db";
  std::filesystem::rename(harness.archive_path(), aside);
  harness.run_service(ch::minutes{10});
  EXPECT_TRUE(harness.logged("moved, replaced or deleted"));
  EXPECT_EQ(harness.archive->reader().high_water_mark(), mark);
  std::filesystem::rename(aside, harness.archive_path());
  harness.run_service(ch::minutes{30});
  expect_rows_before_mark(harness);
  EXPECT_GT(*harness.archive->reader().high_water_mark(), harness.clock.now() - ch::minutes{3});
}

TEST(FaultHandling, DoesNotMarkTasksAbsentAfterCaptures404) {
  simulator::Options options = tasks_with_transcripts(40, 10);
  sync::Settings settings;
  settings.transcript_deadline = ch::hours{1};  // all of them are older
  SyncHarness harness(options, settings);
  harness.simulator.add_fault("captures:404:1:1");
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Absent], 0);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(FaultHandling, EndsPassAtOnceWithoutLogin) {
  SyncHarness harness(tasks_with_transcripts(30, 1));
  harness.simulator.revoke_access_tokens();
  harness.simulator.revoke_refresh_tokens();
  harness.sleep(ch::minutes{1});
  const base::Millis began = harness.time.monotonic_now();
  const auto pass = harness.pass();
  ASSERT_TRUE(pass.failure);
  EXPECT_EQ(pass.failure->kind, model::Failure::Kind::AuthRequired);
  EXPECT_LT(harness.time.monotonic_now() - began, ch::minutes{2});
}

TEST(FaultHandling, SurvivesUnreadableArchiveWhileLoginIsRequired) {
  SyncHarness harness(tasks_with_transcripts(20, 2));
  harness.run_service(ch::minutes{3});
  harness.simulator.revoke_access_tokens();
  harness.simulator.revoke_refresh_tokens();
  ::sqlite3_hard_heap_limit64(1);
  EXPECT_THROW(static_cast<void>(harness.archive->reader().service_record()), store::StoreError);
  harness.run_service(ch::minutes{5});
  ::sqlite3_hard_heap_limit64(0);
  EXPECT_GT(harness.failures(), 0);
  EXPECT_GE(harness.times_logged("memory"), 1);
  harness.run_service(ch::hours{1});
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("needs-login"));
  harness.simulator.write_config(harness.directory.path());
  harness.tokens->reload();
  EXPECT_TRUE(harness.run_service(ch::hours{1}, [&] { return harness.is_settled(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

}  // namespace
}  // namespace wxcc::tests
