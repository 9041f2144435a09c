// SPDX-License-Identifier: Apache-2.0
#include "store/task_transcripts.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace wxcc::store {
namespace {

bool is_older(const StoredTranscript& a, const StoredTranscript& b) {
  // The digest only makes the choice deterministic.
  return std::tie(a.created, a.fetched, a.message_count, a.sha256) <
         std::tie(b.created, b.fetched, b.message_count, b.sha256);
}

bool starts_before(const StoredTranscript* a, const StoredTranscript* b) {
  const auto start = [](const StoredTranscript& transcript) {
    return transcript.started ? transcript.started : transcript.created;
  };
  const auto start_a = start(*a);
  const auto start_b = start(*b);
  // Transcripts of unknown time come last.
  if (start_a.has_value() != start_b.has_value()) return start_a.has_value();
  return std::tie(start_a, a->identity) < std::tie(start_b, b->identity);
}

std::string format_name(const model::Conversation& conversation) {
  return conversation.format.empty() ? "unnamed" : conversation.format;
}

}  // namespace

std::vector<CurrentVersion> current_versions(const std::vector<StoredTranscript>& transcripts) {
  std::map<std::string, const StoredTranscript*> newest;
  for (const StoredTranscript& transcript : transcripts) {
    if (!transcript.parsed) continue;
    const StoredTranscript*& best = newest[transcript.identity];
    if (best == nullptr || is_older(*best, transcript)) best = &transcript;
  }
  std::vector<const StoredTranscript*> current;
  for (const auto& [identity, transcript] : newest) current.push_back(transcript);
  std::sort(current.begin(), current.end(), starts_before);

  std::vector<CurrentVersion> result;
  std::int64_t next_seq = 1;
  for (const StoredTranscript* transcript : current) {
    result.push_back({transcript->key, next_seq});
    next_seq += transcript->message_count;
  }
  return result;
}

TaskTranscripts::TaskTranscripts(TranscriptTable& table, std::int64_t task_key, base::Instant now)
    : table_(table), task_key_(task_key), now_(now) {
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
                              now_, digest, conversation ? format_name(*conversation) : std::string(),
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
  // A later version of this program may parse what an earlier one could not; the reverse removes nothing.
  if (!stored.parsed && fetched.conversation) set_parsed(stored, *fetched.conversation);
}

void TaskTranscripts::set_parsed(StoredTranscript& stored, const model::Conversation& conversation) {
  stored.parsed = true;
  stored.message_count = static_cast<std::int64_t>(conversation.messages.size());
  table_.update_parsed.run(format_name(conversation), stored.message_count, stored.key);
}

Parsed TaskTranscripts::parse_again(std::int64_t transcript_key, const Parser& parser) const {
  Rows row = table_.select_bytes.query_one(transcript_key);
  const model::TranscriptItem item = read_item(row);
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
    if (!stored.parsed) ++stats.newly_parsable;
    if (differs || !stored.parsed) ++stats.changed;
    set_parsed(stored, conversation);
  }
  return stats;
}

bool TaskTranscripts::all_parsed() const {
  return std::all_of(stored_.begin(), stored_.end(), [](const StoredTranscript& stored) { return stored.parsed; });
}

// A version that an earlier program parsed and this one cannot parse has no conversation in memory: unless it is
// current already, it is excluded, even with the newest timestamps.
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
