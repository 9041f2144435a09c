// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/damage.h"
#include "simulator/faults.h"
#include "simulator/rate_limiter.h"

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(RateLimiter, SlidesOverSixtySeconds) {
  RateLimiter limiter(3);
  const RateLimiter::Time start{};
  EXPECT_FALSE(limiter.refuse(start));
  EXPECT_FALSE(limiter.refuse(start + 10s));
  EXPECT_FALSE(limiter.refuse(start + 20s));
  EXPECT_EQ(limiter.refuse(start + 20500ms), 40s) << "rounded up to whole seconds";
  EXPECT_EQ(limiter.refuse(start + 59999ms), 1s);
  EXPECT_FALSE(limiter.refuse(start + 60s)) << "a refused request does not count";
  EXPECT_EQ(limiter.refuse(start + 61s), 9s);
}

TEST(RateLimiter, ZeroMeansNoLimit) {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limiter.refuse({}));
}

TEST(Fault, ReadsItsSpecification) {
  const auto spec = parse_fault("captures:429-date:0.25:3");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->route, Route::Captures);
  EXPECT_EQ(spec->kind, FaultKind::TooManyWithDate);
  EXPECT_EQ(spec->rate, 0.25);
  EXPECT_EQ(spec->count, 3U);
  EXPECT_FALSE(parse_fault("all:reset:1")->route);
}

TEST(Fault, SaysWhatIsWrong) {
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

std::string pattern_of(FaultPlan plan, Route route, int requests) {
  std::string pattern;
  for (int i = 0; i < requests; ++i) pattern += plan.next(route) ? 'x' : '.';
  return pattern;
}

TEST(FaultPlan, DependsOnlyOnTheSeedAndTheRequestsNumber) {
  FaultPlan plan(7);
  plan.add(*parse_fault("search:500:0.3"));
  const std::string first = pattern_of(plan, Route::Search, 1000);
  EXPECT_EQ(first, pattern_of(plan, Route::Search, 1000));
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'x')), 300, 60);
  EXPECT_EQ(pattern_of(plan, Route::Captures, 1000).find('x'), std::string::npos);
  FaultPlan other(8);
  other.add(*parse_fault("search:500:0.3"));
  EXPECT_NE(first, pattern_of(other, Route::Search, 1000));
}

TEST(FaultPlan, StopsAfterItsCountAndLetsTheNextFaultCome) {
  FaultPlan plan(1);
  plan.add(*parse_fault("all:500:1:2"));
  plan.add(*parse_fault("token:reset:1:1"));
  EXPECT_EQ(plan.next(Route::Token), FaultKind::ServerError);
  EXPECT_EQ(plan.next(Route::Download), FaultKind::ServerError);
  EXPECT_EQ(plan.next(Route::Token), FaultKind::Reset);
  EXPECT_FALSE(plan.next(Route::Token));
  EXPECT_FALSE(plan.next(Route::Other));
}

TEST(Damage, TakesTheCursorAndKeepsPromisingMore) {
  Answer answer;
  answer.body = R"({"data":{"t":{"tasks":[{"id":"x"}],"pageInfo":{"hasNextPage":false,"endCursor":"4"}}}})";
  spoil(answer, FaultKind::NoCursor, 1);
  EXPECT_EQ(answer.body, R"({"data":{"t":{"tasks":[{"id":"x"}],"pageInfo":{"hasNextPage":true,"endCursor":null}}}})");
}

TEST(Damage, KeepsTheEnvelopeOfTheRoute) {
  const Request request;
  EXPECT_THAT(answer_instead(FaultKind::ServerError, Route::Search, request, {})->body, HasSubstr(R"("key":"500")"));
  EXPECT_THAT(answer_instead(FaultKind::ServerError, Route::Token, request, {})->body, HasSubstr(R"("errors":[)"));
  EXPECT_THAT(answer_instead(FaultKind::Forbidden, Route::Download, request, {})->body,
              HasSubstr("<Code>AccessDenied</Code>"));
  EXPECT_TRUE(answer_instead(FaultKind::TooManyBare, Route::Search, request, {})->headers.empty());
}

}  // namespace
}  // namespace wxcc::simulator
