// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/transcript.h"
#include "store/statement.h"

namespace wxcc::store {

// The content of a transcript's bytes, or why they could not be parsed.
struct Parsed {
  std::optional<model::Conversation> conversation;
  std::string error;
};

// How the bytes of a transcript are parsed; the archive is independent of formats.
using Parser = std::function<Parsed(const std::string& raw, const model::TranscriptItem& item)>;

// The effect of parsing the stored bytes of transcripts again.
struct ReparseStats {
  std::int64_t transcripts = 0;     // parsed
  std::int64_t changed = 0;         // with other rows than before
  std::int64_t newly_parsable = 0;  // of these: unparsed before
  std::int64_t now_unparsable = 0;  // retain their rows

  ReparseStats& operator+=(const ReparseStats& other) {
    transcripts += other.transcripts;
    changed += other.changed;
    newly_parsable += other.newly_parsable;
    now_unparsable += other.now_unparsable;
    return *this;
  }
};

// The columns of a transcript's item, as read_item() reads them.
inline constexpr std::string_view kItemColumns =
    "x.source, x.provider, x.capture_id, x.file_name, x.language, x.started_ms, x.created_ms";
model::TranscriptItem read_item(Rows& row);

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

}  // namespace wxcc::store
