// SPDX-License-Identifier: Apache-2.0
// Answers that the documents leave room for, and one bad thing among many good ones: what a pass makes of them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;
using testing::SizeIs;

simulator::Options cloud_of(std::size_t tasks, int days) {
  simulator::Options options;
  options.tasks = tasks;
  options.days = days;
  options.no_transcript_share = 0;
  return options;
}

bool is_search(const net::Request& request) {
  return request.url.find("/search") != std::string::npos;
}

bool is_captures(const net::Request& request) {
  return request.url.find("/captures/query") != std::string::npos;
}

bool is_download(const net::Request& request) {
  return request.method == net::Method::Get && !is_search(request) && !is_captures(request);
}

net::Response answer(int status, std::string body, net::Headers headers = {}) {
  net::Response response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

// A last page with one task that ended a minute ago.
std::string page_with(const SyncHarness& harness, std::string_view channel_json) {
  const auto ended = base::to_ms(harness.server_clock.now() - ch::minutes{1});
  return fmt::format(
      R"({{"data":{{"taskDetails":{{"tasks":[{{"id":"only","isActive":false,"status":"ended","channelType":{},)"
      R"("createdTime":{},"endedTime":{}}}],"pageInfo":{{"hasNextPage":false,"endCursor":null}}}}}}}})",
      channel_json, ended - 60'000, ended);
}

constexpr std::string_view kNoCaptures = R"({"meta":{},"data":[{"taskId":"only","recording":[],"transcription":[]}]})";

std::string channel_kept(const SyncHarness& harness) {
  const auto task = store::Reader::open(harness.archive_path()).conversation("only");
  return task ? task->task.channel : "missing";
}

TEST(OddAnswers, AChannelThatIsSpelledOtherwiseThanInTheQueryIsNotThrownAway) {
  struct Row {
    std::string_view in_answer;
    std::string kept;
  };
  for (const Row& row : {Row{R"("social_channel")", "social_channel"}, Row{"null", "social"}, Row{R"("")", "social"}}) {
    sync::Settings settings;
    settings.channels = {"social"};
    SyncHarness harness(cloud_of(1, 1), settings);
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (is_search(request)) return answer(200, page_with(harness, row.in_answer));
      if (is_captures(request)) return answer(200, std::string(kNoCaptures));
      return std::nullopt;
    };
    harness.sleep(ch::minutes{3});
    EXPECT_FALSE(harness.pass().failure);
    EXPECT_EQ(channel_kept(harness), row.kept) << row.in_answer;
  }
}

TEST(OddAnswers, ATaskWithAnEndThatIsStillActiveIsNotArchived) {
  SyncHarness harness(cloud_of(1, 1));
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (!is_search(request)) return std::nullopt;
    std::string page = page_with(harness, R"("chat")");
    const std::string inactive = R"("isActive":false)";
    page.replace(page.find(inactive), inactive.size(), R"("isActive":true)");
    return answer(200, std::move(page));
  };
  harness.sleep(ch::minutes{3});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(channel_kept(harness), "missing");
}

TEST(OddAnswers, WithoutAnOverlapAllIsReadTheSame) {
  sync::Settings settings;
  settings.overlap = base::Millis{0};
  SyncHarness harness(cloud_of(40, 10), settings);
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_TRUE(harness.archive->reader().high_water_mark());
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_GT(harness.archived().size(), 20U);
}

TEST(OddAnswers, OneTaskThatTheCloudFailsOnHoldsUpNothingButItself) {
  for (const std::size_t poisoned : {0U, 3U, 9U, 14U}) {
    simulator::Options options = cloud_of(15, 2);
    options.chat_share = 1;
    SyncHarness harness(options);
    harness.sleep(ch::minutes{1});
    const auto truth = harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks);
    ASSERT_EQ(truth.size(), 15U);
    const std::string bad = truth[poisoned].id;
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (!is_captures(request) || request.body.find(bad) == std::string::npos) return std::nullopt;
      return answer(500, R"({"message":"boom"})");
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

TEST(OddAnswers, WhatFailsForAllIsStillTheCloudsFailure) {
  SyncHarness harness(cloud_of(25, 2));
  harness.sleep(ch::minutes{1});
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    return is_captures(request) ? std::optional(answer(500, "{}")) : std::nullopt;
  };
  const auto began = harness.time.monotonic_now();
  const auto pass = harness.pass();
  EXPECT_FALSE(pass.failure);
  ASSERT_TRUE(harness.engine->fetcher().last_systemic_error());
  EXPECT_EQ(harness.engine->fetcher().last_systemic_error()->kind, model::Failure::Kind::Transient);
  EXPECT_LE(harness.time.monotonic_now() - began, ch::minutes{10});
}

TEST(OddAnswers, LocationsThatHaveExpiredAreNoReasonToPause) {
  SyncHarness harness(cloud_of(40, 2));
  harness.sleep(ch::minutes{1});
  std::set<std::string> asked;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (!is_download(request) || !asked.insert(request.url.substr(0, request.url.find('?'))).second)
      return std::nullopt;
    return answer(403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>");
  };
  const base::Millis began = harness.time.monotonic_now();
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(asked, SizeIs(testing::Ge(25U)));
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_FALSE(harness.logged("pausing"));
  EXPECT_LT(harness.time.monotonic_now() - began, ch::seconds{10});
}

TEST(OddAnswers, AStoreThatRefusesEveryDownloadEndsAPassSoon) {
  SyncHarness harness(cloud_of(40, 2));
  harness.sleep(ch::minutes{1});
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    return is_download(request) ? std::optional(answer(403, "<Error/>")) : std::nullopt;
  };
  const base::Millis began = harness.time.monotonic_now();
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Pending],
            harness.archive->reader().counts().tasks());
  EXPECT_LT(harness.time.monotonic_now() - began, ch::minutes{1});
}

