// SPDX-License-Identifier: Apache-2.0
#include "webex/call_state.h"

#include <gtest/gtest.h>

#include <ostream>

#include "net/retry_delays.h"

namespace wxcc::webex {

void PrintTo(NextStep::Action action, std::ostream* out) {
  constexpr const char* kNames[] = {"Send", "WaitFor", "RefreshToken", "FollowRedirect", "GiveUp", "Done"};
  *out << kNames[static_cast<std::size_t>(action)];
}

namespace {

namespace ch = std::chrono;
using Action = NextStep::Action;
using Kind = model::Failure::Kind;
using Quality = BodyCheck::Quality;

const net::Outcome kNoResponse = base::make_unexpected(net::TransferFailure{});

net::Outcome response(int status, net::Headers headers = {}, std::string body = {}) {
  return net::Response{status, std::move(headers), std::move(body)};
}
net::Outcome redirect() {
  net::Response response;
  response.status = 302;
  response.redirect = base::Secret("https://other/");
  return response;
}
net::Outcome throttled(const char* seconds) {
  return response(429, {{"Retry-After", seconds}});
}

class CallStateTest : public testing::Test {
 protected:
  CallState call(Route route) { return {route, net::kCallRetries, circuit_, now_.monotonic}; }
  NextStep give(CallState& call, const net::Outcome& outcome, Quality quality = Quality::Good) {
    return call.on_outcome(outcome, {.message = "failed"}, {quality, "odd"}, now_);
  }

