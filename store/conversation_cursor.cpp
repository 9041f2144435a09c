// SPDX-License-Identifier: Apache-2.0
#include "store/conversation_cursor.h"

#include "store/connection.h"
#include "store/conversation_query.h"
#include "store/query.h"
#include "store/search.h"

namespace wxcc::store {

ConversationCursor::ConversationCursor(Connection& connection, const ConversationFilter& filter)
    : connection_(&connection) {
  connection.guarded("reading", [&] {
    check_full_text(connection, filter.text);
    const ConversationQuery conversations(filter);
    query_ = std::make_unique<Query>(connection, conversations.rows());
    conversations.bind(*query_);
  });
}

ConversationCursor::ConversationCursor(ConversationCursor&&) noexcept = default;
ConversationCursor::~ConversationCursor() = default;

std::optional<StoredTask> ConversationCursor::next() {
  return connection_->guarded("reading", [&]() -> std::optional<StoredTask> {
    if (!query_->step()) return std::nullopt;
    return read_conversation(*query_).row;
  });
}

}  // namespace wxcc::store
