// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/query.h"
#include "store/reader.h"

namespace wxcc::store {

// The SQL of a filter. Values never become part of the text: bind() gives them to the query.
class ConversationQuery {
 public:
  explicit ConversationQuery(const ConversationFilter& filter) : filter_(filter) {}

  // All conversations of the filter, as read_conversation() reads them, in order of the filter's time field, then id.
  [[nodiscard]] std::string rows() const;
  // One row: how many conversations, and how many messages they have.
  [[nodiscard]] std::string size() const;

  void bind(Query& query) const;

 private:
  [[nodiscard]] std::string conditions() const;
  [[nodiscard]] const char* time_column() const;

  const ConversationFilter& filter_;
};

// The columns that read_conversation() expects, in its order.
inline constexpr const char* kConversationColumns =
    "task_key, task_id, channel, status, created_ms, ended_ms, duration_ms, queue, team, site, entry_point, agent, "
    "customer_name, customer_email, customer_phone, origin, destination, direction, wrapup_code, termination_type, "
    "csat_score, transcript_state, message_count";

struct KeyedConversation {
  std::int64_t task_key = 0;
  ConversationRow row;
};
KeyedConversation read_conversation(const Query& query);

}  // namespace wxcc::store
