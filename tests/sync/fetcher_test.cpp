// SPDX-License-Identifier: Apache-2.0
// The fetcher with everything real around it, in virtual time.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;

std::size_t erase_all(SyncHarness& harness) {
  std::vector<std::string> ids;
  for (const auto& [id, task] : harness.archived()) ids.push_back(id);
  harness.archive->removal().erase(ids, "test", harness.clock.now());
  return ids.size();
}

TEST(Fetcher, IgnoresResultsOfTasksErasedInFlight) {
  for (const std::string_view route : {"captures", "download"}) {
    SyncHarness harness(chats_with_transcripts(15));
    std::size_t erased = 0;
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (erased == 0 && (route == "download" ? is_download(request) : is_captures(request)))
        erased = erase_all(harness);
      return std::nullopt;
    };
    harness.sleep(ch::minutes{1});
    const auto pass = harness.pass();
    EXPECT_GT(erased, 0U) << route;
    EXPECT_FALSE(pass.failure) << route;
    EXPECT_EQ(pass.fetched.failures, 0) << route;
    EXPECT_EQ(pass.fetched.archived, static_cast<int>(harness.archived().size())) << route;
    EXPECT_EQ(harness.archived().size() + erased, harness.ground_truth().size()) << route;
    EXPECT_FALSE(harness.logged("cannot store")) << route;
  }
}

// How many captures requests the service sends in ten minutes for one task whose transcript is not found, when a
// trigger rejects what the archive would record of it.
int captures_requests_with(const std::string& trigger) {
  SyncHarness harness(chats_with_transcripts(1));
  SQLite::Database(harness.archive_path().string(), SQLite::OPEN_READWRITE).exec(trigger);
  int requests = 0;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (is_captures(request)) ++requests;
    return is_download(request) ? std::optional(response(404)) : std::nullopt;
  };
  harness.run_service(ch::minutes{10});
  EXPECT_TRUE(harness.logged("cannot store the result of the fetch")) << trigger;
  return requests;
}

TEST(Fetcher, PostponesTaskWhenFailureCannotBeStored) {
  EXPECT_LE(
      captures_requests_with("CREATE TRIGGER broken BEFORE INSERT ON failure BEGIN SELECT raise(ABORT, 'x'); END"), 10);
}

TEST(Fetcher, StartsPauseWhenQueueCannotBeWritten) {
  EXPECT_LE(
      captures_requests_with("CREATE TRIGGER broken BEFORE UPDATE ON fetch_queue BEGIN SELECT raise(ABORT, 'x'); END"),
      30);
}

TEST(Fetcher, ResumeEndsPause) {
  SyncHarness harness(chats_with_transcripts(15));
  bool is_failing = true;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Outcome> {
    return is_failing && is_captures(request) ? std::optional<net::Outcome>(response(500)) : std::nullopt;
  };
  harness.run_service(ch::hours{1});
  // The pause is five minutes by now, and has just begun.
  ASSERT_TRUE(harness.run_service(ch::minutes{10}, [&] { return !harness.engine->fetcher().idle(); }));
  ASSERT_TRUE(harness.run_service(ch::minutes{10}, [&] { return harness.engine->fetcher().idle(); }));
  is_failing = false;
  harness.engine->fetcher().resume();
  EXPECT_TRUE(harness.run_service(ch::seconds{10}, [&] { return harness.is_settled(); }));
}

TEST(Fetcher, StoresOpenGroupAfterASecond) {
  SyncHarness harness(chats_with_transcripts(2));
  std::string failing;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Outcome> {
    if (!is_download(request)) return std::nullopt;
    if (failing.empty()) failing = request.url;
    return request.url == failing ? std::optional<net::Outcome>(response(500)) : std::nullopt;
  };
  ASSERT_TRUE(harness.run_service(ch::minutes{10}, [&] { return harness.api->request_counts().downloads >= 2; }));
  harness.run_service(ch::milliseconds{1'010});
  EXPECT_FALSE(harness.engine->fetcher().idle()) << "a download is being retried";
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Archived], 1);
}

}  // namespace
}  // namespace wxcc::tests
