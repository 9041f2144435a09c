// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/expected.h"
#include "simulator/cloud/graphql.h"
#include "simulator/cloud/options.h"
#include "simulator/cloud/search_filter.h"
#include "simulator/cloud/selection.h"

namespace wxcc::simulator {

enum class TimeComparator { Created, Ended };

// The arguments of taskDetails and task, checked.
struct SearchArguments {
  base::Instant from;
  base::Instant to;  // inclusive, like from; a future one has become now
  TimeComparator comparator = TimeComparator::Created;
  TaskFilter filter;
  std::size_t page = 0;
  bool epoch_seconds_given = false;  // from and to are in seconds, which the service takes without a word
};

base::Expected<SearchArguments, std::string> read_arguments(const graphql::Field& root, const Selection& selection,
                                                            const Options& options, base::Instant now);

// The cursor with which the client asks for that page, in the chosen style.
std::string cursor_of(std::size_t page, const Options& options);

}  // namespace wxcc::simulator
