// SPDX-License-Identifier: Apache-2.0
#include "systemd/event_loop.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "base/error.h"
#include "tests/systemd/loop_test_support.h"

namespace wxcc::systemd {
namespace {

using base::Millis;
using testing::ElementsAre;
using Steady = std::chrono::steady_clock;

TEST_F(LoopTest, RunReturnsTheExitCode) {
  loop.post([&] { loop.exit(7); });
  EXPECT_EQ(loop.run(), 7);
}

TEST_F(LoopTest, ExitBeforeRunEndsRunAtOnce) {
  bool called = false;
  loop.post([&] { called = true; });
  loop.exit(3);
  EXPECT_EQ(loop.run(), 3);
  EXPECT_FALSE(called);
}

TEST_F(LoopTest, SecondRunContinuesWithPendingCalls) {
  std::vector<int> calls;
  loop.post([&] {
    calls.push_back(1);
    loop.exit(0);
  });
  loop.post([&] {
    calls.push_back(2);
    loop.exit(0);
  });
  run();
  EXPECT_THAT(calls, ElementsAre(1));
  run();
  EXPECT_THAT(calls, ElementsAre(1, 2));
}

TEST_F(LoopTest, PostedCallsRunInOrderAfterPostReturns) {
  std::vector<int> calls;
  loop.post([&] {
    loop.post([&] {
      calls.push_back(3);
      loop.exit(0);
    });
    calls.push_back(1);
  });
  loop.post([&] { calls.push_back(2); });
  EXPECT_TRUE(calls.empty());
  run();
  EXPECT_THAT(calls, ElementsAre(1, 2, 3));
}

TEST_F(LoopTest, EndlessPostsDoNotStarveTimers) {
  std::function<void()> again = [&] { loop.post(again); };
  loop.post(again);
  const auto timer = loop.add_timer([&] { loop.exit(0); });
  timer->start(Millis(5));
  run();
}

TEST_F(LoopTest, ExceptionOfPostedCallEndsOneRunOnly) {
  bool called = false;
  loop.post([] { throw std::runtime_error("posted"); });
  loop.post([&] {
    called = true;
    loop.exit(0);
  });
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_FALSE(called);
  run();
  EXPECT_TRUE(called);
}

TEST_F(LoopTest, ExceptionOfTimerEndsRun) {
  const auto timer = loop.add_timer([] { throw base::Error("timer"); });
  timer->start(Millis(0));
  EXPECT_THROW(run(), base::Error);
}

TEST_F(LoopTest, TimerFiresOnceAndNotEarly) {
  int fired = 0;
  const auto begin = Steady::now();
  const auto timer = loop.add_timer([&] {
    ++fired;
    loop.exit(0);
  });
  timer->start(Millis(20));
  run();
  EXPECT_GE(Steady::now() - begin, Millis(20));
  run_what_is_due();
  EXPECT_EQ(fired, 1);
}

TEST_F(LoopTest, UnstartedTimerDoesNotFire) {
  const auto timer = loop.add_timer([&] { FAIL(); });
  run_what_is_due();
}

TEST_F(LoopTest, TimerWithoutDelayFiresOnNextIteration) {
  int fired = 0;
  const auto timer = loop.add_timer([&] {
    ++fired;
    loop.exit(0);
  });
  timer->start(Millis(0));
  EXPECT_EQ(fired, 0);
  run();
  timer->start(Millis(-5));
  EXPECT_EQ(fired, 1);
  run();
  EXPECT_EQ(fired, 2);
}

TEST_F(LoopTest, RestartReplacesTheEarlierDelay) {
  const auto begin = Steady::now();
  const auto timer = loop.add_timer([&] { loop.exit(0); });
  timer->start(std::chrono::hours(24 * 365 * 100));
  timer->start(Millis(10));
  run();
  EXPECT_LT(Steady::now() - begin, std::chrono::seconds(10));
  timer->start(Millis(0));
  timer->start(Millis(40));
  const auto again = Steady::now();
  run();
  EXPECT_GE(Steady::now() - again, Millis(40));
}

TEST_F(LoopTest, StoppedOrDestroyedTimerDoesNotFire) {
  const auto stopped = loop.add_timer([] { FAIL(); });
  stopped->start(Millis(0));
  auto destroyed = loop.add_timer([] { FAIL(); });
  destroyed->start(Millis(0));
  stopped->stop();
  destroyed.reset();
  run_what_is_due();
}

TEST_F(LoopTest, FiringTimerMayDestroyItselfAndOthers) {
  std::unique_ptr<base::Timer> own;
  std::unique_ptr<base::Timer> other;
  std::vector<int> fired;
  const std::string text(100, 'x');  // on the heap, so that a sanitizer detects a use after free
  const auto both = [&, text](int number) {
    own.reset();
    other.reset();
    fired.push_back(number + static_cast<int>(text.size()));
    loop.exit(0);
  };
  own = loop.add_timer([both] { both(1); });
  other = loop.add_timer([both] { both(2); });
  own->start(Millis(0));
  other->start(Millis(0));
  run();
  run_what_is_due();
  EXPECT_EQ(fired.size(), 1U);
}

TEST_F(LoopTest, FiringTimerMayRestartItself) {
  int fired = 0;
  std::unique_ptr<base::Timer> timer = loop.add_timer([&] {
    if (++fired == 3)
      loop.exit(0);
    else
      timer->start(Millis(1));
  });
  timer->start(Millis(1));
  run();
  EXPECT_EQ(fired, 3);
}

class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    read_end = base::FileDescriptor(ends[0]);
    write_end = base::FileDescriptor(ends[1]);
  }
  void write(char c) const { ASSERT_EQ(::write(write_end.get(), &c, 1), 1); }
  [[nodiscard]] char read() const {
    char c = 0;
    EXPECT_EQ(::read(read_end.get(), &c, 1), 1);
    return c;
  }
  base::FileDescriptor read_end;
  base::FileDescriptor write_end;
};

