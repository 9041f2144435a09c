// SPDX-License-Identifier: Apache-2.0
#include "monitor/heartbeat.h"

#include <gmock/gmock.h>

#include "base/log.h"
#include "tests/fakes.h"

namespace wxcc::monitor {
namespace {

using testing::HasSubstr;
using testing::Not;

class HeartbeatTest : public testing::Test {
 protected:
  tests::FakeTransport transport_;
  std::vector<std::string> logged_;
  base::log::Capture capture_{[this](base::log::Level, std::string_view line) { logged_.emplace_back(line); }};
  Heartbeat heartbeat_{base::Secret("https://hc.example/ping/key?k=key"), transport_};
};

TEST_F(HeartbeatTest, RequestsUrlWithoutTokenAndWithShortTimeout) {
  heartbeat_.send();
  EXPECT_EQ(transport_.last().url, "https://hc.example/ping/key?k=key");
  EXPECT_EQ(transport_.last().method, net::Method::Get);
  EXPECT_TRUE(transport_.last().bearer.empty());
  EXPECT_LE(transport_.last().limits.total, std::chrono::seconds(10));
  transport_.respond(200, "OK");
  EXPECT_TRUE(logged_.empty());
}

TEST_F(HeartbeatTest, LogsFailureAndRecoveryOnceWithHostOnly) {
  heartbeat_.send();
  transport_.fail(net::TransferFailure::Kind::Timeout, "GET https://hc.example/ping/key: no response");
  heartbeat_.send();
  transport_.respond(500, "key");
  ASSERT_EQ(logged_.size(), 1U);
  EXPECT_EQ(logged_[0], "heartbeat to hc.example: no complete response in time");
  heartbeat_.send();
  transport_.respond(204, "");
  ASSERT_EQ(logged_.size(), 2U);
  EXPECT_EQ(logged_[1], "heartbeat to hc.example: recovered");
  heartbeat_.send();
  transport_.respond(302, "", {{"Location", "https://elsewhere.example/key"}});
  ASSERT_EQ(logged_.size(), 3U);
  EXPECT_EQ(logged_[2], "heartbeat to hc.example: HTTP 302");
}

TEST_F(HeartbeatTest, CancelsPreviousRequest) {
  heartbeat_.send();
  heartbeat_.send();
  EXPECT_TRUE(transport_.started[0]->cancelled);
  EXPECT_FALSE(transport_.started[1]->cancelled);
}

TEST_F(HeartbeatTest, SendsNothingWithoutUrl) {
  Heartbeat none({}, transport_);
  none.send();
  EXPECT_TRUE(transport_.started.empty());
}

}  // namespace
}  // namespace wxcc::monitor
