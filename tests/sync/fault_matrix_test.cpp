// SPDX-License-Identifier: Apache-2.0
// Every way in which the cloud is known to fail, on every route, now and then, often, and altogether for a while: in
// the end the archive is what the cloud has, and the cloud was not asked more often than it takes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "tests/sync/world.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

struct Case {
  std::string route;
  std::string kind;
};

void PrintTo(const Case& given, std::ostream* out) {
  *out << given.route << ':' << given.kind;
}

std::vector<Case> cases() {
  const std::vector<std::string> everywhere = {"429",   "429-date", "429-bare",  "500",  "502-html", "503-empty",
                                               "reset", "stall",    "truncated", "slow", "html-200"};
  std::vector<Case> result;
  for (const std::string route : {"token", "search", "captures", "download"})
    for (const std::string& kind : everywhere)
      if (route != "download" || kind != "html-200") result.push_back({route, kind});
  for (const std::string route : {"search", "captures"})
    for (const std::string kind : {"401", "garbage", "graphql-errors-200", "deep-nesting"})
      result.push_back({route, kind});
  for (const std::string kind : {"403", "404"}) result.push_back({"download", kind});
  result.push_back({"search", "no-cursor"});
  return result;
}

class FaultMatrix : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::size_t kTasks = 60;

  static simulator::Options cloud() {
    simulator::Options options;
    options.tasks = kTasks;
    options.days = 2;
    options.page_size = 20;
    options.access_ttl = ch::minutes{7};  // so that a run needs several tokens
    return options;
  }

  // Nothing is left to do, or nothing but asking for what the cloud does not have.
  static bool complete(World& world) {
    if (!world.archive->high_water_mark() || !world.engine->fetcher().idle()) return false;
    const store::Counts counts = world.archive->counts();
    if (counts.archived + counts.absent < static_cast<std::int64_t>(kTasks / 2)) return false;
    return world.differences().empty();
  }
};

TEST_P(FaultMatrix, NowAndThenAndOften) {
  const Case& given = GetParam();
  for (const double rate : {0.05, 0.5}) {
    World world(cloud());
    world.sleep(ch::minutes{8});
    world.simulator.add_fault(fmt::format("{}:{}:{}", given.route, given.kind, rate));
    const bool complete_in_time = world.live(ch::hours{36}, [&] { return complete(world); });
    EXPECT_TRUE(complete_in_time) << rate;
    EXPECT_THAT(world.differences(), IsEmpty()) << rate;
    const auto statistics = world.simulator.statistics();
    EXPECT_THAT(statistics.violations, IsEmpty()) << rate;
  }
}

TEST_P(FaultMatrix, AltogetherForAWhile) {
  const Case& given = GetParam();
  World world(cloud());
  world.sleep(ch::minutes{8});
  world.simulator.add_fault(fmt::format("{}:{}:1", given.route, given.kind));
  // Waiting for bytes that do not come is the one thing that takes real time.
  const bool real_waiting = given.kind == "stall" || given.kind == "slow";
  world.live(real_waiting ? ch::minutes{1} : ch::minutes{120});
  // An outage of two hours: a poll each minute, and a few more to find out whether it is over. A location that is
  // refused is asked for anew with each try.
  const std::int64_t anew = given.kind == "403" ? 6 * static_cast<std::int64_t>(kTasks) : 0;
  EXPECT_LE(world.budgeted_requests(), 120 + 160 + anew);
  EXPECT_LE(world.cloud->tally().downloads, 12 * static_cast<std::int64_t>(kTasks));
  world.simulator.clear_faults();
  EXPECT_TRUE(world.live(ch::hours{12}, [&] { return complete(world); }));
  EXPECT_THAT(world.differences(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Cloud, FaultMatrix, testing::ValuesIn(cases()), [](const auto& given) {
  std::string name = given.param.route + "_" + given.param.kind;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace wxcc::tests
