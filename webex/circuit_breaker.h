// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include "base/instant.h"

namespace wxcc::webex {

enum class Route { Search, Captures, Download };

// Decides whether a route counts as down, for all calls. A circuit opens when a call has failed after all its attempts,
// and closes when one succeeds; while it is open each call gets a single attempt, so that an outage costs little
// however long it lasts. Until the API has responded once, a call gives up after the initial contact timeout, which
// opens the circuits of both API routes. Pure.
class CircuitBreaker {
 public:
  explicit CircuitBreaker(base::Millis initial_contact_timeout) : initial_contact_timeout_(initial_contact_timeout) {}

  [[nodiscard]] bool is_open(Route route) const { return open_.at(static_cast<std::size_t>(route)); }
  // False until the API has responded, whatever its response was. Downloads have other hosts and do not count.
  [[nodiscard]] bool ever_reached() const { return ever_reached_; }

  void on_response(Route route) { ever_reached_ = ever_reached_ || route != Route::Download; }
  void on_success(Route route) { set_open(route, false); }
  void on_give_up(Route route) { set_open(route, true); }
  // An attempt has failed. Returns whether the call may wait for the next one; false: it gives up, and the circuit is
  // open. next_delay: std::nullopt when the call has no attempt left; waited: since the call began.
  bool may_retry(Route route, std::optional<base::Millis> next_delay, base::Millis waited);

 private:
  void set_open(Route route, bool open) { open_.at(static_cast<std::size_t>(route)) = open; }

  base::Millis initial_contact_timeout_;
  std::array<bool, 3> open_{};  // by Route
  bool ever_reached_ = false;
};

}  // namespace wxcc::webex
