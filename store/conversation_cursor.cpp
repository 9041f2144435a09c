// SPDX-License-Identifier: Apache-2.0
#include "store/conversation_cursor.h"

#include "store/conversation_query.h"
#include "store/search.h"
#include "store/sqlite.h"

namespace wxcc::store {
namespace {

Rows start(Statement& statement, const ConversationQuery& conversations) {
  conversations.bind(statement);
  return statement.query();
}

}  // namespace

struct ConversationCursor::Execution {
  Execution(Connection& connection, const ConversationQuery& conversations)
      : statement(connection, conversations.rows()), rows(start(statement, conversations)) {}

  Statement statement;
  Rows rows;
};

ConversationCursor::ConversationCursor(Connection& connection, const ConversationFilter& filter) {
  check_full_text(connection, filter.text);
  execution_ = std::make_unique<Execution>(connection, ConversationQuery(filter));
}

ConversationCursor::ConversationCursor(ConversationCursor&&) noexcept = default;
ConversationCursor::~ConversationCursor() = default;

std::optional<StoredTask> ConversationCursor::next() {
  if (!execution_->rows.next()) return std::nullopt;
  return read_conversation(execution_->rows).row;
}

}  // namespace wxcc::store
