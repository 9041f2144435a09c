// SPDX-License-Identifier: Apache-2.0
#include "sync/asking.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace wxcc::sync {
namespace {

namespace ch = std::chrono;

constexpr base::Millis kShortest = ch::seconds{30};
constexpr base::Millis kFirstRetry = ch::minutes{1};
constexpr base::Millis kLongest = ch::hours{6};

}  // namespace

using base::Instant;
using base::Millis;

std::optional<Instant> next_asking(Instant ended, Instant now, Millis deadline) {
  const Millis age = now - ended;
  if (age >= deadline) return std::nullopt;
  return now + std::clamp(age, kShortest, kLongest);
}

std::optional<Instant> next_asking(const store::DueTask& task, Instant now, Millis deadline) {
  if (const auto by_age = next_asking(task.ended, now, deadline)) return by_age;
  constexpr std::array<Millis, 2> kFurtherAskings{ch::minutes{30}, ch::hours{2}};
  const auto done = static_cast<std::size_t>(std::max(task.attempts, 0));
  if (task.was_absent || done >= kFurtherAskings.size()) return std::nullopt;
  return now + kFurtherAskings.at(done);
}

std::optional<Instant> next_try(const store::DueTask& task, Instant now, Millis deadline) {
  if (now - std::max(task.ended, task.first_queued) >= deadline) return std::nullopt;
  constexpr int kDoublings = 9;
  return now + std::min(kLongest, kFirstRetry * (1 << std::clamp(task.attempts, 0, kDoublings)));
}

std::optional<Instant> second_look_at(const store::DueTask& task, std::optional<Instant> newest, Instant now,
                                      Millis second_look, Readable readable) {
  if (task.second_look || second_look <= Millis{0}) return std::nullopt;
  const Instant last_change = std::max(task.ended, newest.value_or(task.ended));
  if (readable == Readable::Whole && now - last_change >= second_look) return std::nullopt;
  return now + second_look;
}

}  // namespace wxcc::sync
