// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/fault_injection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(FaultSpec, ParsesRouteKindRateAndCount) {
  const auto spec = parse_fault("captures:429-date:0.25:3");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->route, Route::Captures);
  EXPECT_EQ(spec->kind->name, "429-date");
  EXPECT_EQ(spec->rate, 0.25);
  EXPECT_EQ(spec->count, 3U);
  EXPECT_FALSE(parse_fault("all:reset:1")->route);
}

TEST(FaultSpec, NamesTheInvalidPart) {
  for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{{"search", "three or four parts"},
                                                                                      {"home:500:1", "route"},
                                                                                      {"search:418:1", "kind"},
                                                                                      {"search:500:2", "rate"},
                                                                                      {"search:500:nan", "rate"},
                                                                                      {"search:500:", "rate"},
                                                                                      {"search:500:1:x", "count"},
                                                                                      {"search:500:1:2:3", "parts"}}) {
    const auto spec = parse_fault(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_THAT(spec.error(), HasSubstr(message));
  }
}

Occasion occasion(Route route, std::uint64_t index) {
  return {route, index};
}

std::string pattern_of(FaultPlan plan, Route route, std::uint64_t requests) {
  std::string pattern;
  for (std::uint64_t i = 0; i < requests; ++i) pattern += plan.next(occasion(route, i)) != nullptr ? 'x' : '.';
  return pattern;
}

TEST(FaultPlan, DependsOnTheSeedAndTheOccasionAlone) {
  FaultPlan plan(7);
  plan.add(*parse_fault("search:500:0.3"));
  const std::string first = pattern_of(plan, Route::Search, 1000);
  std::string backwards;
  for (std::uint64_t i = 1000; i > 0; --i)
    backwards += plan.next(occasion(Route::Search, i - 1)) != nullptr ? 'x' : '.';
  EXPECT_EQ(first, std::string(backwards.rbegin(), backwards.rend()));
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'x')), 300, 60);
  EXPECT_EQ(pattern_of(plan, Route::Captures, 1000).find('x'), std::string::npos);
  FaultPlan other(8);
  other.add(*parse_fault("search:500:0.3"));
  EXPECT_NE(first, pattern_of(other, Route::Search, 1000));
}

TEST(FaultPlan, StopsAfterItsCountAndContinuesWithTheNextFault) {
  FaultPlan plan(1);
  plan.add(*parse_fault("all:500:1:2"));
  plan.add(*parse_fault("token:reset:1:1"));
  EXPECT_EQ(plan.next(occasion(Route::Token, 1))->name, "500");
  EXPECT_EQ(plan.next(occasion(Route::Download, 1))->name, "500");
  EXPECT_EQ(plan.next(occasion(Route::Token, 2))->name, "reset");
  EXPECT_EQ(plan.next(occasion(Route::Token, 3)), nullptr);
  EXPECT_EQ(plan.next(occasion(Route::Other, 1)), nullptr);
}

TEST(FaultKind, NoCursorClaimsAnotherPage) {
  base::SeededRandom rng(1);
  EXPECT_EQ(find_fault_kind("no-cursor")
                ->corrupt(R"({"t":{"tasks":[{"id":"x"}],"pageInfo":{"hasNextPage":false,"endCursor":"4"}}})", rng),
            R"({"t":{"tasks":[{"id":"x"}],"pageInfo":{"hasNextPage":true,"endCursor":null}}})");
}

TEST(FaultKind, UsesTheEnvelopeOfTheRoute) {
  const auto instead = [](std::string_view kind, Route route) {
    base::SeededRandom rng(1);
    return find_fault_kind(kind)->instead({{}, route, {}, rng});
  };
  EXPECT_THAT(instead("500", Route::Search).body, HasSubstr(R"("key":"500")"));
  EXPECT_THAT(instead("500", Route::Token).body, HasSubstr(R"("errors":[)"));
  EXPECT_THAT(instead("403", Route::Download).body, HasSubstr("<Code>AccessDenied</Code>"));
  EXPECT_TRUE(instead("429-bare", Route::Search).headers.empty());
}

}  // namespace
}  // namespace wxcc::simulator
