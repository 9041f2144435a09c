// SPDX-License-Identifier: Apache-2.0
#include "webex/token_state.h"

#include <gtest/gtest.h>

#include "net/retry_delays.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;
using Kind = model::Failure::Kind;
using Phase = TokenState::Phase;

class TokenStateTest : public testing::Test {
 protected:
  TokenState::Moment now_{base::from_ms(1'767'225'600'000), ch::hours{1}};

  TokenSet tokens(std::string access, std::string refresh, ch::seconds lifetime = ch::hours{1}) const {
    TokenSet set;
    set.access_token = base::Secret(std::move(access));
    set.refresh_token = base::Secret(std::move(refresh));
    set.granted_at = now_.wall - ch::minutes{5};
    set.access_expires_at = now_.wall + lifetime;
    return set;
  }
  static TokenState state(std::optional<base::Secret> initial_refresh_token = std::nullopt) {
    Settings settings;
    settings.token_file = "token.json";
    settings.initial_refresh_token = std::move(initial_refresh_token);
    settings.login_remedy = "log in";
    return TokenState(std::move(settings));
  }
  // Expired, with the lock taken and one candidate sent.
  TokenState refreshing(const char* refresh_token = "R") {
    TokenState result = state();
    result.on_file(tokens("A", refresh_token, ch::seconds{-1}), now_.wall);
    EXPECT_FALSE(result.begin_refresh(now_));
    EXPECT_FALSE(result.on_lock_taken(base::Secret("A"), now_.wall));
    EXPECT_EQ(result.next_candidate()->reveal(), refresh_token);
    return result;
  }
  void wait(base::Millis delay) {
    now_.wall += delay;
    now_.monotonic += delay;
  }
};

const Rejected kRejected{Rejected::Cause::TokenHost, "rejected"};
const net::Outcome kNoResponse = base::make_unexpected(net::TransferFailure{});

net::Outcome response(int status, const char* retry_after) {
  return net::Response{status, {{"Retry-After", retry_after}}, ""};
}

TEST_F(TokenStateTest, ReturnsValidTokenAndRefreshesExpiredOne) {
  TokenState valid = state();
  valid.on_file(tokens("A", "R"), now_.wall);
  EXPECT_EQ(valid.token(now_.wall)->value().reveal(), "A");
  wait(ch::hours{2});
  EXPECT_FALSE(valid.token(now_.wall));
  EXPECT_FALSE(valid.has_valid_token(now_.wall));
  EXPECT_EQ(valid.login_required(), "");
}

TEST_F(TokenStateTest, RefreshesRejectedTokenUnlessJustGranted) {
  TokenState current = state();
  TokenSet set = tokens("A", "R");
  set.granted_at = now_.wall - ch::seconds{29};
  current.on_file(set, now_.wall);
  EXPECT_EQ(current.replacement_of(base::Secret("A"), now_.wall)->error().kind, Kind::Transient);
  EXPECT_EQ(current.replacement_of(base::Secret("older"), now_.wall)->value().reveal(), "A");
  wait(ch::seconds{1});
  EXPECT_FALSE(current.replacement_of(base::Secret("A"), now_.wall));
  EXPECT_FALSE(current.has_valid_token(now_.wall));
}

TEST_F(TokenStateTest, RequiresLoginWithoutToken) {
  TokenState none = state();
  none.on_file(std::nullopt, now_.wall);
  EXPECT_EQ(none.login_required(), "no usable token in token.json; log in");
  EXPECT_TRUE(none.login_blocks_requests(now_.wall));
  EXPECT_EQ(none.token(now_.wall)->error().kind, Kind::AuthRequired);
  none.on_file(tokens("A", "R"), now_.wall);
  EXPECT_EQ(none.login_required(), "");
}

TEST_F(TokenStateTest, TriesEachRefreshTokenOnce) {
  TokenState current = state(base::Secret("initial"));
  TokenSet set = tokens("A", "R", ch::seconds{-1});
  set.previous_refresh_token = base::Secret("R");
  current.on_file(set, now_.wall);
  EXPECT_FALSE(current.begin_refresh(now_));
  EXPECT_EQ(current.phase(), Phase::WaitingForLock);
  EXPECT_FALSE(current.on_lock_taken(base::Secret("A"), now_.wall));
  EXPECT_EQ(current.phase(), Phase::Refreshing);
  EXPECT_EQ(current.next_candidate()->reveal(), "R");
  EXPECT_EQ(current.next_candidate()->reveal(), "initial");
  EXPECT_FALSE(current.next_candidate());
  current.on_refresh_end();
  EXPECT_EQ(current.phase(), Phase::Idle);
}

