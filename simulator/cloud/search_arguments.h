// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/cloud/graphql.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/search_filter.h"
#include "simulator/cloud/selection.h"

namespace wxcc::simulator {

// An aggregation of type count: the number of tasks that pass this filter and the query's own.
struct Count {
  std::string name;
  TaskFilter filter;
};

// The validated arguments of taskDetails and task.
struct SearchArguments {
  base::Instant from;
  base::Instant to;  // inclusive, like from; at most now
  TimeComparator comparator = TimeComparator::Created;
  TaskFilter filter;
  std::size_t page = 0;
  std::vector<Count> counts;         // empty: a raw query
  bool epoch_seconds_given = false;  // from and to are in seconds: the result is empty
};

// Throws QueryError.
SearchArguments read_arguments(const graphql::Field& root, const Options& options, base::Instant now);

// The cursor of the page, in the form of the options.
std::string cursor_of(std::size_t page, const Options& options);

}  // namespace wxcc::simulator
