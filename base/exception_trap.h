// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <utility>

namespace wxcc::base {

// Carries the first exception of a callback through the C code that called it.
class ExceptionTrap {
 public:
  // False when the call threw.
  template <typename Call>
  bool guard(Call&& call) noexcept {
    try {
      call();
      return true;
    } catch (...) {
      if (!pending_) pending_ = std::current_exception();
      return false;
    }
  }
  [[nodiscard]] bool has_exception() const { return pending_ != nullptr; }
  void rethrow_pending() {
    if (pending_) std::rethrow_exception(std::exchange(pending_, nullptr));
  }

 private:
  std::exception_ptr pending_;
};

}  // namespace wxcc::base