class NothingThereAtFirst : public testing::Test {
 protected:
  static sync::Settings patience() {
    sync::Settings settings;
    settings.transcript_deadline = ch::hours{1};  // all of them are older
    return settings;
  }
  NothingThereAtFirst() : harness(cloud_of(20, 10), patience()) {
    harness.sleep(ch::minutes{1});
    harness.on_request = [this](const net::Request& request) -> std::optional<net::Response> {
      if (!is_captures(request)) return std::nullopt;
      ++askings;
      if (there) return std::nullopt;
      std::string data;
      for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
        if (request.body.find(entry.id) != std::string::npos)
          data += fmt::format(R"({}{{"taskId":"{}","recording":[],"transcription":[]}})", data.empty() ? "" : ",",
                              entry.id);
      return answer(200, R"({"meta":{},"data":[)" + data + "]}");
    };
  }
  SyncHarness harness;
  bool there = false;
  int askings = 0;
};

TEST_F(NothingThereAtFirst, AreAskedForOnceByEachReconcileWhenTheyAreAbsent) {
  harness.live(ch::hours{4});
  const auto absent = harness.archive->reader().counts()[model::TranscriptState::Absent];
  EXPECT_GT(absent, 10);
  askings = 0;
  harness.reconcile();
  EXPECT_LE(askings, 2);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Absent], absent) << "not pending again";
}

TEST_F(NothingThereAtFirst, AnExactRangeAsksForWhatIsMissingInItAtOnce) {
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(harness.archive->reader().counts()[model::TranscriptState::Absent],
            harness.archive->reader().counts().tasks());
  there = true;
  const auto now = harness.clock.now();
  EXPECT_FALSE(harness.pass(base::TimeRange{now - ch::days{20}, now - ch::days{5}}).failure);
  const auto truth = harness.ground_truth();
  Conversations wanted;
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks))
    if (entry.ended < now - ch::days{5}) wanted.emplace(entry.id, truth.at(entry.id));
  Conversations kept;
  for (const auto& [id, task] : harness.archived())
    if (wanted.contains(id)) kept.emplace(id, task);
  EXPECT_GT(wanted.size(), 3U);
  EXPECT_THAT(differences_between(kept, wanted), IsEmpty());
  EXPECT_LT(harness.archive->reader().counts()[model::TranscriptState::Archived],
            harness.archive->reader().counts().tasks())
      << "others are not due";
}

TEST(OddAnswers, ADateThatCannotBeIsNotBelieved) {
  for (const std::string_view date : {"Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 01 Nov 2025 12:00:00 GMT"}) {
    SyncHarness harness(cloud_of(1, 1));
    harness.sleep(ch::hours{3});
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (is_search(request)) return answer(200, page_with(harness, R"("chat")"), {{"Date", std::string(date)}});
      if (is_captures(request)) return answer(200, std::string(kNoCaptures));
      return std::nullopt;
    };
    EXPECT_FALSE(harness.pass().failure);
    EXPECT_EQ(channel_kept(harness), "chat");
    EXPECT_GT(harness.archive->reader().high_water_mark(), harness.clock.now() - ch::minutes{5}) << date;
    EXPECT_TRUE(harness.archive->reader()
                    .uncovered(model::TimeField::Ended,
                               {harness.clock.now() - ch::days{20}, harness.clock.now() - ch::minutes{5}})
                    .empty())
        << date;
    EXPECT_TRUE(harness.logged("ignoring implausible Date"));
  }
}

TEST(OddAnswers, ADateFarBehindTheMarkIsNotBelieved) {
  SyncHarness harness(cloud_of(1, 1));
  harness.sleep(ch::hours{3});
  EXPECT_FALSE(harness.pass().failure);
  const std::string stopped = "Sat, 01 Nov 2025 12:00:00 GMT";
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (!is_search(request)) return std::nullopt;
    return answer(200, R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}})",
                  {{"Date", stopped}});
  };
  harness.sleep(ch::hours{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_GT(harness.archive->reader().high_water_mark(), harness.clock.now() - ch::minutes{5});
}

TEST(PassesOnly, FindWhatGotItsEndLateWhenAReconcileIsDue) {
  simulator::Options options = cloud_of(0, 1);
  options.live_rate = 2;
  options.search_lag = ch::minutes{30};  // up to an hour; the overlap is 15 minutes
  SyncHarness harness(options);
  harness.sleep(ch::hours{1});
  const auto until = harness.clock.now() + ch::hours{8};
  while (harness.clock.now() < until) {
    EXPECT_FALSE(harness.pass().failure);
    harness.sleep(ch::minutes{20});
  }
  std::size_t missing = 0;
  std::size_t old = 0;
  const auto kept = harness.archived();
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (entry.ended > until - ch::hours{4} || entry.ended < until - ch::hours{9}) continue;
    ++old;
    if (!kept.contains(entry.id)) ++missing;
  }
  EXPECT_GT(old, 200U);
  EXPECT_EQ(missing, 0U);
}

TEST(PassesOnly, CostOneSearchEachButForTheReconciles) {
  SyncHarness harness(cloud_of(50, 2));
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  for (int pass = 0; pass < 20; ++pass) {
    harness.restart();
    harness.sleep(ch::minutes{10});
    EXPECT_FALSE(harness.pass().failure);
    EXPECT_EQ(harness.budgeted_requests(), 1);
  }
  harness.restart();
  harness.sleep(ch::hours{3});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_GT(harness.cloud->request_counts().searches, 3) << "six hours after the first";
}

}  // namespace
}  // namespace wxcc::tests
