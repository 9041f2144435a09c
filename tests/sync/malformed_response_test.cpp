// SPDX-License-Identifier: Apache-2.0
// Responses that are odd, though the documentation permits them, or malformed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;

// A last page with one task that ended a minute ago.
std::string page_with(const SyncHarness& harness, std::string_view channel_json) {
  const auto ended = base::to_ms(harness.server_clock.now() - ch::minutes{1});
  return fmt::format(
      R"({{"data":{{"taskDetails":{{"tasks":[{{"id":"only","isActive":false,"status":"ended","channelType":{},)"
      R"("createdTime":{},"endedTime":{}}}],"pageInfo":{{"hasNextPage":false,"endCursor":null}}}}}}}})",
      channel_json, ended - 60'000, ended);
}

constexpr std::string_view kNoCaptures = R"({"meta":{},"data":[{"taskId":"only","recording":[],"transcription":[]}]})";

std::string archived_channel(const SyncHarness& harness) {
  const auto task = store::Reader::open(harness.archive_path()).conversation("only");
  return task ? task->task.channel : "missing";
}

TEST(MalformedResponses, ArchivesTaskWithUnexpectedChannelName) {
  struct Row {
    std::string_view channel_json;
    std::string archived;
  };
  for (const Row& row : {Row{R"("social_channel")", "social_channel"}, Row{"null", "social"}, Row{R"("")", "social"}}) {
    sync::Settings settings;
    settings.channels = {"social"};
    SyncHarness harness(tasks_with_transcripts(1, 1), settings);
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (is_search(request)) return response(200, page_with(harness, row.channel_json));
      if (is_captures(request)) return response(200, std::string(kNoCaptures));
      return std::nullopt;
    };
    harness.sleep(ch::minutes{3});
    EXPECT_FALSE(harness.pass().failure);
    EXPECT_EQ(archived_channel(harness), row.archived) << row.channel_json;
  }
}

TEST(MalformedResponses, IgnoresActiveTaskWithEnd) {
  SyncHarness harness(tasks_with_transcripts(1, 1));
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (!is_search(request)) return std::nullopt;
    std::string page = page_with(harness, R"("chat")");
    const std::string inactive = R"("isActive":false)";
    page.replace(page.find(inactive), inactive.size(), R"("isActive":true)");
    return response(200, std::move(page));
  };
  harness.sleep(ch::minutes{3});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_EQ(archived_channel(harness), "missing");
}

TEST(MalformedResponses, IgnoresImplausibleDate) {
  for (const std::string_view date : {"Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 01 Nov 2025 12:00:00 GMT"}) {
    SyncHarness harness(tasks_with_transcripts(1, 1));
    harness.sleep(ch::hours{3});
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      if (is_search(request)) return response(200, page_with(harness, R"("chat")"), {{"Date", std::string(date)}});
      if (is_captures(request)) return response(200, std::string(kNoCaptures));
      return std::nullopt;
    };
    EXPECT_FALSE(harness.pass().failure);
    EXPECT_EQ(archived_channel(harness), "chat");
    EXPECT_GT(harness.archive->reader().high_water_mark(), harness.clock.now() - ch::minutes{5}) << date;
    EXPECT_TRUE(harness.archive->reader()
                    .uncovered(model::TimeField::Ended,
                               {harness.clock.now() - ch::days{20}, harness.clock.now() - ch::minutes{5}})
                    .empty())
        << date;
    EXPECT_TRUE(harness.logged("ignoring implausible Date"));
  }
}

TEST(MalformedResponses, IgnoresDateFarBehindMark) {
  SyncHarness harness(tasks_with_transcripts(1, 1));
  harness.sleep(ch::hours{3});
  EXPECT_FALSE(harness.pass().failure);
  const std::string stopped = "Sat, 01 Nov 2025 12:00:00 GMT";
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (!is_search(request)) return std::nullopt;
    return response(200, R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}})",
                    {{"Date", stopped}});
  };
  harness.sleep(ch::hours{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_GT(harness.archive->reader().high_water_mark(), harness.clock.now() - ch::minutes{5});
}

}  // namespace
}  // namespace wxcc::tests
