// SPDX-License-Identifier: Apache-2.0
// The fetcher with everything real around it, in virtual time.
#include <gtest/gtest.h>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;

simulator::Options cloud_of(std::size_t tasks) {
  simulator::Options options;
  options.tasks = tasks;
  options.days = 2;
  options.chat_share = 1;
  options.no_transcript_share = 0;
  return options;
}

std::size_t erase_all(SyncHarness& harness) {
  std::vector<std::string> ids;
  for (const auto& [id, task] : harness.archived()) ids.push_back(id);
  harness.archive->removal().erase(ids, "test", harness.clock.now());
  return ids.size();
}

TEST(Fetcher, TasksErasedWhileTheirTranscriptsAreInFlightCostNothing) {
  for (const std::string_view route : {"captures", "download"}) {
    SyncHarness harness(cloud_of(15));
    std::size_t erased = 0;
    harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
      const bool is_download = request.method == net::Method::Get;
      const bool is_captures = request.url.find("/captures/") != std::string::npos;
      if (erased == 0 && (route == "download" ? is_download : is_captures)) erased = erase_all(harness);
      return std::nullopt;
    };
    harness.sleep(ch::minutes{1});
    const auto pass = harness.pass();
    EXPECT_GT(erased, 0U) << route;
    EXPECT_FALSE(pass.failure) << route;
    EXPECT_EQ(pass.fetched.failures, 0) << route;
    EXPECT_EQ(pass.fetched.archived, static_cast<int>(harness.archived().size())) << route;
    EXPECT_EQ(harness.archived().size() + erased, harness.ground_truth().size()) << route;
    EXPECT_FALSE(harness.logged("could not be stored")) << route;
  }
}

}  // namespace
}  // namespace wxcc::tests
