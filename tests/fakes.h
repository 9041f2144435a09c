// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/timers.h"
#include "net/transport.h"

namespace wxcc::tests {

class FakeClock final : public base::Clock {
 public:
  explicit FakeClock(base::Instant start = *base::parse_iso8601("2026-11-22T12:00:00Z")) : now_(start) {}
  [[nodiscard]] base::Instant now() const override { return now_; }
  void tick(base::Millis by) { now_ += by; }
  void set(base::Instant to) { now_ = to; }

 private:
  base::Instant now_;
};

// A wall clock that runs with another clock and can be stepped away from it.
class SteppedClock final : public base::Clock {
 public:
  explicit SteppedClock(const base::Clock& clock) : clock_(clock) {}
  [[nodiscard]] base::Instant now() const override { return clock_.now() + ahead_; }
  void step(base::Millis by) { ahead_ += by; }

 private:
  const base::Clock& clock_;
  base::Millis ahead_{0};
};

// Virtual time, on the given clock: jumps from one timer to the next, and depends on nothing that the machine is doing.
class FakeTimers final : public base::Timers {
 public:
  explicit FakeTimers(FakeClock& clock) : clock_(clock) {}

  std::unique_ptr<base::Timer> add_timer(std::function<void()> fire) override {
    auto state = std::make_shared<State>();
    state->fire = std::move(fire);
    states_.push_back(state);
    return std::make_unique<Handle>(*this, std::move(state));
  }
  [[nodiscard]] base::Millis monotonic_now() const override { return clock_.now().time_since_epoch(); }

  // Lets this much time pass and fires what becomes due, in order.
  void advance(base::Millis by) {
    advance_until(by, [] { return false; });
  }
  // The same, but ends as soon as the condition holds between two timers. Returns whether it did.
  bool advance_until(base::Millis at_most, const std::function<bool()>& condition) {
    const base::Instant end = clock_.now() + at_most;
    while (!condition()) {
      const auto next = earliest();
      if (!next || next->due > end) {
        clock_.set(std::max(clock_.now(), end));
        return false;
      }
      clock_.set(std::max(clock_.now(), next->due));
      next->armed = false;
      next->fire();
    }
    return true;
  }
  [[nodiscard]] std::size_t armed() const {
    return static_cast<std::size_t>(std::count_if(states_.begin(), states_.end(), [](const auto& weak) {
      const auto state = weak.lock();
      return state && state->armed;
    }));
  }

 private:
  struct State {
    std::function<void()> fire;
    base::Instant due;
    bool armed = false;
  };
  class Handle final : public base::Timer {
   public:
    Handle(FakeTimers& timers, std::shared_ptr<State> state) : timers_(timers), state_(std::move(state)) {}
    ~Handle() override { state_->armed = false; }
    void start(base::Millis after) override {
      state_->due = timers_.clock_.now() + std::max(after, base::Millis{0});
      state_->armed = true;
    }
    void stop() override { state_->armed = false; }

   private:
    FakeTimers& timers_;
    std::shared_ptr<State> state_;
  };

  std::shared_ptr<State> earliest() {
    std::erase_if(states_, [](const auto& weak) { return weak.expired(); });
    std::shared_ptr<State> found;
    for (const auto& weak : states_) {
      const auto state = weak.lock();
      if (state->armed && (!found || state->due < found->due)) found = state;
    }
    return found;
  }

  FakeClock& clock_;
  std::vector<std::weak_ptr<State>> states_;
};

// A transport whose responses the test gives.
class FakeTransport final : public net::Transport {
 public:
  struct Pending {
    net::Request request;
    Done done;
    bool cancelled = false;
  };

  std::unique_ptr<net::Transfer> start(net::Request request, Done done) override {
    auto pending = std::make_shared<Pending>(Pending{std::move(request), std::move(done)});
    started.push_back(pending);
    return std::make_unique<Handle>(pending);
  }

  [[nodiscard]] const net::Request& last() const { return started.back()->request; }
  void respond(int status, std::string body, net::Headers headers = {}) {
    finish(net::Response{status, std::move(headers), std::move(body)});
  }
  void fail(net::TransferFailure::Kind kind, std::string message) {
    finish(base::make_unexpected(net::TransferFailure{kind, std::move(message)}));
  }
  // Completes the oldest request that is under way.
  void finish(net::Outcome outcome) {
    while (completed_ < started.size() && started[completed_]->cancelled) ++completed_;
    const auto pending = started.at(completed_++);
    const auto done = std::move(pending->done);
    done(std::move(outcome));
  }
  [[nodiscard]] std::size_t open() const { return started.size() - completed_; }

  std::vector<std::shared_ptr<Pending>> started;

 private:
  class Handle final : public net::Transfer {
   public:
    explicit Handle(std::shared_ptr<Pending> pending) : pending_(std::move(pending)) {}
    ~Handle() override { pending_->cancelled = true; }

   private:
    std::shared_ptr<Pending> pending_;
  };
  std::size_t completed_ = 0;
};

}  // namespace wxcc::tests
