// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "simulator/cloud/options.h"
#include "simulator/cloud/task_generator.h"
#include "simulator/cloud/task_profile.h"

namespace wxcc::simulator {

// The value of a leaf of the search schema.
using Leaf = std::variant<std::monostate, bool, std::int64_t, std::string>;

// A task in the Search API at one instant. Computes its profile at the first access to it: filters read
// many tasks, and mostly their channel and state. Refers to all its arguments.
class TaskView {
 public:
  TaskView(const Options& options, const TaskGenerator& generator, TaskNumber number, base::Instant now)
      : options_(options),
        tasks_(generator),
        number_(number),
        now_(now),
        visibility_(generator.visibility(number, now)) {}

  [[nodiscard]] TaskNumber number() const { return number_; }
  [[nodiscard]] std::string id() const { return tasks_.id_of(number_); }
  [[nodiscard]] const TaskRecord& record() const { return tasks_.record(number_); }
  [[nodiscard]] base::Instant now() const { return now_; }
  [[nodiscard]] SearchVisibility visibility() const { return visibility_; }
  [[nodiscard]] bool has_ended() const { return visibility_ == SearchVisibility::Ended; }
  // No longer active; endedTime may still be -1.
  [[nodiscard]] bool is_over() const {
    return visibility_ == SearchVisibility::EndTimePending || visibility_ == SearchVisibility::Ended;
  }
  [[nodiscard]] const TaskProfile& profile() const;
  // True once the fields that are set after the end (wrap-up code, CSAT, topic) are available.
  [[nodiscard]] bool has_late_fields() const;

 private:
  const Options& options_;
  const TaskGenerator& tasks_;
  TaskNumber number_;
  base::Instant now_;
  SearchVisibility visibility_;
  mutable std::optional<TaskProfile> profile_;
};

}  // namespace wxcc::simulator
