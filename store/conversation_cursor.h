// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "store/conversation_filter.h"
#include "store/stored_task.h"

namespace wxcc::store {

class Connection;

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
  struct Execution;
  std::unique_ptr<Execution> execution_;
};

}  // namespace wxcc::store
