// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/file.h"
#include "base/timers.h"

namespace wxcc::systemd {

// The process's one event loop, over sd-event(3). Everything runs on the thread that calls run(). An exception that a
// callback throws ends run(), which rethrows it. A callback may destroy its own timer or source. Timers and sources
// must not outlive the loop.
class EventLoop final : public base::Timers {
 public:
  EventLoop();
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Dispatches until exit() was called; returns its code. May be called again: pending work continues then.
  int run();
  void exit(int code);

  std::unique_ptr<base::Timer> add_timer(std::function<void()> fire) override;
  [[nodiscard]] base::Millis monotonic_now() const override;

  // Calls back once, on a later turn of the loop, in the order of the calls.
  void post(std::function<void()> call);

  // A registration; destroying it ends the callbacks. Must not outlive the loop.
  class Source {
   public:
    virtual ~Source() = default;
  };

  // events and the callback's argument are epoll bits (EPOLLIN, EPOLLOUT). The descriptor stays the caller's.
  class IoSource : public Source {
   public:
    virtual void set_events(std::uint32_t events) = 0;
  };
  std::unique_ptr<IoSource> watch_descriptor(int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready);

  // Delivers the signal through the loop, blocked for this thread and those it starts from here on; it stays blocked
  // after the source is destroyed. One source per signal.
  std::unique_ptr<Source> watch_signal(int signal_number, std::function<void()> arrived);

  // Calls back when the file is written, replaced or created (inotify on its directory), once or more for each change.
  // Throws FileError when the directory does not exist.
  std::unique_ptr<Source> watch_file(const base::Path& path, std::function<void()> changed);

  // Sends WATCHDOG=1 from this loop at half to three quarters of the service manager's watchdog interval, if one is
  // set.
  void enable_watchdog();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::systemd
