// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/timers.h"

namespace wxcc::tests {

// Months within seconds: time jumps to the next timer. A run depends on nothing that the machine is doing.
class VirtualTime final : public base::Timers {
 public:
  // A machine's clock.
  class MachineClock final : public base::Clock {
   public:
    explicit MachineClock(const VirtualTime& time) : time_(time) {}
    [[nodiscard]] base::Instant now() const override { return base::Instant{time_.now_ + ahead_}; }
    void step(base::Millis by) { ahead_ += by; }

   private:
    const VirtualTime& time_;
    base::Millis ahead_{0};
  };

  std::unique_ptr<base::Timer> add_timer(std::function<void()> fire) override {
    auto state = std::make_shared<State>();
    state->fire = std::move(fire);
    states_.push_back(state);
    return std::make_unique<Handle>(*this, std::move(state));
  }
  [[nodiscard]] base::Millis monotonic_now() const override { return now_; }

  // Lets at most so much time pass; ends as soon as the condition holds between two events. Returns whether it did.
  bool run(base::Millis at_most, const std::function<bool()>& until) {
    const base::Millis end = now_ + at_most;
    while (!until()) {
      const std::shared_ptr<State> next = earliest();
      if (!next || next->due > end) {
        now_ = std::max(now_, end);
        return false;
      }
      now_ = std::max(now_, next->due);
      next->armed = false;
      next->fire();
    }
    return true;
  }
  void run(base::Millis length) {
    run(length, [] { return false; });
  }

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
      state_->due = time_.now_ + std::max(after, base::Millis{0});
      state_->armed = true;
    }
    void stop() override { state_->armed = false; }

   private:
    VirtualTime& time_;
    std::shared_ptr<State> state_;
  };

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

  base::Millis now_{1'767'225'600'000};  // 2026-01-01T00:00:00Z, a Thursday
  std::list<std::weak_ptr<State>> states_;
};

}  // namespace wxcc::tests
