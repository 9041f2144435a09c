// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace wxcc::simulator {

// What a series of numbers is for. Separate series keep one aspect of a task as it is when another one changes.
enum class Series : std::uint64_t { Time = 1, Profile, Script, Delivery, Lag, Identity, Fault };

// Numbers that depend on nothing but the seed, the series and the index: the same on every machine, unlike the
// distributions of <random>. The generator is splitmix64.
class Dice {
 public:
  Dice(std::uint64_t seed, Series series, std::uint64_t index)
      : state_(mix(mix(seed) + static_cast<std::uint64_t>(series) * 0xD1B54A32D192ED03U) ^
               mix(index + 0x9E3779B97F4A7C15U)) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    return mix(state_);
  }
  // 0 to n-1; n must not be 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  // Both ends belong to it.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % (static_cast<std::uint64_t>(high - low) + 1U));
  }
  // At least 0, less than 1.
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  bool chance(double share) { return unit() < share; }
  template <typename Container>
  const auto& pick(const Container& choices) {
    return choices[below(std::size(choices))];
  }

 private:
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::uint64_t state_;
};

}  // namespace wxcc::simulator