TEST_F(LoopTest, ReportsReadableDescriptor) {
  const Pipe pipe;
  std::string got;
  const auto source = loop.watch_descriptor(pipe.read_end.get(), EPOLLIN, [&](std::uint32_t events) {
    EXPECT_EQ(events & EPOLLIN, std::uint32_t{EPOLLIN});
    got += pipe.read();
    if (got.size() == 2) loop.exit(0);
  });
  pipe.write('a');
  loop.post([&] { pipe.write('b'); });
  run();
  EXPECT_EQ(got, "ab");
}

TEST_F(LoopTest, ReportsRequestedEventsOnly) {
  const Pipe pipe;
  int ready = 0;
  const auto source = loop.watch_descriptor(pipe.read_end.get(), 0, [&](std::uint32_t) {
    ++ready;
    EXPECT_EQ(pipe.read(), 'a');
    loop.exit(0);
  });
  pipe.write('a');
  run_what_is_due();
  EXPECT_EQ(ready, 0);
  source->set_events(EPOLLIN);
  run();
  EXPECT_EQ(ready, 1);
}

TEST_F(LoopTest, ReportsHangUp) {
  Pipe pipe;
  const auto source = loop.watch_descriptor(pipe.read_end.get(), EPOLLIN, [&](std::uint32_t events) {
    EXPECT_NE(events & EPOLLHUP, 0U);
    loop.exit(0);
  });
  pipe.write_end = base::FileDescriptor();
  run();
}

TEST_F(LoopTest, DescriptorCallbackMayDestroyItsSource) {
  const Pipe pipe;
  pipe.write('a');
  std::unique_ptr<EventLoop::IoSource> source;
  int ready = 0;
  source = loop.watch_descriptor(pipe.read_end.get(), EPOLLIN, [&, text = std::string(100, 'x')](std::uint32_t) {
    source.reset();
    ready += static_cast<int>(text.size()) / 100;
    loop.exit(0);
  });
  run();
  run_what_is_due();
  EXPECT_EQ(ready, 1);
}

TEST_F(LoopTest, ThrowsForInvalidDescriptor) {
  EXPECT_THROW((void)loop.watch_descriptor(-1, EPOLLIN, [](std::uint32_t) {}), base::Error);
}

TEST_F(LoopTest, DeliversSignalThroughTheLoop) {
  int arrived = 0;
  const auto source = loop.watch_signal(SIGUSR1, [&] {
    ++arrived;
    loop.exit(0);
  });
  ASSERT_EQ(::raise(SIGUSR1), 0);
  EXPECT_EQ(arrived, 0);
  run();
  EXPECT_EQ(arrived, 1);
}

class WatchedFileTest : public LoopTest {
 protected:
  // Expects at least one call for what `change` does.
  void expect_notice(const base::Path& path, const std::function<void()>& change) {
    const auto source = loop.watch_file(path, [&] { loop.exit(0); });
    loop.post(change);
    run();
  }

  TemporaryDirectory directory;
};

TEST_F(WatchedFileTest, ReportsCreation) {
  expect_notice(directory.path() / "token", [&] { directory.write("token", "new"); });
}

TEST_F(WatchedFileTest, ReportsWrite) {
  const auto path = directory.write("token", "old");
  expect_notice(path, [&] { directory.write("token", "new"); });
}

TEST_F(WatchedFileTest, ReportsReplacementByRename) {
  const auto path = directory.write("token", "old");
  const auto other = directory.write("token.new", "new");
  expect_notice(path, [&] { std::filesystem::rename(other, path); });
}

TEST_F(WatchedFileTest, ReportsEachOfSeveralChanges) {
  const auto path = directory.path() / "token";
  int calls = 0;
  const auto source = loop.watch_file(path, [&] {
    ++calls;
    loop.exit(0);
  });
  for (int change = 1; change <= 3; ++change) {
    base::write_file_durably(path, std::string(static_cast<std::size_t>(change), 'x'), 0600);
    run();
  }
  EXPECT_GE(calls, 3);
}

TEST_F(WatchedFileTest, IgnoresOtherFilesOfTheDirectory) {
  const auto source = loop.watch_file(directory.path() / "token", [] { FAIL(); });
  directory.write("token.lock", "x");
  directory.write("tok", "x");
  run_what_is_due();
}

TEST_F(WatchedFileTest, DistinguishesFilesOfOneDirectory) {
  const auto first = loop.watch_file(directory.path() / "first", [] { FAIL(); });
  const auto second = loop.watch_file(directory.path() / "second", [&] { loop.exit(0); });
  directory.write("second", "x");
  run();
}

TEST_F(WatchedFileTest, CallbackMayDestroyItsSource) {
  std::unique_ptr<EventLoop::Source> source;
  int calls = 0;
  source = loop.watch_file(directory.path() / "token", [&, text = std::string(100, 'x')] {
    source.reset();
    calls += static_cast<int>(text.size()) / 100;
    loop.exit(0);
  });
  directory.write("token", "1");
  directory.write("token", "2");
  run();
  run_what_is_due();
  EXPECT_EQ(calls, 1);
}

TEST_F(WatchedFileTest, ThrowsForMissingDirectory) {
  EXPECT_THROW((void)loop.watch_file(directory.path() / "missing" / "token", [] {}), base::FileError);
}

}  // namespace
}  // namespace wxcc::systemd
