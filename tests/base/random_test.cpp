// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <vector>

namespace wxcc::base {
namespace {

// The reference values of splitmix64.
TEST(SeededRandom, ReturnsSameNumbersOnEveryMachine) {
  SeededRandom random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(SeededRandom, RepeatsFromTheSeed) {
  SeededRandom first(7);
  SeededRandom second(7);
  SeededRandom other(8);
  EXPECT_EQ(first.uuid(), second.uuid());
  EXPECT_NE(first.uuid(), other.uuid());
}

TEST(Random, FormatsVersionFourUuids) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  SystemRandom random;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = random.uuid();
    EXPECT_TRUE(std::regex_match(uuid, form)) << uuid;
  }
}

TEST(Random, StaysWithinBounds) {
  SeededRandom random(1);
  bool low = false;
  bool high = false;
  const std::vector<int> choices = {1, 2, 3};
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(random.below(3), 3U);
    const std::int64_t value = random.between(-1, 1);
    EXPECT_LE(std::abs(value), 1);
    low |= value == -1;
    high |= value == 1;
    EXPECT_LE(random.pick(choices), 3);
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1));
  }
  EXPECT_TRUE(low && high);
}

TEST(Random, ReturnsUnitNumbersBelowOne) {
  SeededRandom random(1);
  for (int i = 0; i < 1000; ++i) {
    const double unit = random.unit();
    EXPECT_GE(unit, 0.0);
    EXPECT_LT(unit, 1.0);
  }
}

}  // namespace
}  // namespace wxcc::base