  CircuitBreaker circuit_{ch::seconds{10}};
  CallState::Moment now_{ch::hours{1}, base::from_ms(1'767'225'600'000), 0.5};
};

TEST_F(CallStateTest, MapsFirstOutcomeToNextStep) {
  struct Row {
    Route route;
    net::Outcome outcome;
    Quality quality;
    Action action;
    Kind kind = Kind::Transient;  // of GiveUp and WaitFor
  };
  const auto revoked = response(400, {}, "Invalid access token.");
  const Row rows[] = {
      {Route::Search, response(200), Quality::Good, Action::Done},
      {Route::Search, response(200), Quality::Suspect, Action::WaitFor},
      {Route::Search, response(200), Quality::Unusable, Action::WaitFor},
      {Route::Download, response(200), Quality::Good, Action::Done},
      {Route::Search, response(401), Quality::Good, Action::RefreshToken},
      {Route::Captures, response(401), Quality::Good, Action::RefreshToken},
      {Route::Download, response(401), Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Search, revoked, Quality::Good, Action::RefreshToken},
      {Route::Captures, response(403, {}, "FAIL_VALIDATE_TOKEN"), Quality::Good, Action::RefreshToken},
      {Route::Download, revoked, Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Search, response(400), Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Search, response(403), Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Search, response(404), Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Captures, response(404), Quality::Good, Action::Send},
      {Route::Download, response(404), Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Search, response(429), Quality::Good, Action::Send},
      {Route::Download, response(429), Quality::Good, Action::WaitFor},
      {Route::Search, response(408), Quality::Good, Action::WaitFor},
      {Route::Captures, response(503), Quality::Good, Action::WaitFor},
      {Route::Download, response(500), Quality::Good, Action::WaitFor},
      {Route::Search, kNoResponse, Quality::Good, Action::WaitFor},
      {Route::Download, kNoResponse, Quality::Good, Action::WaitFor},
      {Route::Search, redirect(), Quality::Good, Action::GiveUp, Kind::Permanent},
      {Route::Download, redirect(), Quality::Good, Action::FollowRedirect},
      {Route::Download, response(302), Quality::Good, Action::GiveUp, Kind::Permanent},
  };
  for (const Row& row : rows) {
    circuit_ = CircuitBreaker(ch::seconds{10});
    CallState state = call(row.route);
    const NextStep next = give(state, row.outcome, row.quality);
    const int status = row.outcome ? row.outcome->status : 0;
    EXPECT_EQ(next.action, row.action) << static_cast<int>(row.route) << ", status " << status;
    EXPECT_EQ(next.failure.kind, row.kind) << static_cast<int>(row.route) << ", status " << status;
  }
}

TEST_F(CallStateTest, BackoffDoublesUntilAttemptsAreUsedUp) {
  CallState state = call(Route::Search);
  circuit_.on_response(Route::Search);
  for (const int ms : {750, 1'500, 3'000, 6'000, 12'000, 24'000}) {
    const NextStep next = give(state, kNoResponse);
    EXPECT_EQ(next.action, Action::WaitFor);
    EXPECT_EQ(next.delay, base::Millis(ms));
  }
  EXPECT_EQ(give(state, kNoResponse).action, Action::GiveUp);
  EXPECT_TRUE(circuit_.is_open(Route::Search));
  EXPECT_FALSE(circuit_.is_open(Route::Captures));
}

TEST_F(CallStateTest, UsesRetryAfterWhenLongerThanBackoff) {
  CallState state = call(Route::Search);
  EXPECT_EQ(give(state, response(503, {{"Retry-After", "9"}})).delay, ch::seconds{9});
  EXPECT_EQ(give(state, response(503, {{"Retry-After", "0"}})).delay, ch::milliseconds{1'500});
}

TEST_F(CallStateTest, AcceptsSuspectResponseAfterOneRetry) {
  CallState state = call(Route::Captures);
  const NextStep first = give(state, response(200), Quality::Suspect);
  EXPECT_EQ(first.action, Action::WaitFor);
  EXPECT_EQ(first.failure.message, "odd");
  EXPECT_EQ(give(state, response(200), Quality::Suspect).action, Action::Done);
}

TEST_F(CallStateTest, NeverAcceptsUnusableResponse) {
  CallState state = call(Route::Search);
  for (int i = 1; i < net::kCallRetries.max_attempts; ++i)
    EXPECT_EQ(give(state, response(200), Quality::Unusable).action, Action::WaitFor);
  const NextStep last = give(state, response(200), Quality::Unusable);
  EXPECT_EQ(last.action, Action::GiveUp);
  EXPECT_EQ(last.failure.message, "odd");
}

TEST_F(CallStateTest, ReportsSecond404OfCaptures) {
  CallState state = call(Route::Captures);
  EXPECT_EQ(give(state, response(404)).action, Action::Send);
  EXPECT_EQ(give(state, response(404)).action, Action::GiveUp);
  EXPECT_FALSE(circuit_.is_open(Route::Captures));
}

TEST_F(CallStateTest, BlocksOnlyApiQueueAfter429) {
  CallState search = call(Route::Search);
  const NextStep next = give(search, throttled("4"));
  EXPECT_EQ(next.queue_pause, ch::seconds{4});
  EXPECT_EQ(give(search, response(429)).queue_pause, net::kDefaultRetryAfter);
  CallState download = call(Route::Download);
  const NextStep wait = give(download, throttled("4"));
  EXPECT_EQ(wait.queue_pause, std::nullopt);
  EXPECT_EQ(wait.delay, ch::seconds{4});
}

TEST_F(CallStateTest, GivesUpAfterMaxThrottledRetries) {
  CallState state = call(Route::Search);
  for (int i = 0; i < net::kMaxThrottledRetries; ++i) EXPECT_EQ(give(state, throttled("1")).action, Action::Send) << i;
  const NextStep last = give(state, throttled("1"));
  EXPECT_EQ(last.action, Action::GiveUp);
  EXPECT_EQ(last.queue_pause, ch::seconds{1});
  EXPECT_TRUE(circuit_.is_open(Route::Search));
}

TEST_F(CallStateTest, RefreshesTokenOnceBetweenDelays) {
  CallState state = call(Route::Search);
  EXPECT_EQ(give(state, response(401)).action, Action::RefreshToken);
  EXPECT_EQ(state.on_token(std::nullopt, now_).action, Action::Send);
  EXPECT_EQ(give(state, response(401)).action, Action::RefreshToken);
  const NextStep next = state.on_token(std::nullopt, now_);
  EXPECT_EQ(next.action, Action::WaitFor);
  EXPECT_EQ(next.failure.message, "failed");
  EXPECT_EQ(give(state, response(401)).action, Action::RefreshToken);
  EXPECT_EQ(state.on_token(std::nullopt, now_).action, Action::Send);
}

TEST_F(CallStateTest, FailsPermanentlyWhenRefreshedTokenIsRejected) {
  CallState state = call(Route::Search);
  const net::Outcome revoked = response(400, {}, "Invalid access token.");
  EXPECT_EQ(give(state, revoked).action, Action::RefreshToken);
  EXPECT_EQ(state.on_token(std::nullopt, now_).action, Action::Send);
  const NextStep next = give(state, revoked);
  EXPECT_EQ(next.action, Action::GiveUp);
  EXPECT_EQ(next.failure.kind, Kind::Permanent);
}

TEST_F(CallStateTest, GivesUpWithoutTokenIfLoginIsRequired) {
  const model::Failure transient{.kind = Kind::Transient, .message = "token host"};
  const model::Failure login{.kind = Kind::AuthRequired, .message = "login"};
  CallState waiting = call(Route::Search);
  EXPECT_EQ(waiting.on_token(transient, now_).action, Action::WaitFor);
  EXPECT_EQ(waiting.on_token(login, now_).action, Action::GiveUp);
  CallState rejected = call(Route::Search);
  give(rejected, response(401));
  EXPECT_EQ(rejected.on_token(transient, now_).failure.message, "failed") << "the response says more";
  give(rejected, response(401));
  EXPECT_EQ(rejected.on_token(login, now_).failure.kind, Kind::AuthRequired);
}

TEST_F(CallStateTest, CountsRedirectsBetweenDelays) {
  CallState state = call(Route::Download);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < net::kMaxRedirects; ++i) {
      const NextStep next = give(state, redirect());
      EXPECT_EQ(next.action, Action::FollowRedirect);
      EXPECT_EQ(next.target.reveal(), "https://other/");
    }
    if (round == 0) {
      EXPECT_EQ(give(state, response(503)).action, Action::WaitFor);
    }
  }
  EXPECT_EQ(give(state, redirect()).action, Action::GiveUp);
}

TEST_F(CallStateTest, AllowsOneAttemptWhileCircuitIsOpen) {
  circuit_.on_response(Route::Search);
  circuit_.on_give_up(Route::Search);
  for (const net::Outcome& outcome : {kNoResponse, response(503), throttled("1")}) {
    CallState state = call(Route::Search);
    EXPECT_EQ(give(state, outcome).action, Action::GiveUp);
  }
  CallState other = call(Route::Captures);
  EXPECT_EQ(give(other, kNoResponse).action, Action::WaitFor);
  CallState good = call(Route::Search);
  EXPECT_EQ(give(good, response(200)).action, Action::Done);
  CallState next = call(Route::Search);
  EXPECT_EQ(give(next, kNoResponse).action, Action::WaitFor);
}

TEST_F(CallStateTest, GivesUpBothRoutesAfterInitialContactTimeout) {
  CallState state = call(Route::Search);
  EXPECT_EQ(give(state, kNoResponse).action, Action::WaitFor);
  now_.monotonic += ch::seconds{9};
  EXPECT_EQ(give(state, kNoResponse).action, Action::GiveUp) << "9 s and the delay are more than 10 s";
  EXPECT_TRUE(circuit_.is_open(Route::Captures));
  EXPECT_FALSE(circuit_.is_open(Route::Download));
}

TEST_F(CallStateTest, AnyApiResponseEndsInitialContact) {
  CallState first = call(Route::Captures);
  give(first, response(503));
  EXPECT_TRUE(circuit_.ever_reached());
  CallState state = call(Route::Search);
  now_.monotonic += ch::minutes{1};
  EXPECT_EQ(give(state, kNoResponse).action, Action::WaitFor);
}

TEST_F(CallStateTest, DownloadsHaveNoInitialContactTimeout) {
  CallState state = call(Route::Download);
  now_.monotonic += ch::minutes{1};
  EXPECT_EQ(give(state, kNoResponse).action, Action::WaitFor);
  EXPECT_EQ(give(state, response(503)).action, Action::WaitFor);
  EXPECT_FALSE(circuit_.ever_reached());
}

}  // namespace
}  // namespace wxcc::webex
