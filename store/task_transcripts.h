// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/instant.h"
#include "model/transcript_state.h"
#include "store/fetch_result.h"
#include "store/transcript_table.h"

namespace wxcc::store {

// The properties of a stored transcript that decide whether it is current, and its position.
struct StoredTranscript {
  std::int64_t key = 0;
  std::string identity;  // model::TranscriptItem::identity()
  std::optional<base::Instant> started;
  std::optional<base::Instant> created;
  base::Instant fetched;
  base::Sha256 sha256{};
  bool parsed = false;
  std::int64_t message_count = 0;
  std::optional<std::int64_t> first_seq;  // as stored; std::nullopt: not current
};

// A transcript that is to be current, and the number in the conversation that its first message gets.
struct CurrentVersion {
  std::int64_t key = 0;
  std::int64_t first_seq = 1;
  friend bool operator==(const CurrentVersion&, const CurrentVersion&) = default;
};

// Of one task's transcripts: of each identity the newest version that could be parsed (by creation, then by fetching,
// then the one with more messages), one after the other by start. The same for any order of the argument.
std::vector<CurrentVersion> current_versions(const std::vector<StoredTranscript>& transcripts);

// The transcripts of one task while they change, within one transaction: the constructor loads them, store() and
// reparse() change them, and select_current() ends it. In between the database is not consistent; afterwards
//   * of each item (identity) at most one version is current (first_seq is not NULL), see current_versions();
//   * a transcript has derived rows if and only if it is current;
//   * the current ones are numbered without a gap: the first has first_seq 1, each next one the sum of first_seq and
//     message_count of the one before.
class TaskTranscripts {
 public:
  TaskTranscripts(TranscriptTable& table, std::int64_t task_key, base::Instant now);

  // Same bytes of the same item are not stored twice; their other columns are updated.
  void store(const FetchedTranscript& fetched);
  // Parses the bytes of every version again. A version that can no longer be parsed retains its rows.
  ReparseStats reparse(const Parser& parser);
  // Returns the resulting state of the task.
  model::TranscriptState select_current();

  [[nodiscard]] int new_transcripts() const { return new_transcripts_; }
  [[nodiscard]] int new_messages() const { return new_messages_; }
  [[nodiscard]] bool empty() const { return stored_.empty(); }
  [[nodiscard]] bool all_parsed() const;

 private:
  void add(const FetchedTranscript& fetched, const base::Sha256& digest);
  void refresh(StoredTranscript& stored, const FetchedTranscript& fetched);
  void set_first_seq(StoredTranscript& stored, std::optional<std::int64_t> first_seq);
  [[nodiscard]] std::vector<StoredTranscript> candidates() const;
  [[nodiscard]] Parsed parse_again(std::int64_t transcript_key, const Parser& parser) const;
  void set_parsed(StoredTranscript& stored, const model::Conversation& conversation);

  TranscriptTable& table_;
  std::int64_t task_key_;
  base::Instant now_;
  std::vector<StoredTranscript> stored_;
  // The parsed conversations in memory, by transcript: a version needs one of these to become current.
  std::map<std::int64_t, const model::Conversation*> conversations_;
  std::vector<std::unique_ptr<model::Conversation>> parsed_again_;
  int new_transcripts_ = 0;
  int new_messages_ = 0;
};

}  // namespace wxcc::store
