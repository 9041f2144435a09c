// SPDX-License-Identifier: Apache-2.0
// The service with everything real around it, in virtual time.
#include "daemon/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;
using testing::IsEmpty;

// Only a reconcile searches by creation.
bool is_reconcile(const net::Request& request) {
  return is_search(request) && request.body.find("timeComparator: createdTime") != std::string::npos;
}
bool is_token_request(const net::Request& request) {
  return request.url.find("/access_token") != std::string::npos;
}

// When the requests of a kind were sent, since the service's start.
struct Sent {
  Sent(SyncHarness& harness, bool (*is_counted)(const net::Request&)) {
    harness.on_request = [this, &harness, is_counted, began = harness.time.monotonic_now()](
                             const net::Request& request) -> std::optional<net::Outcome> {
      if (is_counted(request)) at.push_back(harness.time.monotonic_now() - began);
      return std::nullopt;
    };
  }
  std::vector<base::Millis> at;
};

TEST(Service, PollsAtStartAndInEachInterval) {
  simulator::Options options = chats_with_transcripts(0);
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{5};
  harness.run_service(ch::hours{1} + ch::seconds{1});
  const auto before = harness.api->request_counts().searches;
  harness.run_service(ch::hours{1});
  EXPECT_EQ(harness.api->request_counts().searches - before, 12);
  EXPECT_EQ(harness.failures(), 0);
}

TEST(Service, ReconcilesWholeLookbackInEachInterval) {
  sync::Settings settings;
  settings.reconcile_every = ch::hours{2};
  settings.reconcile_reach = ch::days{5};
  SyncHarness harness(chats_with_transcripts(20), settings);
  const Sent reconciles(harness, is_reconcile);
  harness.run_service(ch::hours{1} + ch::minutes{59});
  EXPECT_THAT(reconciles.at, IsEmpty());
  harness.run_service(ch::minutes{2});
  EXPECT_EQ(reconciles.at.size(), 5U) << "a window for each day";
  harness.run_service(ch::hours{2});
  EXPECT_EQ(reconciles.at.size(), 10U);
}

TEST(Service, ReconcilesSoonWhenLastOneIsLongAgo) {
  sync::Settings settings;
  settings.reconcile_every = ch::hours{6};
  SyncHarness harness(chats_with_transcripts(20), settings);
  harness.run_service(ch::hours{5});
  harness.restart();
  harness.service.reset();
  const Sent reconciles(harness, is_reconcile);
  harness.run_service(ch::minutes{58});
  EXPECT_THAT(reconciles.at, IsEmpty());
  harness.run_service(ch::minutes{3});
  EXPECT_EQ(reconciles.at.size(), 3U);
  harness.service.reset();
  harness.sleep(ch::hours{12});
  harness.run_service(ch::minutes{2});
  EXPECT_EQ(reconciles.at.size(), 6U) << "due long ago";
}

TEST(Service, ReportsReadyWithStatusOnceTokenIsAvailable) {
  SyncHarness harness(chats_with_transcripts(5));
  harness.run_service(ch::seconds{1});
  EXPECT_EQ(harness.supervisor.ready, 1);
  harness.run_service(ch::minutes{10});
  EXPECT_EQ(harness.supervisor.ready, 1);
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("ok: archived until 2026-01-01"));
  EXPECT_EQ(std::adjacent_find(harness.supervisor.statuses.begin(), harness.supervisor.statuses.end()),
            harness.supervisor.statuses.end())
      << "a status is published when it changes";
}

