// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/task_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "moved_clock.h"
#include "simulator/cloud/ground_truth.h"
#include "simulator/cloud/transcripts.h"

namespace wxcc::simulator {
namespace {

using namespace std::chrono_literals;

std::string everything(const Options& options, base::Instant start, base::Instant now) {
  TaskGenerator generator(options, start);
  generator.advance(now);
  const Transcripts transcripts(options, generator);
  std::string result;
  for (const GroundTruthEntry& entry :
       compute_ground_truth(options, generator, transcripts, now, GroundTruthDetail::Messages))
    result += to_json(entry) + "\n";
  return result;
}

TEST(TaskGenerator, SameSeedGivesSameGroundTruth) {
  const MovedClock clock;
  Options options;
  options.live_rate = 5;
  const std::string first = everything(options, clock.now(), clock.now() + 1h);
  EXPECT_EQ(first, everything(options, clock.now(), clock.now() + 1h));
  options.seed = 2;
  EXPECT_NE(first, everything(options, clock.now(), clock.now() + 1h));
}

TEST(TaskGenerator, HasKnownValuesForASeed) {
  // The data must not depend on compiler, library or machine.
  const MovedClock clock;
  const Options options;
  const TaskGenerator generator(options, clock.now());
  EXPECT_EQ(generator.id_of(0), "f038a4a9-9fa1-40f0-a85f-9e3779b97f4b");
  EXPECT_EQ(base::to_iso8601(generator.record(0).ended), "2025-12-30T09:28:53.958Z");
  EXPECT_EQ(base::to_iso8601(generator.record(0).created), "2025-12-30T09:23:49.923Z");
}

TEST(TaskGenerator, DoesNotDependOnHowOftenItAdvances) {
  const MovedClock clock;
  Options options;
  options.tasks = 10;
  options.live_rate = 30;
  TaskGenerator once(options, clock.now());
  TaskGenerator often(options, clock.now());
  once.advance(clock.now() + 20min);
  for (auto after = 0min; after <= 20min; ++after) often.advance(clock.now() + after);
  EXPECT_EQ(once.size(), often.size());
  EXPECT_NEAR(static_cast<double>(once.size()), 610, 2);
  EXPECT_EQ(once.by_ended(), often.by_ended());
  EXPECT_TRUE(std::ranges::is_sorted(once.by_ended(), {}, [&](TaskNumber n) { return once.record(n).ended; }));
  EXPECT_TRUE(std::ranges::is_sorted(once.by_created(), {}, [&](TaskNumber n) { return once.record(n).created; }));
}

TEST(TaskGenerator, FindsEveryTaskByItsId) {
  const MovedClock clock;
  Options options;
  options.tasks = 5000;
  options.seed = 0xFFFF'FFFF'FFFF'FFFFU;
  const TaskGenerator generator(options, clock.now());
  std::set<std::string> ids;
  for (TaskNumber number = 0; number < generator.size(); ++number) {
    const std::string id = generator.id_of(number);
    EXPECT_EQ(generator.find(id), number);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 5000U);
  std::string other = generator.id_of(7);
  other[0] = other[0] == '0' ? '1' : '0';
  EXPECT_FALSE(generator.find(other));
  EXPECT_FALSE(generator.find(""));
  EXPECT_FALSE(generator.find("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"));
}

TEST(TaskGenerator, SpreadsTasksMostlyOverBusinessHours) {
  const MovedClock clock;
  Options options;
  options.tasks = 10000;
  const TaskGenerator generator(options, clock.now());
  std::size_t at_night = 0;
  for (TaskNumber number = 0; number < generator.size(); ++number) {
    const TaskRecord& task = generator.record(number);
    EXPECT_LT(task.created, task.ended);
    EXPECT_LE(task.ended, clock.now());
    EXPECT_GE(task.ended, clock.now() - 14 * 24h);
    const auto hour = std::chrono::floor<std::chrono::hours>(task.ended).time_since_epoch().count() % 24;
    at_night += hour < 6 ? 1U : 0U;
  }
  EXPECT_LT(at_night, 500U);
}

TEST(TaskGenerator, DuplicateTimestampsShareTheirEnd) {
  const MovedClock clock;
  Options options;
  options.tasks = 100;
  options.duplicate_timestamps = 25;
  const TaskGenerator generator(options, clock.now());
  std::map<base::Instant, int> ends;
  for (TaskNumber number = 0; number < generator.size(); ++number) ++ends[generator.record(number).ended];
  ASSERT_EQ(ends.size(), 4U);
  for (const auto& [end, count] : ends) EXPECT_EQ(count, 25);
}

TEST(TaskGenerator, HundredThousandTasksStartWithinSeconds) {
  const MovedClock clock;
  Options options;
  options.tasks = 100'000;
  options.days = 365;
  const auto begin = std::chrono::steady_clock::now();
  const TaskGenerator generator(options, clock.now());
  const Transcripts transcripts(options, generator);
  const auto ground_truth =
      compute_ground_truth(options, generator, transcripts, clock.now(), GroundTruthDetail::Tasks);
  // About 0.5 s without a sanitizer on an idle machine.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  EXPECT_NEAR(static_cast<double>(ground_truth.size()), 85'000, 1000);
}

}  // namespace
}  // namespace wxcc::simulator
