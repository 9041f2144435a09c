// SPDX-License-Identifier: Apache-2.0
#include "systemd/notify.h"

#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "base/text.h"
#include "tests/systemd/loop_test_support.h"

namespace wxcc::systemd {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The service manager's end of $NOTIFY_SOCKET.
class NotifyTest : public LoopTest {
 protected:
  NotifyTest()
      : path(directory.path() / "notify"),
        socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
        variable("NOTIFY_SOCKET", path.string()) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
      throw std::runtime_error("no socket for notifications");
  }

  // The next datagram; empty when there is none.
  [[nodiscard]] std::string received() const {
    std::array<char, 4096> buffer{};
    const auto count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
  }

  TemporaryDirectory directory;
  base::Path path;
  base::FileDescriptor socket;
  EnvironmentVariable variable;
};

TEST_F(NotifyTest, ReadyCarriesAStatus) {
  notify_ready("archived up to 12:00");
  EXPECT_EQ(received(), "READY=1\nSTATUS=archived up to 12:00");
}

TEST_F(NotifyTest, AStatusStaysOnOneLine) {
  notify_status("first\nWATCHDOG=trigger");
  const std::string datagram = received();
  EXPECT_THAT(datagram, StartsWith("STATUS=first"));
  EXPECT_THAT(datagram, Not(HasSubstr("\n")));
}

TEST_F(NotifyTest, ReloadingCarriesTheTimeInTheSameDatagram) {
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

TEST_F(NotifyTest, StoppingAndExtendingHaveTheirAssignments) {
  notify_stopping("stopping");
  EXPECT_EQ(received(), "STOPPING=1\nSTATUS=stopping");
  notify_extend_timeout(std::chrono::seconds(90));
  EXPECT_EQ(received(), "EXTEND_TIMEOUT_USEC=90000000");
}

TEST_F(NotifyTest, AManagerThatIsGoneIsNoReasonToStop) {
  const EnvironmentVariable gone("NOTIFY_SOCKET", (directory.path() / "gone").string());
  EXPECT_NO_THROW(notify_ready("ok"));
}

TEST(Notify, DoesNothingWithoutAServiceManager) {
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_NO_THROW(notify_ready("ok"));
}

TEST_F(NotifyTest, TheWatchdogIsFedByTheLoopAgainAndAgain) {
  const EnvironmentVariable interval("WATCHDOG_USEC", "100000");
  loop.enable_watchdog();
  int fed = 0;
  const auto source = loop.watch_descriptor(socket.get(), EPOLLIN, [&](std::uint32_t) {
    EXPECT_EQ(received(), "WATCHDOG=1");
    if (++fed == 3) loop.exit(0);
  });
  run();
  EXPECT_EQ(fed, 3);
}

TEST_F(NotifyTest, WithoutAnIntervalThereIsNoWatchdog) {
  ::unsetenv("WATCHDOG_USEC");
  loop.enable_watchdog();
  run_what_is_due();
  EXPECT_EQ(received(), "");
}

}  // namespace
}  // namespace wxcc::systemd
