// SPDX-License-Identifier: Apache-2.0
#include "sync/discovery.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;

TEST(Discovery, ResumesAtCreationWhenCursorIsLost) {
  SyncHarness harness;
  sync::EngineDeps deps{harness.settings, *harness.archive, *harness.api, harness.time, harness.clock};
  sync::Discovery discovery(deps);
  const base::Instant start = harness.clock.now() - ch::hours{3};
  const auto created = base::to_ms(start + ch::minutes{10});
  std::vector<std::string> searches;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Outcome> {
    if (!is_search(request)) return std::nullopt;
    searches.push_back(request.body);
    const bool is_first = searches.size() == 1;
    const std::string task =
        fmt::format(R"({{"id":"t","isActive":false,"channelType":"chat","createdTime":{},"endedTime":{}}})", created,
                    base::to_ms(start + ch::minutes{40}));
    return response(
        200,
        fmt::format(R"({{"data":{{"taskDetails":{{"tasks":[{}],"pageInfo":{{"hasNextPage":{},"endCursor":null}}}}}}}})",
                    is_first ? task : "", is_first));
  };
  bool done = false;
  discovery.run({{{start, start + ch::hours{1}}, model::TimeField::Created}}, webex::Priority::Live,
                [&](const model::Result<model::ScanStats>& stats) { done = stats.has_value(); });
  harness.sleep(ch::minutes{1});
  EXPECT_TRUE(done);
  ASSERT_EQ(searches.size(), 2U);
  EXPECT_THAT(searches[1], HasSubstr(fmt::format(R"("from":{},)", created)))
      << "tasks that were created later may have ended before";
}

}  // namespace
}  // namespace wxcc::tests
