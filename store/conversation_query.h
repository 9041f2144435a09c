// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time_range.h"
#include "model/task.h"
#include "model/time_field.h"
#include "model/transcript_state.h"

namespace wxcc::store {

class Connection;
class Rows;
class Statement;

// Selects conversations. Names compare without regard to case (ASCII), lists mean "any of".
struct ConversationFilter {
  std::optional<base::TimeRange> range;
  model::TimeField by = model::TimeField::Ended;
  std::vector<std::string> queues;  // names or ids
  std::vector<std::string> agents;  // names or ids
  std::vector<std::string> channels;
  std::string text;                    // full text query as typed, see full_text_query(); empty: no condition
  std::vector<std::string> teams;      // names or ids
  std::vector<std::string> customers;  // whole names, e-mail addresses or telephone numbers
  std::vector<model::TranscriptState> states;
};

// The fields that a filter selects by name.
enum class FilterField { Queue, Team, Agent, Channel };

// A task as stored. Without a duration from the API it has that of the views: from creation to end.
struct StoredTask {
  model::Task task;
  model::TranscriptState transcript_state = model::TranscriptState::Pending;
  std::int64_t message_count = 0;  // of the current transcripts
};

// The conversations of a filter, one after the other. The reader that created it must outlive it, and may be used
// during the iteration.
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

StoredTask read_conversation(Rows& row);

}  // namespace wxcc::store
