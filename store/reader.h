// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/time_range.h"
#include "model/archived_message.h"
#include "model/time_field.h"
#include "model/transcript_state.h"
#include "store/conversation_query.h"
#include "store/fetch_queue.h"
#include "store/removal.h"
#include "store/search.h"
#include "store/service_state.h"

namespace wxcc::store {

class Connection;

// How many tasks, by state, and messages.
struct Counts {
  model::StateCounts states;
  std::int64_t messages = 0;
  [[nodiscard]] std::int64_t tasks() const { return states.total(); }
  [[nodiscard]] std::int64_t operator[](model::TranscriptState state) const { return states[state]; }
};

struct RawTranscript {
  model::TranscriptItem item;
  base::Instant fetched;
  std::string format;  // empty when it could not be parsed
  std::string parse_error;
  bool current = false;
  std::string bytes;
};

// The intervals between the ends of the tasks in some time before the newest one.
struct TaskIntervalStats {
  base::Instant newest;        // end of the newest task
  base::Millis longest_gap{};  // between the ends of two neighbours
};

// Every read of an archive, over a connection of its own while a writer may be active (needs no write permission), or
// over the writer's connection (Archive::reader()). All calls throw StoreError; those with a filter of kind BadQuery
// when its text is no full text query.
class Reader {
 public:
  // Throws the exceptions of open_read_only(), see archive_file.h.
  static Reader open(const base::Path& path);

  // Over the connection, which must outlive the reader.
  explicit Reader(Connection& connection);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // Between these two, every call reads one snapshot.
  void begin_snapshot();
  void end_snapshot();

  // In order of the filter's time field, then id.
  [[nodiscard]] ConversationCursor conversations(const ConversationFilter& filter) const;
  struct Size {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
  };
  [[nodiscard]] Size size_of(const ConversationFilter& filter) const;

  // The messages that match the filter's text, which must not be empty: the best first. When the text matches more than
  // max_ranked messages of the archive (100,000 unless given), those of the newest conversations first.
  [[nodiscard]] SearchResult search(const ConversationFilter& filter, int limit,
                                    std::optional<std::int64_t> max_ranked = std::nullopt) const;
  // How many messages match the text; at most at_most are counted.
  [[nodiscard]] std::int64_t count_matches(const std::string& text, std::int64_t at_most) const;

  [[nodiscard]] std::optional<StoredTask> conversation(const std::string& task_id) const;
  // Of a customer with this name, e-mail address or phone number (whole, without regard to case; numbers by their
  // digits), by the customer's fields in the API, by the addresses of the conversation, or by a participant with the
  // role customer.
  [[nodiscard]] std::vector<StoredTask> conversations_of_customer(const std::string& text) const;
  // The rows of tasks that ended before.
  [[nodiscard]] RemovedRows rows_ended_before(base::Instant before) const;
  // See erasure_verification.h.
  [[nodiscard]] std::vector<std::string> identifying_strings(const std::vector<std::string>& task_ids) const;

  [[nodiscard]] std::vector<model::ArchivedMessage> messages(const std::string& task_id) const;
  [[nodiscard]] std::vector<RawTranscript> raw_transcripts(const std::string& task_id) const;

  [[nodiscard]] std::string org_id() const;
  [[nodiscard]] int schema_version() const;
  [[nodiscard]] Counts counts() const;
  // Of the tasks that ended in the range.
  [[nodiscard]] Counts counts(base::TimeRange ended) const;
  // All of the counts but the messages: from an index, which is read as a whole.
  [[nodiscard]] model::StateCounts task_counts() const;
  // Of these only pending and failed, the remaining work: cheap for any size of the archive.
  [[nodiscard]] model::StateCounts backlog() const;
  // The end of the task whose transcript has been pending longest.
  [[nodiscard]] std::optional<base::Instant> oldest_pending() const;
  [[nodiscard]] std::optional<base::Instant> high_water_mark() const;
  [[nodiscard]] ServiceRecord service_record() const;
  [[nodiscard]] std::vector<TaskFailure> failures(int limit) const;
  [[nodiscard]] std::vector<TaskFailure> failures_of(const std::string& task_id) const;
  // The parts of the range that no scan of that kind has covered, in order.
  [[nodiscard]] std::vector<base::TimeRange> uncovered(model::TimeField by, base::TimeRange range) const;
  // Over the time before the newest task; std::nullopt while there are no two tasks in it.
  [[nodiscard]] std::optional<TaskIntervalStats> task_interval_stats(base::Millis before_newest) const;

  // The coverage gaps: parts of the time that is to be archived, from where the backfill is to begin (as the service
  // has recorded it) to the high-water mark, that no scan by end time has covered. Status, metrics and verify show
  // these. Without a recorded beginning the time begins with the oldest scan, without a mark it ends with the newest.
  [[nodiscard]] std::vector<base::TimeRange> coverage_gaps(base::Instant now) const;

  // Every name of that kind in the archive, in order, each once.
  [[nodiscard]] std::vector<std::string> names(FilterField field) const;
  // Whether the archive has a queue, team, agent or channel with that name or id.
  [[nodiscard]] bool has_name(FilterField field, const std::string& name_or_id) const;
  // A secret of this archive under which pseudonyms are made; the same over the lifetime of the archive.
  [[nodiscard]] std::string pseudonym_key() const;

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::store
