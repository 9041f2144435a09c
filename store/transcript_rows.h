// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "store/archive.h"
#include "store/connection.h"
#include "store/derived.h"
#include "store/versions.h"

namespace wxcc::store {

// Keeps the transcripts of one task: their bytes, which of them are shown, and the rows derived from those. To be
// called within a transaction.
class TranscriptRows {
 public:
  TranscriptRows(Connection& connection, std::int64_t task_key, base::Instant now);

  // Same bytes of the same item are not kept twice; the rest of what is known of them is brought up to date.
  void keep(const FetchedTranscript& fetched);
  // Reads the bytes of every version again. What can no longer be read keeps the rows that it has.
  Reparsed reparse(const Parser& parser);
  // Afterwards the views show what versions.h says. Returns the state that the task has now.
  model::TranscriptState show();

  [[nodiscard]] Archive::Kept kept() const { return kept_; }
  [[nodiscard]] bool empty() const { return stored_.empty(); }
  [[nodiscard]] bool all_parsed() const;

 private:
  void load();
  void add(const FetchedTranscript& fetched, const base::Sha256& digest);
  void refresh(StoredTranscript& stored, const FetchedTranscript& fetched);
  void place(StoredTranscript& stored, std::optional<std::int64_t> first_seq);
  [[nodiscard]] Parsed parse_again(std::int64_t transcript_key, const Parser& parser) const;
  void set_parsed(StoredTranscript& stored, const model::Conversation& conversation);
  void derive(std::int64_t transcript_key, const model::Conversation& conversation);
  void forget_derived(std::int64_t transcript_key);

  Connection& connection_;
  std::int64_t task_key_;
  base::Instant now_;
  std::vector<StoredTranscript> stored_;
  // The conversations at hand, by transcript. Only one of these can become shown that was not before.
  std::map<std::int64_t, const model::Conversation*> conversations_;
  std::vector<std::unique_ptr<model::Conversation>> parsed_again_;
  Archive::Kept kept_;
};

}  // namespace wxcc::store
