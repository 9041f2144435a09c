// SPDX-License-Identifier: Apache-2.0
#include "store/transcript_table.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/digest.h"

namespace wxcc::store {
namespace {

constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

std::size_t speaker(const model::Conversation& conversation, const model::Message& message) {
  return message.participant < conversation.participants.size() ? message.participant : kNobody;
}

std::string name_of_format(const model::Conversation& conversation) {
  return conversation.format.empty() ? "unnamed" : conversation.format;
}

}  // namespace

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
    message.participant = participant ? static_cast<std::size_t>(*participant) : kNobody;
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
    const std::size_t participant = speaker(conversation, message);
    insert_message_.run(transcript_key, seq++, message.message_id, message.alias_id,
                        participant == kNobody ? std::nullopt : std::optional(static_cast<std::int64_t>(participant)),
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
                      one.participant = speaker(a, one);
                      other.participant = speaker(b, other);
                      return one == other;
                    });
}

TranscriptTable::TranscriptTable(Connection& connection)
    : select_of_task(
          connection,
          "SELECT transcript_key, source, capture_id, file_name, started_ms, created_ms, fetched_ms, sha256, "
          "format IS NOT NULL, message_count, first_seq FROM transcript WHERE task_key = :key ORDER BY transcript_key"),
      select_bytes(connection,
                   "SELECT source, provider, capture_id, file_name, language, started_ms, created_ms, raw "
                   "FROM transcript WHERE transcript_key = :key"),
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

TaskTranscripts::TaskTranscripts(TranscriptTable& table, std::int64_t task_key, base::Instant now)
    : table_(table), task_key_(task_key), now_(now) {
  load();
}

void TaskTranscripts::load() {
  Rows rows = table_.select_of_task.query(task_key_);
  while (rows.next()) {
    StoredTranscript& stored = stored_.emplace_back();
    stored.key = rows.count();
    model::TranscriptItem item;
    item.source = rows.text();
    item.capture_id = rows.text();
    item.file_name = rows.text();
    stored.identity = item.identity();
    stored.started = rows.instant();
    stored.created = rows.instant();
    stored.fetched = rows.instant().value();
    const std::string digest = rows.blob();
    std::memcpy(stored.sha256.data(), digest.data(), std::min(digest.size(), stored.sha256.size()));
    stored.parsed = rows.count() != 0;
    stored.message_count = rows.count();
    stored.first_seq = rows.integer();
  }
}

void TaskTranscripts::store(const FetchedTranscript& fetched) {
  const base::Sha256 digest = base::sha256(fetched.raw);
  const std::string identity = fetched.item.identity();
  const auto same = std::find_if(stored_.begin(), stored_.end(), [&](const StoredTranscript& stored) {
    return stored.sha256 == digest && stored.identity == identity;
  });
  if (same == stored_.end())
    add(fetched, digest);
  else
    refresh(*same, fetched);
}

void TaskTranscripts::add(const FetchedTranscript& fetched, const base::Sha256& digest) {
  const auto& conversation = fetched.conversation;
  StoredTranscript stored;
  stored.identity = fetched.item.identity();
  stored.started = fetched.item.started;
  stored.created = fetched.item.created;
  stored.fetched = now_;
  stored.sha256 = digest;
  stored.parsed = conversation.has_value();
  stored.message_count = conversation ? static_cast<std::int64_t>(conversation->messages.size()) : 0;
  stored.key = table_.insert
                   .query_one(task_key_, fetched.item.source, fetched.item.provider, fetched.item.capture_id,
                              fetched.item.file_name, fetched.item.language, fetched.item.started, fetched.item.created,
                              now_, digest, conversation ? name_of_format(*conversation) : std::string(),
                              parse_error_of(fetched), stored.message_count, Blob{fetched.raw})
                   .count();
  if (conversation) conversations_[stored.key] = &*conversation;
  stored_.push_back(std::move(stored));
  ++new_transcripts_;
}

