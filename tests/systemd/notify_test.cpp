// SPDX-License-Identifier: Apache-2.0
#include "systemd/notify.h"

#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <time.h>

#include <cstdlib>

#include "base/text.h"
#include "tests/notifications.h"
#include "tests/systemd/loop_test_support.h"

namespace wxcc::systemd {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The service manager's end of $NOTIFY_SOCKET.
class NotifyTest : public LoopTest {
 protected:
  // The next datagram; empty when none has arrived.
  [[nodiscard]] std::string received() {
    notifications.receive_all();
    return next < notifications.seen().size() ? notifications.seen()[next++] : "";
  }

  TemporaryDirectory directory;
  tests::Notifications notifications{directory.path()};
  EnvironmentVariable variable{"NOTIFY_SOCKET", notifications.path().string()};
  std::size_t next = 0;
};

TEST_F(NotifyTest, ReadyHasStatus) {
  notify_ready("archived up to 12:00");
  EXPECT_EQ(received(), "READY=1\nSTATUS=archived up to 12:00");
}

TEST_F(NotifyTest, WritesStatusOnOneLine) {
  notify_status("first\nWATCHDOG=trigger");
  const std::string datagram = received();
  EXPECT_THAT(datagram, StartsWith("STATUS=first"));
  EXPECT_THAT(datagram, Not(HasSubstr("\n")));
}

TEST_F(NotifyTest, ReloadingSendsMonotonicTimeInSameDatagram) {
  timespec before{};
  ::clock_gettime(CLOCK_MONOTONIC, &before);
  notify_reloading();
  const std::string datagram = received();
  constexpr std::string_view kStart = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_THAT(datagram, StartsWith(std::string(kStart)));
  const auto at = base::parse_integer(std::string_view(datagram).substr(kStart.size()));
  ASSERT_TRUE(at);
  const std::int64_t earliest = before.tv_sec * 1'000'000 + before.tv_nsec / 1'000;
  EXPECT_GE(*at, earliest);
  EXPECT_LT(*at, earliest + 60'000'000);
  EXPECT_EQ(received(), "");
}

TEST_F(NotifyTest, SendsStoppingAndExtendTimeout) {
  notify_stopping("stopping");
  EXPECT_EQ(received(), "STOPPING=1\nSTATUS=stopping");
  notify_extend_timeout(std::chrono::seconds(90));
  EXPECT_EQ(received(), "EXTEND_TIMEOUT_USEC=90000000");
}

TEST_F(NotifyTest, ContinuesWhenTheManagerIsGone) {
  const EnvironmentVariable gone("NOTIFY_SOCKET", (directory.path() / "gone").string());
  EXPECT_NO_THROW(notify_ready("ok"));
}

TEST(Notify, DoesNothingWithoutAServiceManager) {
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_NO_THROW(notify_ready("ok"));
}

TEST_F(NotifyTest, LoopSendsWatchdogPingsRepeatedly) {
  const EnvironmentVariable interval("WATCHDOG_USEC", "100000");
  loop.enable_watchdog();
  int pings = 0;
  const auto source = loop.watch_descriptor(notifications.descriptor(), EPOLLIN, [&](std::uint32_t) {
    EXPECT_EQ(received(), "WATCHDOG=1");
    if (++pings == 3) loop.exit(0);
  });
  run();
  EXPECT_EQ(pings, 3);
}

TEST_F(NotifyTest, SendsNoWatchdogPingsWithoutInterval) {
  ::unsetenv("WATCHDOG_USEC");
  loop.enable_watchdog();
  run_what_is_due();
  EXPECT_EQ(received(), "");
}

}  // namespace
}  // namespace wxcc::systemd
