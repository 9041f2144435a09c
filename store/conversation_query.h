// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/conversation_filter.h"
#include "store/sqlite.h"
#include "store/stored_task.h"

namespace wxcc::store {

// The SQL of a filter. Values never become part of the text: bind() gives them to the statement.
class ConversationQuery {
 public:
  explicit ConversationQuery(const ConversationFilter& filter) : filter_(filter) {}

  // All conversations of the filter, as read_conversation() reads them, in order of the filter's time field, then id.
  [[nodiscard]] std::string rows() const;
  // The messages found by the filter's text with their conversations' members and a snippet; also takes :limit. The
  // best ones first, or those of the newest conversations among the newest :tasks of the filter.
  [[nodiscard]] std::string best_hits() const;
  [[nodiscard]] std::string newest_hits() const;
  // One row: how many conversations, and how many messages they have.
  [[nodiscard]] std::string size() const;

  void bind(Statement& statement) const;

 private:
  [[nodiscard]] std::string conditions() const;
  [[nodiscard]] std::string conditions_but_text() const;
  [[nodiscard]] const char* time_column() const;

  const ConversationFilter& filter_;
};

// "SELECT ... FROM task AS t ...", to be continued by conditions: the columns that read_conversation() expects, which
// are those of model::task_fields(). The text is the same object at every call.
const std::string& conversation_select();

// See Reader::conversations_of_customer(); takes :text and :digits, NULL where the text is no phone number.
std::string conversations_of_customer_sql();
// The digits of a phone number; nothing for other texts and for fewer than six.
std::optional<std::string> phone_digits(std::string_view text);

struct KeyedConversation {
  std::int64_t task_key = 0;
  StoredTask row;
};
KeyedConversation read_conversation(Rows& row);

}  // namespace wxcc::store
