// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/task_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "simulator/cloud/series.h"

namespace wxcc::simulator {
namespace {

using base::Instant;
using base::Millis;

constexpr std::uint64_t kNumberMask = (std::uint64_t{1} << 48U) - 1U;
constexpr std::uint64_t kScrambleFactor = 0x9E3779B97F4BU;

// The inverse of an odd number modulo 2^64, by Newton's iteration.
constexpr std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t x = odd;
  for (int i = 0; i < 6; ++i) x *= 2U - odd * x;
  return x;
}
static_assert(kScrambleFactor * inverse(kScrambleFactor) == 1U);

double hourly_load(Instant hour) {
  constexpr std::array<double, 24> kLoadByHour = {.05, .03, .02, .02, .03, .1, .3, .7, 1.2, 1.5, 1.6, 1.4,
                                                  1.2, 1.4, 1.5, 1.4, 1.1, .8, .5, .4, .3,  .2,  .15, .1};
  const auto day = std::chrono::floor<std::chrono::days>(hour);
  const unsigned weekday = std::chrono::weekday{day}.iso_encoding();
  const double of_day = weekday == 6 ? .4 : weekday == 7 ? .25 : 1;
  const auto clock_hour = std::chrono::duration_cast<std::chrono::hours>(hour - day).count();
  return of_day * kLoadByHour[static_cast<std::size_t>(clock_hour)];
}

Channel channel_of(base::Random& rng, double chat_share) {
  if (rng.chance(chat_share)) return Channel::Chat;
  const double kind = rng.unit();
  return kind < .5 ? Channel::Telephony : kind < .85 ? Channel::Email : Channel::Social;
}

// Mostly near the mean, with a long tail; at least two seconds.
Millis duration_around(base::Random& rng, Millis mean) {
  // No function of <cmath>: their last digits differ between machines.
  const double place = rng.unit();
  const double factor = .3 + .4 * place / (1 - .9 * place);
  return std::max(Millis{2000}, Millis{static_cast<std::int64_t>(static_cast<double>(mean.count()) * factor)});
}

Millis lag_of(base::Random& rng, Millis typical) {
  return Millis{static_cast<std::int64_t>(rng.unit() * 2 * static_cast<double>(typical.count()))};
}

}  // namespace

TaskGenerator::TaskGenerator(const Options& options, Instant start) : options_(options), start_(start) {
  double sum = 0;
  const int hours = std::max(1, options.days) * 24;
  for (int hour = hours; hour > 0; --hour) hours_.push_back(sum += hourly_load(start - std::chrono::hours{hour}));
  records_.reserve(options.tasks);
  for (TaskNumber number = 0; number < options.tasks; ++number) records_.push_back(past_task(number));

  by_created_.resize(records_.size());
  std::iota(by_created_.begin(), by_created_.end(), TaskNumber{0});
  by_ended_ = by_created_;
  std::stable_sort(by_created_.begin(), by_created_.end(),
                   [&](auto a, auto b) { return records_[a].created < records_[b].created; });
  std::stable_sort(by_ended_.begin(), by_ended_.end(),
                   [&](auto a, auto b) { return records_[a].ended < records_[b].ended; });
}

TaskRecord TaskGenerator::past_task(TaskNumber number) const {
  base::SeededRandom shared =
      series_of(options_.seed, Series::Time, number / std::max<std::size_t>(1, options_.duplicate_timestamps));
  const double target = shared.unit() * hours_.back();
  const auto slot = std::upper_bound(hours_.begin(), hours_.end(), target) - hours_.begin();
  const auto hours_before = static_cast<std::int64_t>(hours_.size()) - static_cast<std::int64_t>(slot);
  const Instant ended = start_ - std::chrono::hours{hours_before} + Millis{shared.between(0, 3'599'999)};

  base::SeededRandom own = series_of(options_.seed, Series::Profile, number);
  const Channel channel = channel_of(own, options_.chat_share);
  return {ended - duration_around(own, std::chrono::minutes{12}), ended, channel};
}

Instant TaskGenerator::live_creation(TaskNumber number) const {
  base::SeededRandom rng = series_of(options_.seed, Series::Time, number + (std::uint64_t{1} << 40U));
  const double minutes = (static_cast<double>(number - options_.tasks) + rng.unit()) / options_.live_rate;
  return start_ + Millis{static_cast<std::int64_t>(minutes * 60000)};
}

TaskRecord TaskGenerator::live_task(TaskNumber number) const {
  base::SeededRandom own = series_of(options_.seed, Series::Profile, number);
  const Channel channel = channel_of(own, options_.chat_share);
  const Instant created = live_creation(number);
  return {created, created + duration_around(own, options_.live_duration), channel};
}

void TaskGenerator::advance(Instant now) {
  if (options_.live_rate <= 0) return;
  for (;;) {
    const auto number = static_cast<TaskNumber>(records_.size());
    if (live_creation(number) > now) return;
    records_.push_back(live_task(number));
    by_created_.push_back(number);
    index_end(number);
  }
}

void TaskGenerator::index_end(TaskNumber number) {
  const auto place = std::upper_bound(by_ended_.begin(), by_ended_.end(), number,
                                      [&](auto a, auto b) { return records_[a].ended < records_[b].ended; });
  by_ended_.insert(place, number);
}

void TaskGenerator::move_end(TaskNumber number, Instant ended) {
  std::erase(by_ended_, number);
  records_[number].ended = ended;
  index_end(number);
}

SearchVisibility TaskGenerator::visibility(TaskNumber number, Instant now) const {
  const TaskRecord& task = records_[number];
  if (task.created > now) return SearchVisibility::NotCreated;
  if (task.ended > now) return SearchVisibility::Open;
  if (options_.search_lag.count() == 0 && options_.end_time_pending_share <= 0) return SearchVisibility::Ended;
  base::SeededRandom rng = series_of(options_.seed, Series::Lag, number);
  const Instant visible = task.ended + lag_of(rng, options_.search_lag);
  if (visible > now) return SearchVisibility::Open;
  const bool undated = rng.chance(options_.end_time_pending_share) && visible + options_.end_time_pending_for > now;
  return undated ? SearchVisibility::EndTimePending : SearchVisibility::Ended;
}

std::string TaskGenerator::id_of(TaskNumber number) const {
  base::SeededRandom rng = series_of(options_.seed, Series::Identity, number);
  const std::uint64_t high = rng.next();
  const std::uint64_t middle = rng.next();
  const std::uint64_t low = ((number ^ options_.seed) * kScrambleFactor) & kNumberMask;
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU, high & 0xFFFU,
                     (middle & 0x3FFFU) | 0x8000U, low);
}

std::optional<TaskNumber> TaskGenerator::find(std::string_view id) const {
  if (id.size() != 36) return std::nullopt;
  std::uint64_t low = 0;
  for (const char c : id.substr(24)) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    low = low << 4U | digit;
  }
  const std::uint64_t number = ((low * inverse(kScrambleFactor)) ^ options_.seed) & kNumberMask;
  if (number >= records_.size()) return std::nullopt;
  const auto found = static_cast<TaskNumber>(number);
  return id_of(found) == id ? std::optional(found) : std::nullopt;
}

}  // namespace wxcc::simulator
