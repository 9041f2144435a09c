// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/transcript_state.h"
#include "store/fetch_result.h"
#include "store/sqlite.h"
#include "store/types.h"
#include "store/versions.h"

namespace wxcc::store {

// The participants and messages of current transcripts, which are derived from their bytes.
class DerivedRows {
 public:
  explicit DerivedRows(Connection& connection);

  model::Conversation read(std::int64_t transcript_key);
  // Returns how many messages were added.
  int add(std::int64_t transcript_key, const model::Conversation& conversation);
  void remove(std::int64_t transcript_key);

  // True when the rows of the one would be the rows of the other.
  static bool same_rows(const model::Conversation& a, const model::Conversation& b);

 private:
  Statement select_participants_;
  Statement select_messages_;
  Statement insert_participant_;
  Statement insert_message_;
  Statement delete_messages_;
  Statement delete_participants_;
};

// The statements over the table of transcripts, for TaskTranscripts.
struct TranscriptTable {
  explicit TranscriptTable(Connection& connection);

  Statement select_of_task;
  Statement select_bytes;
  Statement insert;
  Statement update_created;
  Statement update_parsed;
  Statement update_first_seq;
  DerivedRows derived;
};

// The transcripts of one task while they change, within one transaction: the constructor loads them, store() and
// reparse() change them, and select_current() ends it. In between the database is not consistent; afterwards
//   * of each item (identity) at most one version is current (first_seq is not NULL), see versions.h;
//   * a transcript has derived rows if and only if it is current;
//   * the current ones are numbered without a gap: the first has first_seq 1, each next one the sum of first_seq and
//     message_count of the one before.
class TaskTranscripts {
 public:
  TaskTranscripts(TranscriptTable& table, std::int64_t task_key, base::Instant now);

  // Same bytes of the same item are not stored twice; the rest of what is known of them is brought up to date.
  void store(const FetchedTranscript& fetched);
  // Parses the bytes of every version again. What can no longer be parsed keeps the rows that it has.
  ReparseStats reparse(const Parser& parser);
  // Returns the state that the task has now.
  model::TranscriptState select_current();

  [[nodiscard]] int new_transcripts() const { return new_transcripts_; }
  [[nodiscard]] int new_messages() const { return new_messages_; }
  [[nodiscard]] bool empty() const { return stored_.empty(); }
  [[nodiscard]] bool all_parsed() const;

 private:
  void load();
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
  // The parsed conversations at hand, by transcript: what is not current can become so only with one of these.
  std::map<std::int64_t, const model::Conversation*> conversations_;
  std::vector<std::unique_ptr<model::Conversation>> parsed_again_;
  int new_transcripts_ = 0;
  int new_messages_ = 0;
};

}  // namespace wxcc::store
