// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "simulator/cloud/graphql.h"
#include "simulator/cloud/task_view.h"

namespace wxcc::simulator {

using TaskFilter = std::function<bool(const TaskView&)>;

// Turns the argument "filter" (variables already replaced) into a predicate: field: {operator: value} with equals,
// notequals, match, contains, gt, gte, lt, lte; nested objects; and/or lists; at most 1,000 comparisons. nullptr: every
// task. Throws QueryError.
TaskFilter compile_filter(const graphql::Value* filter);

}  // namespace wxcc::simulator
