// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <fmt/format.h>

namespace wxcc::base {

std::string Random::uuid() {
  const std::uint64_t high = (next() & ~std::uint64_t{0xF000}) | 0x4000U;
  const std::uint64_t low = (next() & ~(std::uint64_t{3} << 62U)) | (std::uint64_t{2} << 62U);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU, high & 0xFFFFU,
                     low >> 48U, low & 0xFFFFFFFFFFFFU);
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

SystemRandom::SystemRandom() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  generator_.seed(seed);
}

}  // namespace wxcc::base
