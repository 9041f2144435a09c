// SPDX-License-Identifier: Apache-2.0
#include "sync/inactivity_monitor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;

TEST(InactivityMonitor, IsUnusualAfterThreeTimesLongestInterval) {
  const base::Instant newest = *base::parse_iso8601("2026-11-20T12:00:00Z");
  struct Row {
    base::Millis gap;
    base::Millis inactive_for;
    bool unusual;
  };
  for (const Row& row : {Row{ch::minutes{5}, ch::hours{35}, false}, Row{ch::minutes{5}, ch::hours{37}, true},
                         Row{ch::hours{60}, ch::hours{179}, false}, Row{ch::hours{60}, ch::hours{181}, true}})
    EXPECT_EQ(sync::is_unusually_inactive({newest, row.gap}, newest + row.inactive_for), row.unusual)
        << row.inactive_for.count();
}

TEST(InactivityMonitor, WarnsOnceWhenInactivityIsUnusual) {
  simulator::Options options;
  options.tasks = 200;
  options.days = 5;
  SyncHarness harness(options);
  harness.poll_interval = ch::minutes{30};
  const auto warnings = [&] { return harness.times_logged("no task has ended"); };
  harness.run_service(ch::hours{30});
  EXPECT_EQ(warnings(), 0);
  harness.run_service(ch::hours{24 * 8});
  EXPECT_EQ(warnings(), 1);
}

}  // namespace
}  // namespace wxcc::tests
