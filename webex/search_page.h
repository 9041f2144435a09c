// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "model/task.h"

namespace wxcc::webex {

// One page of a search.
struct SearchPage {
  std::vector<model::Task> tasks;     // every task that could be read, also open ones
  std::vector<std::string> problems;  // "$.data.taskDetails.tasks[3]: no id": what could not be, for the log
  // Why the answer looks damaged, at members that decide what is archived; empty: it does not. Asking again may help.
  std::string doubt;
  bool has_next = false;                     // also, without a cursor, when the answer does not say: see doubt
  std::string end_cursor;                    // opaque, to be sent back for the next page; some clouds forget it
  std::optional<base::Instant> server_time;  // the answer's Date, when it has one
};

struct PageError {
  std::string message;   // what is wrong with the answer and where
  bool refused = false;  // the cloud answered with GraphQL errors: the message is theirs
};

// Reads the body of a 200 answer to POST /search. Lenient: unknown members are kept, members of the wrong type count as
// absent, ids and numbers may be of either kind. An answer without a task list is
// an error, and so is one with errors beside an empty list.
base::Expected<SearchPage, PageError> parse_search_page(std::string_view body);

}  // namespace wxcc::webex
