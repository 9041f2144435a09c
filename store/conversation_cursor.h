// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

namespace wxcc::store {

class Connection;
class Query;
struct ConversationFilter;
struct StoredTask;

// The conversations of a filter, one after the other. The reader that made it must outlive it, and may be used
// meanwhile.
class ConversationCursor {
 public:
  ConversationCursor(Connection& connection, const ConversationFilter& filter);
  ConversationCursor(ConversationCursor&&) noexcept;
  ~ConversationCursor();

  // std::nullopt after the last. Throws StoreError.
  std::optional<StoredTask> next();

 private:
  Connection* connection_;
  std::unique_ptr<Query> query_;
};

}  // namespace wxcc::store
