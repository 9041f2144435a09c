// SPDX-License-Identifier: Apache-2.0
#include "store/transcript_rows.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/digest.h"
#include "store/query.h"

namespace wxcc::store {
namespace {

std::int64_t message_count_of(const FetchedTranscript& fetched) {
  return fetched.conversation ? static_cast<std::int64_t>(fetched.conversation->messages.size()) : 0;
}

std::string name_of_format(const model::Conversation& conversation) {
  return conversation.format.empty() ? "unnamed" : conversation.format;
}

std::string format_of(const FetchedTranscript& fetched) {
  return fetched.conversation ? name_of_format(*fetched.conversation) : std::string();
}

std::string parse_error_of(const FetchedTranscript& fetched) {
  if (fetched.conversation) return {};
  return fetched.parse_error.empty() ? "the transcript could not be parsed" : fetched.parse_error;
}

std::optional<std::int64_t> as_integer(std::optional<bool> flag) {
  if (!flag) return std::nullopt;
  return *flag ? 1 : 0;
}

}  // namespace

TranscriptRows::TranscriptRows(Connection& connection, std::int64_t task_key, base::Instant now)
    : connection_(connection), task_key_(task_key), now_(now) {
  load();
}

void TranscriptRows::load() {
  Query query(
      connection_,
      "SELECT transcript_key, source, capture_id, file_name, started_ms, created_ms, fetched_ms, sha256, "
      "format IS NOT NULL, message_count, first_seq FROM transcript WHERE task_key = :key ORDER BY transcript_key");
  query.bind(":key", task_key_);
  while (query.step()) {
    Columns in(query);
    StoredTranscript stored;
    stored.key = in.count();
    model::TranscriptItem item;
    item.source = in.text();
    item.capture_id = in.text();
    item.file_name = in.text();
    stored.identity = item.identity();
    stored.started = in.instant();
    stored.created = in.instant();
    stored.fetched = in.instant().value();
    const std::string digest = in.blob();
    std::memcpy(stored.sha256.data(), digest.data(), std::min(digest.size(), stored.sha256.size()));
    stored.parsed = in.count() != 0;
    stored.message_count = in.count();
    stored.first_seq = in.integer();
    stored_.push_back(std::move(stored));
  }
}

void TranscriptRows::keep(const FetchedTranscript& fetched) {
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

void TranscriptRows::add(const FetchedTranscript& fetched, const base::Sha256& digest) {
  StoredTranscript stored;
  stored.identity = fetched.item.identity();
  stored.started = fetched.item.started;
  stored.created = fetched.item.created;
  stored.fetched = now_;
  stored.sha256 = digest;
  stored.parsed = fetched.conversation.has_value();
  stored.message_count = message_count_of(fetched);
  Query query(
      connection_,
      "INSERT INTO transcript (task_key, source, provider, capture_id, file_name, language, started_ms, created_ms, "
      "fetched_ms, sha256, format, parse_error, message_count, raw) VALUES (:task_key, :source, :provider, "
      ":capture_id, :file_name, :language, :started, :created, :fetched, :sha256, :format, :parse_error, "
      ":message_count, :raw) RETURNING transcript_key");
  query.bind(":task_key", task_key_)
      .bind(":source", fetched.item.source)
      .bind(":provider", fetched.item.provider)
      .bind(":capture_id", fetched.item.capture_id)
      .bind(":file_name", fetched.item.file_name)
      .bind(":language", fetched.item.language)
      .bind(":started", fetched.item.started)
      .bind(":created", fetched.item.created)
      .bind(":fetched", now_)
      .bind(":sha256", digest)
      .bind(":format", format_of(fetched))
      .bind(":parse_error", parse_error_of(fetched))
      .bind(":message_count", stored.message_count)
      .bind_blob(":raw", fetched.raw);
  query.step();
  stored.key = Columns(query).count();
  if (fetched.conversation) conversations_[stored.key] = &*fetched.conversation;
  stored_.push_back(std::move(stored));
  ++kept_.new_transcripts;
}

void TranscriptRows::refresh(StoredTranscript& stored, const FetchedTranscript& fetched) {
  if (fetched.conversation) conversations_[stored.key] = &*fetched.conversation;
  // The cloud may offer old bytes again as its newest version.
  if (stored.created < fetched.item.created) {
    stored.created = fetched.item.created;
    stored.started = fetched.item.started;
    Query(connection_,
          "UPDATE transcript SET provider = :provider, language = :language, started_ms = :started, created_ms = "
          ":created "
          "WHERE transcript_key = :key")
        .bind(":provider", fetched.item.provider)
        .bind(":language", fetched.item.language)
        .bind(":started", fetched.item.started)
        .bind(":created", fetched.item.created)
        .bind(":key", stored.key)
        .run();
  }
  // A later version of this program may read what an earlier one could not; the other way round nothing is given up.
  if (!stored.parsed && fetched.conversation) {
    set_parsed(stored, *fetched.conversation);
  }
}

void TranscriptRows::set_parsed(StoredTranscript& stored, const model::Conversation& conversation) {
  stored.parsed = true;
  stored.message_count = static_cast<std::int64_t>(conversation.messages.size());
  Query(connection_,
        "UPDATE transcript SET format = :format, parse_error = NULL, message_count = :count WHERE transcript_key = "
        ":key AND (format, message_count) IS NOT (:format, :count)")
      .bind(":format", name_of_format(conversation))
      .bind(":count", stored.message_count)
      .bind(":key", stored.key)
      .run();
}

Parsed TranscriptRows::parse_again(std::int64_t transcript_key, const Parser& parser) const {
  Query query(connection_,
              "SELECT source, provider, capture_id, file_name, language, started_ms, created_ms, raw FROM transcript "
              "WHERE transcript_key = :key");
  query.bind(":key", transcript_key);
  query.step();
  Columns in(query);
  model::TranscriptItem item;
  item.source = in.text();
  item.provider = in.text();
  item.capture_id = in.text();
  item.file_name = in.text();
  item.language = in.text();
  item.started = in.instant();
  item.created = in.instant();
  return parser(in.blob(), item);
}

Reparsed TranscriptRows::reparse(const Parser& parser) {
  Reparsed result;
  for (StoredTranscript& stored : stored_) {
    Parsed parsed = parse_again(stored.key, parser);
    ++result.transcripts;
    if (!parsed.conversation) {
      if (stored.parsed) ++result.no_longer_readable;
      // What is not at hand cannot come to be shown; what is shown stays.
      if (!stored.first_seq) stored.parsed = false;
      continue;
    }
    const model::Conversation& conversation =
        *parsed_again_.emplace_back(std::make_unique<model::Conversation>(std::move(*parsed.conversation)));
    conversations_[stored.key] = &conversation;
    const bool differs = stored.first_seq && !same_rows(stored_conversation(connection_, stored.key), conversation);
    if (differs) {
      forget_derived(stored.key);
      derive(stored.key, conversation);
    }
    if (!stored.parsed) ++result.newly_readable;
    if (differs || !stored.parsed) ++result.changed;
    set_parsed(stored, conversation);
  }
  return result;
}

bool TranscriptRows::all_parsed() const {
  return std::all_of(stored_.begin(), stored_.end(), [](const StoredTranscript& stored) { return stored.parsed; });
}

model::TranscriptState TranscriptRows::show() {
  const std::vector<Placement> shown = placements(stored_);
  for (StoredTranscript& stored : stored_) {
    const auto placement =
        std::find_if(shown.begin(), shown.end(), [&](const Placement& p) { return p.key == stored.key; });
    place(stored, placement == shown.end() ? std::nullopt : std::optional(placement->first_seq));
  }
  return shown.empty() ? model::TranscriptState::Unparsed : model::TranscriptState::Archived;
}

void TranscriptRows::place(StoredTranscript& stored, std::optional<std::int64_t> first_seq) {
  if (stored.first_seq == first_seq) return;
  if (!first_seq) forget_derived(stored.key);
  if (!stored.first_seq) {
    const auto found = conversations_.find(stored.key);
    if (found == conversations_.end())
      throw std::logic_error("a superseded transcript came to be shown again by itself");
    derive(stored.key, *found->second);
  }
  Query(connection_, "UPDATE transcript SET first_seq = :first_seq WHERE transcript_key = :key")
      .bind(":first_seq", first_seq)
      .bind(":key", stored.key)
      .run();
  stored.first_seq = first_seq;
}

void TranscriptRows::derive(std::int64_t transcript_key, const model::Conversation& conversation) {
  for (std::size_t position = 0; position < conversation.participants.size(); ++position) {
    const model::Participant& participant = conversation.participants[position];
    Query(connection_,
          "INSERT INTO participant (transcript_key, position, name, role, user_id) "
          "VALUES (:key, :position, :name, :role, :user_id)")
        .bind(":key", transcript_key)
        .bind(":position", static_cast<std::int64_t>(position))
        .bind(":name", participant.name)
        .bind(":role", participant.role)
        .bind(":user_id", participant.user_id)
        .run();
  }
  std::int64_t seq = 0;
  for (const model::Message& message : conversation.messages) {
    const bool has_participant = message.participant < conversation.participants.size();
    Query(connection_,
          "INSERT INTO message (transcript_key, seq, message_id, alias_id, participant, sent_ms, direction, text, "
          "redacted) "
          "VALUES (:key, :seq, :message_id, :alias_id, :participant, :sent, :direction, :text, :redacted)")
        .bind(":key", transcript_key)
        .bind(":seq", seq++)
        .bind(":message_id", message.message_id)
        .bind(":alias_id", message.alias_id)
        .bind(":participant",
              has_participant ? std::optional(static_cast<std::int64_t>(message.participant)) : std::nullopt)
        .bind(":sent", message.sent)
        .bind(":direction", message.direction)
        .bind(":text", message.text)
        .bind(":redacted", as_integer(message.redacted))
        .run();
    ++kept_.new_messages;
  }
}

void TranscriptRows::forget_derived(std::int64_t transcript_key) {
  Query(connection_, "DELETE FROM message WHERE transcript_key = :key").bind(":key", transcript_key).run();
  Query(connection_, "DELETE FROM participant WHERE transcript_key = :key").bind(":key", transcript_key).run();
}

}  // namespace wxcc::store