void TaskTranscripts::refresh(StoredTranscript& stored, const FetchedTranscript& fetched) {
  if (fetched.conversation) conversations_[stored.key] = &*fetched.conversation;
  // The API may offer old bytes again as its newest version.
  if (stored.created < fetched.item.created) {
    stored.created = fetched.item.created;
    stored.started = fetched.item.started;
    table_.update_created.run(fetched.item.provider, fetched.item.language, fetched.item.started, fetched.item.created,
                              stored.key);
  }
  // A later version of this program may parse what an earlier one could not; the other way round nothing is given up.
  if (!stored.parsed && fetched.conversation) set_parsed(stored, *fetched.conversation);
}

void TaskTranscripts::set_parsed(StoredTranscript& stored, const model::Conversation& conversation) {
  stored.parsed = true;
  stored.message_count = static_cast<std::int64_t>(conversation.messages.size());
  table_.update_parsed.run(name_of_format(conversation), stored.message_count, stored.key);
}

Parsed TaskTranscripts::parse_again(std::int64_t transcript_key, const Parser& parser) const {
  Rows row = table_.select_bytes.query_one(transcript_key);
  model::TranscriptItem item;
  item.source = row.text();
  item.provider = row.text();
  item.capture_id = row.text();
  item.file_name = row.text();
  item.language = row.text();
  item.started = row.instant();
  item.created = row.instant();
  return parser(row.blob(), item);
}

ReparseStats TaskTranscripts::reparse(const Parser& parser) {
  ReparseStats stats;
  for (StoredTranscript& stored : stored_) {
    Parsed parsed = parse_again(stored.key, parser);
    ++stats.transcripts;
    if (!parsed.conversation) {
      if (stored.parsed) ++stats.now_unparsable;
      if (!stored.first_seq) stored.parsed = false;
      continue;
    }
    const model::Conversation& conversation =
        *parsed_again_.emplace_back(std::make_unique<model::Conversation>(std::move(*parsed.conversation)));
    conversations_[stored.key] = &conversation;
    const bool differs = stored.first_seq && !DerivedRows::same_rows(table_.derived.read(stored.key), conversation);
    if (differs) {
      table_.derived.remove(stored.key);
      new_messages_ += table_.derived.add(stored.key, conversation);
    }
    if (!stored.parsed) ++stats.newly_readable;
    if (differs || !stored.parsed) ++stats.changed;
    set_parsed(stored, conversation);
  }
  return stats;
}

bool TaskTranscripts::all_parsed() const {
  return std::all_of(stored_.begin(), stored_.end(), [](const StoredTranscript& stored) { return stored.parsed; });
}

// What an earlier program could parse and this one cannot has no messages at hand: unless it is current already, it
// does not take part, however new it claims to be.
std::vector<StoredTranscript> TaskTranscripts::candidates() const {
  std::vector<StoredTranscript> result;
  for (const StoredTranscript& stored : stored_)
    if (stored.parsed && (stored.first_seq || conversations_.count(stored.key) > 0)) result.push_back(stored);
  return result;
}

model::TranscriptState TaskTranscripts::select_current() {
  const std::vector<CurrentVersion> current = current_versions(candidates());
  for (StoredTranscript& stored : stored_) {
    const auto found =
        std::find_if(current.begin(), current.end(), [&](const CurrentVersion& one) { return one.key == stored.key; });
    set_first_seq(stored, found == current.end() ? std::nullopt : std::optional(found->first_seq));
  }
  return current.empty() ? model::TranscriptState::Unparsed : model::TranscriptState::Archived;
}

void TaskTranscripts::set_first_seq(StoredTranscript& stored, std::optional<std::int64_t> first_seq) {
  if (stored.first_seq == first_seq) return;
  if (!first_seq) table_.derived.remove(stored.key);
  if (!stored.first_seq) new_messages_ += table_.derived.add(stored.key, *conversations_.at(stored.key));
  table_.update_first_seq.run(first_seq, stored.key);
  stored.first_seq = first_seq;
}

}  // namespace wxcc::store
