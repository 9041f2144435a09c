// SPDX-License-Identifier: Apache-2.0
// Every known failure of the API, on every route, rarely, often, and as an outage: in the end the archive matches the
// simulator, and the client has sent no more requests than necessary.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/sync/sync_harness.h"

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

  static simulator::Options default_options() {
    simulator::Options options;
    options.tasks = kTasks;
    options.days = 2;
    options.page_size = 20;
    options.access_ttl = ch::minutes{7};  // so that a run needs several tokens
    return options;
  }

  // With so many requests of the route that a rate of 5 % means something.
  static simulator::Options options_with_many_requests(const std::string& route) {
    simulator::Options options = default_options();
    if (route == "token") options.access_ttl = ch::minutes{3};
    if (route == "search") {
      options.tasks = 170;
      options.page_size = 2;
      options.no_transcript_share = 0.9;
    }
    if (route == "captures") {
      options.tasks = 800;
      options.page_size = 250;
      options.no_transcript_share = 0.95;
    }
    if (route == "download") options.tasks = 100;
    return options;
  }

  static std::int64_t transcripts_in(SyncHarness& harness) {
    const auto tasks = harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks);
    return std::count_if(tasks.begin(), tasks.end(), [](const auto& task) { return task.has_transcript; });
  }
  // Everything that the simulator has is archived. The comparison is slow, and this is called at each event.
  static bool complete(SyncHarness& harness, std::int64_t transcripts) {
    if (!harness.archive->reader().high_water_mark() || !harness.engine->fetcher().idle()) return false;
    return harness.archive->reader().counts()[model::TranscriptState::Archived] >= transcripts &&
           harness.differences().empty();
  }

  // What it takes until everything is archived.
  struct Cost {
    std::int64_t route = 0;     // requests of the route in question
    std::int64_t budgeted = 0;  // searches and captures
    friend bool operator==(const Cost&, const Cost&) = default;
  };
  // Without faults, by route.
  static Cost floor_of(const std::string& route) {
    static const std::map<std::string, Cost> kFloor = {
        {"token", {65, 13}}, {"search", {67, 80}}, {"captures", {67, 75}}, {"download", {80, 18}}};
    return kFloor.at(route);
  }

  // With this fault, or without one. A poll a minute while something is waited for does not count.
  static Cost cost_of(const std::string& route, const std::string& fault) {
    // An unlucky task takes hours of retries. What falls due meanwhile on its own account is no cost of the fault.
    sync::Settings settings;
    settings.recheck_after = base::Millis{0};
    settings.reconcile_every = ch::days{30};
    SyncHarness harness(options_with_many_requests(route), settings);
    harness.sleep(ch::minutes{8});
    if (!fault.empty()) harness.simulator.add_fault(fault);
    const base::Millis began = harness.time.monotonic_now();
    if (route == "token") harness.run_service(ch::minutes{90});
    const std::int64_t transcripts = transcripts_in(harness);
    EXPECT_TRUE(harness.run_service(ch::hours{36}, [&] { return complete(harness, transcripts); })) << fault;
    EXPECT_THAT(harness.differences(), IsEmpty()) << fault;
    const auto statistics = harness.simulator.statistics();
    EXPECT_THAT(statistics.violations, IsEmpty()) << fault;
    EXPECT_TRUE(fault.empty() || statistics.faults > 0) << fault;
    const auto polls = ch::floor<ch::minutes>(harness.time.monotonic_now() - began).count();
    return {statistics.requests.at(route), harness.budgeted_requests() - polls};
  }
};

TEST_F(FaultMatrix, FloorMatchesRunWithoutFaults) {
  for (const std::string route : {"token", "search", "captures", "download"})
    EXPECT_EQ(cost_of(route, ""), floor_of(route)) << route;
}

TEST_P(FaultMatrix, ArchivesEverythingDespiteRandomFaults) {
  const Case& given = GetParam();
  const Cost floor = floor_of(given.route);
  struct Bound {
    double rate;
    double route;     // 1 / (1 - rate) on the average, and luck: a window whose search fails repeatedly is halved
    double budgeted;  // rejected locations are requested again
  };
  for (const Bound& bound : {Bound{0.05, 1.15, 1.25}, Bound{0.5, 2.8, 3}}) {
    const std::string fault = fmt::format("{}:{}:{}", given.route, given.kind, bound.rate);
    const Cost cost = cost_of(given.route, fault);
    EXPECT_LE(static_cast<double>(cost.route), static_cast<double>(floor.route) * bound.route) << fault;
    // A location that is not found is queried again, alone where its time has come alone.
    const auto not_found = given.kind == "404" ? static_cast<double>(cost.route - floor.route) : 0;
    EXPECT_LE(static_cast<double>(cost.budgeted), static_cast<double>(floor.budgeted) * bound.budgeted + not_found + 1)
        << fault;
  }
}

TEST_P(FaultMatrix, RecoversFromTotalOutage) {
  const Case& given = GetParam();
  // Waiting for bytes that do not come is the one thing that takes real time.
  const bool real_waiting = given.kind == "stall" || given.kind == "slow";
  simulator::Options options = default_options();
  if (real_waiting) options.tasks = kTasks / 3;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{8});
  harness.simulator.add_fault(fmt::format("{}:{}:1", given.route, given.kind));
  harness.run_service(real_waiting ? ch::minutes{1} : ch::minutes{120});
  // An outage of two hours: a poll each minute, each with a second try where the token may be the reason, and a few
  // more to find out whether it is over.
  EXPECT_LE(harness.budgeted_requests(), 120 + 130);
  EXPECT_LE(harness.api->request_counts().downloads, 12 * static_cast<std::int64_t>(kTasks));
  harness.simulator.clear_faults();
  const std::int64_t transcripts = transcripts_in(harness);
  EXPECT_TRUE(harness.run_service(ch::hours{12}, [&] { return complete(harness, transcripts); }));
  EXPECT_THAT(harness.differences(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Routes, FaultMatrix, testing::ValuesIn(cases()), [](const auto& given) {
  std::string name = given.param.route + "_" + given.param.kind;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace wxcc::tests
