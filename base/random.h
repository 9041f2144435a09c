// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

namespace wxcc::base {

// The source of random numbers, so that a run can be repeated from a seed. Not for secrets: those come from
// base/digest.h.
class Random {
 public:
  virtual ~Random() = default;
  // All 64 bits are random.
  [[nodiscard]] virtual std::uint64_t next() = 0;
  // At least 0, less than 1.
  [[nodiscard]] double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  // True in this share of the calls, 0 to 1.
  [[nodiscard]] bool chance(double share) { return unit() < share; }
  // 0 to n - 1; n is not 0.
  [[nodiscard]] std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  // low to high, both included.
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % (static_cast<std::uint64_t>(high - low) + 1U));
  }
  // One element; the container is not empty.
  template <typename Container>
  [[nodiscard]] const auto& pick(const Container& choices) {
    return choices[below(std::size(choices))];
  }
  // A version 4 UUID (RFC 4122), lower case.
  [[nodiscard]] std::string uuid();
};

// The same numbers on every machine for the same seed (splitmix64).
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

// Seeded by the operating system.
class SystemRandom final : public Random {
 public:
  SystemRandom();
  [[nodiscard]] std::uint64_t next() override { return generator_(); }

 private:
  std::mt19937_64 generator_;
};

}  // namespace wxcc::base
