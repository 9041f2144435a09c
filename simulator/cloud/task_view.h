// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "simulator/options.h"
#include "simulator/population.h"
#include "simulator/profile.h"

namespace wxcc::simulator {

// The value of a leaf of the search schema.
using Leaf = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

// A task as the Search API shows it at one instant. Works its profile out only when somebody asks for a member of it:
// filters look at many tasks and mostly at channel and state. Refers to all its arguments.
class TaskView {
 public:
  TaskView(const Options& options, const Population& population, TaskNumber number, base::Instant now)
      : options_(options), population_(population), number_(number), now_(now), phase_(population.phase(number, now)) {}

  [[nodiscard]] TaskNumber number() const { return number_; }
  [[nodiscard]] std::string id() const { return population_.id_of(number_); }
  [[nodiscard]] const TaskRecord& record() const { return population_.record(number_); }
  [[nodiscard]] base::Instant now() const { return now_; }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] bool is_over() const { return phase_ == Phase::Undated || phase_ == Phase::Ended; }
  [[nodiscard]] const Profile& profile() const;
  // True when what is computed after the end (wrap-up code, CSAT, topic) has arrived.
  [[nodiscard]] bool has_late_fields() const;

 private:
  const Options& options_;
  const Population& population_;
  TaskNumber number_;
  base::Instant now_;
  Phase phase_;
  mutable std::optional<Profile> profile_;
};

}  // namespace wxcc::simulator
