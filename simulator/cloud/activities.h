// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "simulator/cloud/task_view.h"

namespace wxcc::simulator {

// One event in a task's life (the activity records of the Search API).
struct Activity {
  std::string_view event;
  base::Instant at;
  base::Instant until;
  bool by_agent = false;
};

// Those that have happened by the view's time, oldest first.
std::vector<Activity> activities_of(const TaskView& task);

struct ActivityField {
  std::string_view name;
  Leaf (*leaf)(const TaskView&, const Activity&);
};
const ActivityField* find_activity_field(std::string_view name);

}  // namespace wxcc::simulator
