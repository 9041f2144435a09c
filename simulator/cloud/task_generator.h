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

// The stored part of a task; everything else is computed from its number.
struct TaskRecord {
  base::Instant created;
  base::Instant ended;  // may be in the future
  Channel channel = Channel::Chat;
};

// The state of a task in the Search API.
enum class SearchVisibility {
  NotCreated,
  Open,            // active, endedTime -1; also after the end until it is visible
  EndTimePending,  // no longer active, but endedTime is still -1
  Ended,
};

// All tasks of the organisation, in two orders. Each is a pure function of the seed, the start and its number: the ones
// before the start come first, live ones follow in the order of their creation.
class TaskGenerator {
 public:
  TaskGenerator(const Options& options, base::Instant start);

  // Creates the live tasks up to this time.
  void advance(base::Instant now);
  // Changes the end of the task, as after a resumed conversation.
  void move_end(TaskNumber number, base::Instant ended);

  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] const TaskRecord& record(TaskNumber number) const { return records_[number]; }
  [[nodiscard]] SearchVisibility visibility(TaskNumber number, base::Instant now) const;
  [[nodiscard]] base::Instant start() const { return start_; }

  // Ordered by the time, then by the number.
  [[nodiscard]] const std::vector<TaskNumber>& by_created() const { return by_created_; }
  [[nodiscard]] const std::vector<TaskNumber>& by_ended() const { return by_ended_; }

  // A UUID that contains the scrambled number, which makes a table of ids unnecessary.
  [[nodiscard]] std::string id_of(TaskNumber number) const;
  [[nodiscard]] std::optional<TaskNumber> find(std::string_view id) const;

 private:
  [[nodiscard]] TaskRecord past_task(TaskNumber number) const;
  [[nodiscard]] TaskRecord live_task(TaskNumber number) const;
  [[nodiscard]] base::Instant live_creation(TaskNumber number) const;
  void index_end(TaskNumber number);

  const Options& options_;
  base::Instant start_;
  std::vector<double> hours_;  // cumulative load of the hours before the start
  std::vector<TaskRecord> records_;
  std::vector<TaskNumber> by_created_;
  std::vector<TaskNumber> by_ended_;
};

}  // namespace wxcc::simulator
