// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/digest.h"
#include "base/random.h"

namespace wxcc::simulator {

// The purpose of a series of random numbers. With separate series, a change of one aspect of a task does not change the
// others.
enum class Series : std::uint64_t {
  Time = 1,
  Profile,
  Conversation,
  Transcript,
  Lag,
  Identity,
  Fault,
  Response,
  Token
};

// Random numbers that depend on the seed, the series and the index alone.
inline base::SeededRandom series_of(std::uint64_t seed, Series series, std::uint64_t index) {
  const auto mixed = [](std::uint64_t state) { return base::SeededRandom(state - 0x9E3779B97F4A7C15U).next(); };
  return base::SeededRandom(mixed(mixed(seed) + static_cast<std::uint64_t>(series) * 0xD1B54A32D192ED03U) ^
                            mixed(index + 0x9E3779B97F4A7C15U));
}

// An index for series_of() from a text, the same on every machine.
inline std::uint64_t index_of(std::string_view text) {
  std::uint64_t index = 0;
  const auto digest = base::sha256(text);
  for (std::size_t i = 0; i < sizeof index; ++i) index = index << 8U | digest[i];
  return index;
}

}  // namespace wxcc::simulator
