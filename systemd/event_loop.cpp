// SPDX-License-Identifier: Apache-2.0
#include "systemd/event_loop.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/inotify.h>
#include <systemd/sd-event.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/exception_trap.h"

namespace wxcc::systemd {
namespace {

using Micros = std::chrono::microseconds;

// Microseconds. sd-event's own default of 250 ms saves wake-ups on laptops; here it would only make deadlines vague.
constexpr std::uint64_t kTimerAccuracy = 1;
constexpr base::Millis kMaxTimer = std::chrono::hours(24 * 365);

void check(int result, std::string_view operation) {
  if (result < 0)
    throw base::Error(fmt::format("event loop: {}: {}", operation, std::generic_category().message(-result)));
}

std::uint64_t boottime() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto since_boot = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  return static_cast<std::uint64_t>(std::chrono::ceil<Micros>(since_boot).count());
}

struct EventDeleter {
  void operator()(sd_event* event) const noexcept { sd_event_unref(event); }
};
using EventHandle = std::unique_ptr<sd_event, EventDeleter>;

struct SourceDeleter {
  void operator()(sd_event_source* source) const noexcept { sd_event_source_disable_unref(source); }
};
using SourceHandle = std::unique_ptr<sd_event_source, SourceDeleter>;

// What a C callback reaches through its user data. Shared, so that a callback may destroy its own registration while it
// runs.
template <typename... Args>
class Registration : public std::enable_shared_from_this<Registration<Args...>> {
 public:
  Registration(base::ExceptionTrap& trap, std::function<void(Args...)> call) : trap_(trap), call_(std::move(call)) {}

  int dispatch(Args... args) noexcept {
    const auto self = this->shared_from_this();
    trap_.guard([&] { call_(args...); });
    return 0;
  }
  static Registration& of(void* user_data) { return *static_cast<Registration*>(user_data); }

 private:
  base::ExceptionTrap& trap_;
  std::function<void(Args...)> call_;
};

using Plain = Registration<>;
using Io = Registration<std::uint32_t>;
using FileChange = Registration<const inotify_event*>;

int on_time(sd_event_source*, std::uint64_t, void* user_data) noexcept {
  return Plain::of(user_data).dispatch();
}

int on_io(sd_event_source*, int, std::uint32_t events, void* user_data) noexcept {
  return Io::of(user_data).dispatch(events);
}

int on_signal(sd_event_source*, const signalfd_siginfo*, void* user_data) noexcept {
  return Plain::of(user_data).dispatch();
}

int on_file_change(sd_event_source*, const inotify_event* event, void* user_data) noexcept {
  return FileChange::of(user_data).dispatch(event);
}

// An event source with the registration that its callback reaches. `add` is one of sd_event_add_*, called with the
// place for the source and the registration; it returns a negative errno on failure.
template <typename Base, typename Registered>
class Held : public Base {
 protected:
  template <typename Add>
  Held(std::shared_ptr<Registered> registration, Add&& add) : registration_(std::move(registration)) {
    sd_event_source* source = nullptr;
    add(&source, static_cast<void*>(registration_.get()));
    source_.reset(source);
  }
  [[nodiscard]] sd_event_source* source() const { return source_.get(); }

 private:
  std::shared_ptr<Registered> registration_;
  SourceHandle source_;
};

class LoopTimer final : public Held<base::Timer, Plain> {
 public:
  LoopTimer(sd_event* event, std::shared_ptr<Plain> registration)
      : Held(std::move(registration), [event](sd_event_source** source, void* data) {
          check(sd_event_add_time(event, source, CLOCK_BOOTTIME, 0, kTimerAccuracy, on_time, data), "add a timer");
          check(sd_event_source_set_enabled(*source, SD_EVENT_OFF), "stop a timer");
        }) {}

