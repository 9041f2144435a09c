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
  std::vector<model::Task> tasks;     // every task that could be parsed, active ones included
  std::vector<std::string> warnings;  // for the log, each of a task left out: "$.data.taskDetails.tasks[3]: no id"
  // Why the response may be damaged, at a member that decides what is archived; empty: it is not suspect. The same
  // request may succeed when it is repeated.
  std::string suspect_reason;
  bool has_next = false;                     // also true, without a cursor, if pageInfo is unusable: see suspect_reason
  std::string end_cursor;                    // opaque, sent to request the next page; empty: the API gave none
  std::optional<base::Instant> server_time;  // the Date header of the response
};

struct PageError {
  std::string message;            // what is invalid in the response, and where
  bool is_graphql_error = false;  // the response has GraphQL errors: the message is theirs
};

// Parses the body of a 200 response to POST /search. Lenient: members without a place in model::Task are stored in
// other_members, members of the wrong type count as absent, ids and numbers may be strings or numbers. A body without a
// list of tasks is an error, and so is one with GraphQL errors and an empty list.
base::Expected<SearchPage, PageError> parse_search_page(std::string_view body);

}  // namespace wxcc::webex
