// SPDX-License-Identifier: Apache-2.0
#include "store/transcript_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace wxcc::store {
namespace {

constexpr std::size_t kNoParticipant = std::numeric_limits<std::size_t>::max();

std::size_t participant_of(const model::Conversation& conversation, const model::Message& message) {
  return message.participant < conversation.participants.size() ? message.participant : kNoParticipant;
}

}  // namespace

model::TranscriptItem read_item(Rows& row) {
  model::TranscriptItem item;
  item.source = row.text();
  item.provider = row.text();
  item.capture_id = row.text();
  item.file_name = row.text();
  item.language = row.text();
  item.started = row.instant();
  item.created = row.instant();
  return item;
}

DerivedRows::DerivedRows(Connection& connection)
    : select_participants_(connection,
                           "SELECT name, role, user_id FROM participant WHERE transcript_key = :key ORDER BY position"),
      select_messages_(connection,
                       "SELECT message_id, alias_id, sent_ms, direction, participant, text, redacted FROM message "
                       "WHERE transcript_key = :key ORDER BY seq"),
      insert_participant_(connection,
                          "INSERT INTO participant (transcript_key, position, name, role, user_id) "
                          "VALUES (:key, :position, :name, :role, :user_id)"),
      insert_message_(connection,
                      "INSERT INTO message (transcript_key, seq, message_id, alias_id, participant, sent_ms, "
                      "direction, text, redacted) VALUES (:key, :seq, :message_id, :alias_id, :participant, :sent, "
                      ":direction, :text, :redacted)"),
      delete_messages_(connection, "DELETE FROM message WHERE transcript_key = :key"),
      delete_participants_(connection, "DELETE FROM participant WHERE transcript_key = :key") {}

model::Conversation DerivedRows::read(std::int64_t transcript_key) {
  model::Conversation conversation;
  Rows participants = select_participants_.query(transcript_key);
  while (participants.next()) {
    model::Participant& participant = conversation.participants.emplace_back();
    participant.name = participants.text();
    participant.role = participants.text();
    participant.user_id = participants.text();
  }
  Rows messages = select_messages_.query(transcript_key);
  while (messages.next()) {
    model::Message& message = conversation.messages.emplace_back();
    message.message_id = messages.text();
    message.alias_id = messages.text();
    message.sent = messages.instant();
    message.direction = messages.text();
    const std::optional<std::int64_t> participant = messages.integer();
    message.participant = participant ? static_cast<std::size_t>(*participant) : kNoParticipant;
    message.text = messages.text();
    message.redacted = messages.flag();
  }
  return conversation;
}

int DerivedRows::add(std::int64_t transcript_key, const model::Conversation& conversation) {
  std::int64_t position = 0;
  for (const model::Participant& participant : conversation.participants)
    insert_participant_.run(transcript_key, position++, participant.name, participant.role, participant.user_id);
  std::int64_t seq = 0;
  for (const model::Message& message : conversation.messages) {
    const std::size_t participant = participant_of(conversation, message);
    insert_message_.run(
        transcript_key, seq++, message.message_id, message.alias_id,
        participant == kNoParticipant ? std::nullopt : std::optional(static_cast<std::int64_t>(participant)),
        message.sent, message.direction, message.text, message.redacted);
  }
  return static_cast<int>(seq);
}

void DerivedRows::remove(std::int64_t transcript_key) {
  delete_messages_.run(transcript_key);
  delete_participants_.run(transcript_key);
}

bool DerivedRows::same_rows(const model::Conversation& a, const model::Conversation& b) {
  if (a.participants != b.participants) return false;
  return std::equal(a.messages.begin(), a.messages.end(), b.messages.begin(), b.messages.end(),
                    [&](model::Message one, model::Message other) {
                      one.participant = participant_of(a, one);
                      other.participant = participant_of(b, other);
                      return one == other;
                    });
}

TranscriptTable::TranscriptTable(Connection& connection)
    : select_of_task(
          connection,
          "SELECT transcript_key, source, capture_id, file_name, started_ms, created_ms, fetched_ms, sha256, "
          "format IS NOT NULL, message_count, first_seq FROM transcript WHERE task_key = :key ORDER BY transcript_key"),
      select_bytes(connection,
                   fmt::format("SELECT {}, x.raw FROM transcript AS x WHERE x.transcript_key = :key", kItemColumns)),
      insert(connection,
             "INSERT INTO transcript (task_key, source, provider, capture_id, file_name, language, started_ms, "
             "created_ms, fetched_ms, sha256, format, parse_error, message_count, raw) VALUES (:task_key, :source, "
             ":provider, :capture_id, :file_name, :language, :started, :created, :fetched, :sha256, :format, "
             ":parse_error, :message_count, :raw) RETURNING transcript_key"),
      update_created(connection,
                     "UPDATE transcript SET provider = :provider, language = :language, started_ms = :started, "
                     "created_ms = :created WHERE transcript_key = :key"),
      update_parsed(connection,
                    "UPDATE transcript SET format = :format, parse_error = NULL, message_count = :count "
                    "WHERE transcript_key = :key AND (format, message_count) IS NOT (:format, :count)"),
      update_first_seq(connection, "UPDATE transcript SET first_seq = :first_seq WHERE transcript_key = :key"),
      derived(connection) {}

}  // namespace wxcc::store
