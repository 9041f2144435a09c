// SPDX-License-Identifier: Apache-2.0
#include "store/derived.h"

#include <algorithm>
#include <limits>

#include "store/query.h"

namespace wxcc::store {
namespace {

constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

std::size_t speaker(const model::Conversation& conversation, const model::Message& message) {
  return message.participant < conversation.participants.size() ? message.participant : kNobody;
}

}  // namespace

model::Conversation stored_conversation(Connection& connection, std::int64_t transcript_key) {
  model::Conversation conversation;
  {
    Query query(connection,
                "SELECT name, role, user_id FROM participant WHERE transcript_key = :key ORDER BY position");
    query.bind(":key", transcript_key);
    while (query.step()) {
      Columns in(query);
      model::Participant& participant = conversation.participants.emplace_back();
      participant.name = in.text();
      participant.role = in.text();
      participant.user_id = in.text();
    }
  }
  Query query(connection,
              "SELECT message_id, alias_id, sent_ms, direction, participant, text, redacted FROM message "
              "WHERE transcript_key = :key ORDER BY seq");
  query.bind(":key", transcript_key);
  while (query.step()) {
    Columns in(query);
    model::Message& message = conversation.messages.emplace_back();
    message.message_id = in.text();
    message.alias_id = in.text();
    message.sent = in.instant();
    message.direction = in.text();
    const std::optional<std::int64_t> participant = in.integer();
    message.participant = participant ? static_cast<std::size_t>(*participant) : kNobody;
    message.text = in.text();
    if (const std::optional<std::int64_t> redacted = in.integer()) message.redacted = *redacted != 0;
  }
  return conversation;
}

bool same_rows(const model::Conversation& a, const model::Conversation& b) {
  if (a.participants != b.participants) return false;
  return std::equal(a.messages.begin(), a.messages.end(), b.messages.begin(), b.messages.end(),
                    [&](model::Message one, model::Message other) {
                      one.participant = speaker(a, one);
                      other.participant = speaker(b, other);
                      return one == other;
                    });
}

}  // namespace wxcc::store