TEST(Service, ReportsReadyAfterAMinuteWhenTokenHostIsDown) {
  simulator::Options options = chats_with_transcripts(20);
  options.access_ttl = ch::minutes{7};
  SyncHarness harness(options);
  harness.on_request = [](const net::Request& request) -> std::optional<net::Outcome> {
    return is_token_request(request) ? std::optional<net::Outcome>(response(503)) : std::nullopt;
  };
  harness.sleep(ch::hours{1});  // until the access token has expired
  harness.run_service(ch::seconds{50});
  EXPECT_EQ(harness.supervisor.ready, 0);
  harness.run_service(ch::minutes{5});
  EXPECT_EQ(harness.supervisor.ready, 1);
  EXPECT_GT(harness.failures("poll"), 0);
  harness.on_request = nullptr;
  EXPECT_TRUE(harness.run_service(ch::hours{1}, [&] { return harness.is_settled(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(Service, ReportsLoginRequiredAndResumesAfterLogin) {
  SyncHarness harness(chats_with_transcripts(20));
  harness.run_service(ch::minutes{3});
  harness.simulator.revoke_access_tokens();
  harness.simulator.revoke_refresh_tokens();
  harness.run_service(ch::minutes{5});
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("needs-login"));
  EXPECT_FALSE(harness.archive->reader().service_record().needs_login.empty());
  const auto searches = harness.api->request_counts().searches;
  const int failures = harness.failures("poll");
  harness.run_service(ch::hours{1} + ch::seconds{20});
  EXPECT_EQ(harness.api->request_counts().searches, searches) << "nothing is requested meanwhile";
  EXPECT_EQ(harness.failures("poll"), failures) << "nor counted as a failed poll";

  harness.simulator.write_config(harness.directory.path());
  harness.tokens->reload();
  harness.run_service(ch::seconds{1});
  EXPECT_GT(harness.api->request_counts().searches, searches);
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("ok"));
  EXPECT_TRUE(harness.archive->reader().service_record().needs_login.empty());
}

TEST(Service, FetchesPendingTranscriptsAtOnceAfterLogin) {
  SyncHarness harness(chats_with_transcripts(20));
  bool revoked = false;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Outcome> {
    if (revoked || !is_captures(request)) return std::nullopt;
    revoked = true;
    harness.simulator.revoke_access_tokens();
    harness.simulator.revoke_refresh_tokens();
    return std::nullopt;
  };
  harness.run_service(ch::hours{1});
  EXPECT_TRUE(revoked);
  EXPECT_FALSE(harness.archive->reader().service_record().needs_login.empty());
  EXPECT_GT(harness.archive->reader().backlog()[model::TranscriptState::Pending], 0);
  harness.simulator.write_config(harness.directory.path());
  harness.tokens->reload();
  EXPECT_TRUE(harness.run_service(ch::seconds{10}, [&] { return harness.is_settled(); }));
}

TEST(Service, LogsFailureOnceAtStartAndEnd) {
  SyncHarness harness(chats_with_transcripts(5));
  harness.run_service(ch::minutes{3});
  harness.on_request = [](const net::Request& request) -> std::optional<net::Outcome> {
    return is_search(request) ? std::optional<net::Outcome>(response(500)) : std::nullopt;
  };
  harness.run_service(ch::hours{2});
  EXPECT_GE(harness.failures("poll"), 60);
  EXPECT_EQ(harness.times_logged("search: "), 1);
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("last error: search: "));
  harness.on_request = nullptr;
  harness.run_service(ch::minutes{10});
  EXPECT_EQ(harness.times_logged("poll: recovered from: "), 1);
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("ok"));
}

TEST(Service, SendsHeartbeatAfterCompleteCyclesOnly) {
  simulator::Options options = chats_with_transcripts(5);
  options.live_rate = 1;
  SyncHarness harness(options);
  harness.heartbeat =
      std::make_unique<monitor::Heartbeat>(base::Secret("https://monitor.invalid/ping"), harness.transport);
  int heartbeats = 0;
  bool captures_fail = false;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Outcome> {
    const bool is_heartbeat = request.url.find("monitor.invalid") != std::string::npos;
    if (is_heartbeat) ++heartbeats;
    if (is_heartbeat) return response(200);
    if (captures_fail && is_captures(request)) return response(500);
    return std::nullopt;
  };
  harness.run_service(ch::minutes{10} + ch::seconds{1});
  EXPECT_EQ(heartbeats, 11);
  captures_fail = true;
  harness.run_service(ch::hours{1});
  EXPECT_LE(heartbeats, 11 + 15);
  captures_fail = false;
  harness.run_service(ch::hours{1});
  const int before = heartbeats;
  harness.run_service(ch::hours{1});
  EXPECT_EQ(heartbeats - before, 60);
}

// An archive that can neither record the failure nor the login must not end the service.
TEST(Service, SurvivesMovedArchiveWhileLoginIsRequired) {
  SyncHarness harness(chats_with_transcripts(20));
  harness.run_service(ch::minutes{3});
  const base::Path aside = harness.directory.path() / "aside.db";
  std::filesystem::rename(harness.archive_path(), aside);
  harness.simulator.revoke_access_tokens();
  harness.simulator.revoke_refresh_tokens();
  harness.run_service(ch::hours{2});
  EXPECT_GT(harness.failures("maintenance"), 0);
  EXPECT_GE(harness.times_logged("moved, replaced or deleted"), 1);
  EXPECT_LE(harness.times_logged("moved, replaced or deleted"), 8) << "not at each poll";
  harness.simulator.write_config(harness.directory.path());
  harness.tokens->reload();
  harness.run_service(ch::minutes{2});
  EXPECT_THAT(harness.supervisor.statuses.back(), HasSubstr("stale"));
  std::filesystem::rename(aside, harness.archive_path());
  EXPECT_TRUE(harness.run_service(ch::hours{1}, [&] { return harness.is_settled(); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

}  // namespace
}  // namespace wxcc::tests
