// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/timers.h"
#include "net/transport.h"
#include "systemd/event_loop.h"

namespace wxcc::tests {

// Months within seconds, over real sockets: virtual time stands still while a transfer is under way, and else jumps to
// the next timer. Transfers therefore take no time at all, and a run depends on nothing that the machine is doing.
class VirtualTime final : public base::Timers {
 public:
  // Another machine's clock; may be read from any thread.
  class MachineClock final : public base::Clock {
   public:
    explicit MachineClock(const VirtualTime& time) : time_(time) {}
    [[nodiscard]] base::Instant now() const override { return base::from_ms(time_.ms_.load() + ahead_.load()); }
    void step(base::Millis by) { ahead_ += by.count(); }

   private:
    const VirtualTime& time_;
    std::atomic<std::int64_t> ahead_{0};
  };

  explicit VirtualTime(systemd::EventLoop& loop) : loop_(loop), turn_(loop.add_timer([this] { turn(); })) {}

  std::unique_ptr<base::Timer> add_timer(std::function<void()> fire) override {
    auto state = std::make_shared<State>();
    state->fire = std::move(fire);
    states_.push_back(state);
    return std::make_unique<Handle>(*this, std::move(state));
  }
  [[nodiscard]] base::Millis monotonic_now() const override { return base::Millis{ms_.load()}; }

  // Lets at most so much time pass; ends as soon as the condition holds between two events. Returns whether it did.
  bool run(base::Millis at_most, std::function<bool()> until) {
    end_ = monotonic_now() + at_most;
    until_ = std::move(until);
    turn_->start(base::Millis{0});
    return loop_.run() == 0;
  }
  void run(base::Millis length) {
    run(length, [] { return false; });
  }

  // Transfers through this transport stop the clock; they give up early when no byte comes.
  std::unique_ptr<net::Transport> watch(net::Transport& real) { return std::make_unique<Watched>(*this, real); }

 private:
  struct State {
    std::function<void()> fire;
    base::Millis due{};
    bool armed = false;
  };

  class Handle final : public base::Timer {
   public:
    Handle(VirtualTime& time, std::shared_ptr<State> state) : time_(time), state_(std::move(state)) {}
    ~Handle() override { state_->armed = false; }
    void start(base::Millis after) override {
      state_->due = time_.monotonic_now() + std::max(after, base::Millis{0});
      state_->armed = true;
    }
    void stop() override { state_->armed = false; }

   private:
    VirtualTime& time_;
    std::shared_ptr<State> state_;
  };

  class Watched final : public net::Transport {
   public:
    Watched(VirtualTime& time, net::Transport& real) : time_(time), real_(real) {}
    std::unique_ptr<net::Transfer> start(net::Request request, Done done) override {
      auto guard = std::make_shared<Flight>(time_);
      auto transfer = real_.start(std::move(request), [guard, done = std::move(done)](net::Outcome&& outcome) {
        done(std::move(outcome));
        guard->land();
      });
      return std::make_unique<Ticket>(std::move(guard), std::move(transfer));
    }

   private:
    struct Flight {
      explicit Flight(VirtualTime& at) : time(at) { ++time.flying_; }
      void land() {
        if (std::exchange(landed, true)) return;
        --time.flying_;
        time.turn_->start(base::Millis{0});
      }
      VirtualTime& time;
      bool landed = false;
    };
    struct Ticket final : net::Transfer {
      Ticket(std::shared_ptr<Flight> a_flight, std::unique_ptr<net::Transfer> a_transfer)
          : flight(std::move(a_flight)), transfer(std::move(a_transfer)) {}
      ~Ticket() override { flight->land(); }
      std::shared_ptr<Flight> flight;
      std::unique_ptr<net::Transfer> transfer;
    };
    VirtualTime& time_;
    net::Transport& real_;
  };

  void turn() {
    if (flying_ > 0) return;
    if (until_()) return loop_.exit(0);
    const std::shared_ptr<State> next = earliest();
    if (!next || next->due > end_) {
      ms_ = end_.count();
      return loop_.exit(1);
    }
    ms_ = std::max(ms_.load(), static_cast<std::int64_t>(next->due.count()));
    next->armed = false;
    next->fire();
    turn_->start(base::Millis{0});
  }

  std::shared_ptr<State> earliest() {
    std::shared_ptr<State> found;
    for (auto at = states_.begin(); at != states_.end();) {
      const auto state = at->lock();
      if (!state) {
        at = states_.erase(at);
        continue;
      }
      if (state->armed && (!found || state->due < found->due)) found = state;
      ++at;
    }
    return found;
  }

  systemd::EventLoop& loop_;
  std::atomic<std::int64_t> ms_{1'767'225'600'000};  // 2026-01-01T00:00:00Z, a Thursday
  std::list<std::weak_ptr<State>> states_;
  int flying_ = 0;
  base::Millis end_{};
  std::function<bool()> until_;
  std::unique_ptr<base::Timer> turn_;
};

}  // namespace wxcc::tests