  void start(base::Millis after) override {
    const Micros delay = std::clamp(after, base::Millis(0), kMaxTimer);
    check(sd_event_source_set_time(source(), boottime() + static_cast<std::uint64_t>(delay.count())), "set a timer");
    check(sd_event_source_set_enabled(source(), SD_EVENT_ONESHOT), "start a timer");
  }
  void stop() override { check(sd_event_source_set_enabled(source(), SD_EVENT_OFF), "stop a timer"); }
};

class LoopIoSource final : public Held<EventLoop::IoSource, Io> {
 public:
  LoopIoSource(sd_event* event, int fd, std::uint32_t events, std::shared_ptr<Io> registration)
      : Held(std::move(registration), [=](sd_event_source** source, void* data) {
          check(sd_event_add_io(event, source, fd, events, on_io, data), "watch a descriptor");
        }) {}
  void set_events(std::uint32_t events) override {
    check(sd_event_source_set_io_events(source(), events), "watch a descriptor");
  }
};

class SignalSource final : public Held<EventLoop::Source, Plain> {
 public:
  SignalSource(sd_event* event, int signal_number, std::shared_ptr<Plain> registration)
      : Held(std::move(registration), [=](sd_event_source** source, void* data) {
          sigset_t signals;
          sigemptyset(&signals);
          sigaddset(&signals, signal_number);
          check(-::pthread_sigmask(SIG_BLOCK, &signals, nullptr), "block a signal");
          check(sd_event_add_signal(event, source, signal_number, on_signal, data), "watch a signal");
        }) {}
};

class FileSource final : public Held<EventLoop::Source, FileChange> {
 public:
  FileSource(sd_event* event, const base::Path& directory, std::shared_ptr<FileChange> registration)
      : Held(std::move(registration), [&](sd_event_source** source, void* data) {
          constexpr std::uint32_t kWanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
          const int result = sd_event_add_inotify(event, source, directory.c_str(), kWanted, on_file_change, data);
          if (result < 0) throw base::FileError("watch", directory.string(), -result);
        }) {}
};

}  // namespace

struct EventLoop::Impl {
  Impl();
  void run_next_posted();

  base::ExceptionTrap trap;
  std::optional<int> exit_code;
  EventHandle event;
  std::deque<std::function<void()>> posted;
  // Not a defer source: a pending one always goes before timers and descriptors, and starves them when calls post
  // calls.
  std::unique_ptr<base::Timer> posting;
};

EventLoop::Impl::Impl() {
  sd_event* created = nullptr;
  check(sd_event_new(&created), "create");
  event.reset(created);
  posting = std::make_unique<LoopTimer>(created, std::make_shared<Plain>(trap, [this] { run_next_posted(); }));
}

// One call per turn, so that calls which post further calls leave sockets and timers their share.
void EventLoop::Impl::run_next_posted() {
  if (posted.empty()) return;
  const std::function<void()> call = std::move(posted.front());
  posted.pop_front();
  if (!posted.empty()) posting->start(base::Millis(0));
  call();
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}

EventLoop::~EventLoop() = default;

int EventLoop::run() {
  // Not sd_event_loop(): an sd_event that has exited can never run again, and commands run the loop several times.
  while (!impl_->exit_code && !impl_->trap.has_exception())
    check(sd_event_run(impl_->event.get(), UINT64_MAX), "wait for events");
  const int code = std::exchange(impl_->exit_code, std::nullopt).value_or(0);
  impl_->trap.rethrow_pending();
  return code;
}

void EventLoop::exit(int code) {
  impl_->exit_code = code;
}

std::unique_ptr<base::Timer> EventLoop::add_timer(std::function<void()> fire) {
  return std::make_unique<LoopTimer>(impl_->event.get(), std::make_shared<Plain>(impl_->trap, std::move(fire)));
}

base::Millis EventLoop::monotonic_now() const {
  return std::chrono::floor<base::Millis>(Micros(boottime()));
}

void EventLoop::post(std::function<void()> call) {
  impl_->posted.push_back(std::move(call));
  if (impl_->posted.size() == 1) impl_->posting->start(base::Millis(0));
}

std::unique_ptr<EventLoop::IoSource> EventLoop::watch_descriptor(int fd, std::uint32_t events,
                                                                 std::function<void(std::uint32_t)> ready) {
  return std::make_unique<LoopIoSource>(impl_->event.get(), fd, events,
                                        std::make_shared<Io>(impl_->trap, std::move(ready)));
}

std::unique_ptr<EventLoop::Source> EventLoop::watch_signal(int signal_number, std::function<void()> arrived) {
  return std::make_unique<SignalSource>(impl_->event.get(), signal_number,
                                        std::make_shared<Plain>(impl_->trap, std::move(arrived)));
}

std::unique_ptr<EventLoop::Source> EventLoop::watch_file(const base::Path& path, std::function<void()> changed) {
  auto filter = [name = path.filename().string(), changed = std::move(changed)](const inotify_event* event) {
    // After an overflow of the kernel's queue the changed file is unknown: it may be this one.
    const bool overflow = (event->mask & IN_Q_OVERFLOW) != 0;
    if (overflow || (event->len > 0 && name == event->name)) changed();
  };
  return std::make_unique<FileSource>(impl_->event.get(), base::directory_of(path),
                                      std::make_shared<FileChange>(impl_->trap, std::move(filter)));
}

void EventLoop::enable_watchdog() {
  check(sd_event_set_watchdog(impl_->event.get(), 1), "enable the watchdog");
}

}  // namespace wxcc::systemd
