// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "base/instant.h"
#include "simulator/cloud/options.h"

namespace wxcc::simulator {

using TaskNumber = std::uint32_t;

enum class Channel : std::uint8_t { Chat, Telephony, Email, Social };
inline constexpr auto kChannelNames = base::enum_names<Channel>({{Channel::Chat, "chat"},
                                                                 {Channel::Telephony, "telephony"},
                                                                 {Channel::Email, "email"},
                                                                 {Channel::Social, "social_channel"}});

// The stored part of a task; everything else is computed from its number again.
struct TaskRecord {
  base::Instant created;
  base::Instant ended;  // also while this lies ahead
  Channel channel = Channel::Chat;
};

// How the Search API shows a task.
enum class SearchVisibility {
  NotCreated,
  Open,            // active, endedTime -1; also while its end has not become visible
  EndTimePending,  // no longer active, but endedTime is still -1
  Ended,
};

// All tasks of the organisation, in two orders. Each is a pure function of the seed, the start and its number: the ones
// from before the start come first, live ones follow in the order of their creation.
class TaskGenerator {
 public:
  TaskGenerator(const Options& options, base::Instant start);

  // Afterwards the live tasks that were created by then exist.
  void advance(base::Instant now);
  // The task's end is another one from now on, as after a conversation that was taken up again.
  void move_end(TaskNumber number, base::Instant ended);

  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] const TaskRecord& record(TaskNumber number) const { return records_[number]; }
  [[nodiscard]] SearchVisibility visibility(TaskNumber number, base::Instant now) const;
  [[nodiscard]] base::Instant start() const { return start_; }

  // Numbers in ascending order of the time, then of the number.
  [[nodiscard]] const std::vector<TaskNumber>& by_created() const { return by_created_; }
  [[nodiscard]] const std::vector<TaskNumber>& by_ended() const { return by_ended_; }

  // A UUID that holds the number in a scrambled form, so that no table of ids is needed.
  [[nodiscard]] std::string id_of(TaskNumber number) const;
  [[nodiscard]] std::optional<TaskNumber> find(std::string_view id) const;

 private:
  [[nodiscard]] TaskRecord past_task(TaskNumber number) const;
  [[nodiscard]] TaskRecord live_task(TaskNumber number) const;
  [[nodiscard]] base::Instant live_creation(TaskNumber number) const;
  void index_end(TaskNumber number);

  const Options& options_;
  base::Instant start_;
  std::vector<double> hours_;  // running sums of how busy each hour before the start is
  std::vector<TaskRecord> records_;
  std::vector<TaskNumber> by_created_;
  std::vector<TaskNumber> by_ended_;
};

}  // namespace wxcc::simulator