TEST_F(TokenStateTest, AdoptsRefreshOfOtherProcess) {
  TokenState current = state();
  current.on_file(tokens("A", "R", ch::seconds{-1}), now_.wall);
  EXPECT_FALSE(current.begin_refresh(now_));
  current.on_file(tokens("B", "R2"), now_.wall);
  EXPECT_EQ(current.on_lock_taken(base::Secret("A"), now_.wall)->value().reveal(), "B");
}

TEST_F(TokenStateTest, EndsRefreshWhenLockStaysTaken) {
  TokenState current = state();
  current.on_file(tokens("A", "R", ch::seconds{-1}), now_.wall);
  EXPECT_FALSE(current.begin_refresh(now_));
  int attempts = 1;
  while (!current.on_lock_busy()) ++attempts;
  EXPECT_EQ(attempts * net::kTokenLockRetryDelay, ch::minutes{1});
}

TEST_F(TokenStateTest, BacksOffOnTheMonotonicClock) {
  struct Row {
    net::Outcome outcome;
    base::Millis delay;
  };
  for (const auto& [outcome, delay] :
       {Row{kNoResponse, ch::milliseconds{3'750}}, Row{response(503, "60"), ch::seconds{60}},
        Row{response(503, "1"), ch::milliseconds{3'750}}, Row{response(429, "2"), ch::seconds{2}},
        Row{response(429, "0"), net::kMinThrottledRefreshDelay}, Row{response(429, "7200"), ch::hours{1}}}) {
    TokenState current = refreshing();
    EXPECT_EQ(current.on_retryable("no", outcome, now_).error().kind, Kind::Transient);
    current.on_refresh_end();
    EXPECT_EQ(current.backoff_left(now_.monotonic), delay);
    TokenState::Moment stepped = now_;
    stepped.wall += ch::days{400};
    EXPECT_EQ(current.begin_refresh(stepped)->error().message, "no");
    current.on_refresh_end();
    stepped.wall = now_.wall - ch::days{400};
    stepped.monotonic += delay;
    EXPECT_FALSE(current.begin_refresh(stepped)) << "a stepped wall clock changes no delay";
  }
}

TEST_F(TokenStateTest, BackoffDoublesUntilResponse) {
  TokenState current = refreshing();
  for (const int ms : {3'750, 7'500, 15'000}) {
    static_cast<void>(current.on_retryable("no", kNoResponse, now_));
    EXPECT_EQ(current.backoff_left(now_.monotonic), base::Millis(ms));
  }
  current.on_response();
  static_cast<void>(current.on_retryable("no", kNoResponse, now_));
  EXPECT_EQ(current.backoff_left(now_.monotonic), base::Millis(3'750));
}

TEST_F(TokenStateTest, RequiresLoginAndRetriesRejectedGrantHourly) {
  TokenState current = refreshing();
  EXPECT_EQ(current.on_rejected(kRejected, now_).error().kind, Kind::AuthRequired);
  EXPECT_EQ(current.login_required(), "rejected; log in");
  EXPECT_TRUE(current.login_blocks_requests(now_.wall));
  EXPECT_EQ(current.until_refresh(now_), net::kRejectedGrantRetry);
  static_cast<void>(current.on_rejected({Rejected::Cause::TokenHost, "another message"}, now_));
  EXPECT_EQ(current.login_required(), "rejected; log in");
  current.on_file(tokens("A", "R", ch::seconds{-1}), now_.wall);
  EXPECT_NE(current.login_required(), "") << "the same grant changes nothing";
  current.on_file(tokens("B", "R2"), now_.wall);
  EXPECT_EQ(current.login_required(), "");
  EXPECT_EQ(current.backoff_left(now_.monotonic), base::Millis{0});
}

TEST_F(TokenStateTest, UsesValidAccessTokenWhileLoginIsRequired) {
  TokenState current = state();
  current.on_file(tokens("A", "R"), now_.wall);
  EXPECT_FALSE(current.begin_refresh(now_));
  EXPECT_FALSE(current.on_lock_taken(base::Secret("A"), now_.wall));
  EXPECT_EQ(current.on_rejected(kRejected, now_).value().reveal(), "A");
  EXPECT_NE(current.login_required().find("remains valid until"), std::string::npos);
  EXPECT_FALSE(current.login_blocks_requests(now_.wall));
  wait(ch::hours{1});
  EXPECT_TRUE(current.login_blocks_requests(now_.wall));
}

TEST_F(TokenStateTest, GrantEndsBackoffAndLoginRequired) {
  TokenState current = refreshing();
  static_cast<void>(current.on_rejected(kRejected, now_));
  current.on_response();
  current.on_granted(tokens("B", "R2"));
  EXPECT_EQ(current.login_required(), "");
  EXPECT_EQ(current.backoff_left(now_.monotonic), base::Millis{0});
  EXPECT_EQ(current.token(now_.wall)->value().reveal(), "B");
}

}  // namespace
}  // namespace wxcc::webex
