// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "store/archive_file.h"
#include "store/conversation_query.h"
#include "store/coverage.h"
#include "store/erasure_verification.h"
#include "store/migrations.h"
#include "store/statement.h"
#include "store/transcript_table.h"

namespace wxcc::store {
namespace {

model::ArchivedMessage read_message(Rows& in) {
  model::ArchivedMessage row;
  row.seq = in.count();
  row.sent = in.instant();
  row.direction = in.text();
  row.participant_name = in.text();
  row.participant_role = in.text();
  row.participant_user_id = in.text();
  row.alias_id = in.text();
  row.text = in.text();
  row.redacted = in.flag();
  return row;
}

RawTranscript read_raw(Rows& in) {
  RawTranscript raw;
  raw.item = read_item(in);
  raw.fetched = in.instant().value();
  raw.format = in.text();
  raw.parse_error = in.text();
  raw.current = in.count() != 0;
  raw.bytes = in.blob();
  return raw;
}

model::StateCounts read_states(Rows rows) {
  model::StateCounts counts;
  while (rows.next()) {
    const std::optional<model::TranscriptState> state = model::kTranscriptStateNames.parse(rows.text());
    const std::int64_t count = rows.count();
    if (state) counts[*state] = count;
  }
  return counts;
}

}  // namespace

struct Reader::Impl {
  explicit Impl(Connection& open_connection)
      : connection(open_connection),
        select_messages(connection,
                        "SELECT seq, sent_ms, direction, participant_name, participant_role, "
                        "participant_user_id, alias_id, text, redacted FROM messages WHERE task_id = :task_id "
                        "ORDER BY seq") {}
  explicit Impl(std::unique_ptr<Connection> own_connection) : Impl(*own_connection) { own = std::move(own_connection); }

  std::unique_ptr<Connection> own;  // nullptr over the connection of a writer
  Connection& connection;
  Statement select_messages;
};

Reader Reader::open(const base::Path& path) {
  return Reader(std::make_unique<Impl>(open_read_only(path)));
}

Reader::Reader(Connection& connection) : impl_(std::make_unique<Impl>(connection)) {}
Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

void Reader::begin_snapshot() {
  impl_->connection.execute("BEGIN DEFERRED");
}

void Reader::end_snapshot() {
  impl_->connection.execute("COMMIT");
}

ConversationCursor Reader::conversations(const ConversationFilter& filter) const {
  return {impl_->connection, filter};
}

Reader::Size Reader::size_of(const ConversationFilter& filter) const {
  check_full_text(impl_->connection, filter.text);
  const ConversationQuery conversations(filter);
  Statement statement(impl_->connection, conversations.size());
  conversations.bind(statement);
  Rows row = statement.query_one();
  Size size;
  size.conversations = row.count();
  size.messages = row.count();
  return size;
}

SearchResult Reader::search(const ConversationFilter& filter, int limit, std::optional<std::int64_t> max_ranked) const {
  return store::search(impl_->connection, filter, limit, max_ranked.value_or(kMaxRankedMatches));
}

std::int64_t Reader::count_matches(const std::string& text, std::int64_t at_most) const {
  return store::count_matches(impl_->connection, text, at_most);
}

std::optional<StoredTask> Reader::conversation(const std::string& task_id) const {
  Statement statement(impl_->connection, conversation_select() + " WHERE t.task_id = :task_id");
  Rows row = statement.query_one(task_id);
  if (!row) return std::nullopt;
  return read_conversation(row);
}

std::vector<StoredTask> Reader::conversations_of_customer(const std::string& text) const {
  return store::conversations_of_customer(impl_->connection, text);
}

RemovedRows Reader::rows_ended_before(base::Instant before) const {
  return store::rows_ended_before(impl_->connection, before);
}

std::vector<std::string> Reader::identifying_strings(const std::vector<std::string>& task_ids) const {
  return store::identifying_strings(impl_->connection, task_ids);
}

std::vector<model::ArchivedMessage> Reader::messages(const std::string& task_id) const {
  std::vector<model::ArchivedMessage> result;
  Rows rows = impl_->select_messages.query(task_id);
  while (rows.next()) result.push_back(read_message(rows));
  return result;
}

std::vector<RawTranscript> Reader::raw_transcripts(const std::string& task_id) const {
  Statement statement(impl_->connection,
                      fmt::format("SELECT {}, x.fetched_ms, x.format, x.parse_error, x.first_seq IS NOT NULL, x.raw "
                                  "FROM transcript AS x JOIN task USING (task_key) WHERE task_id = :task_id "
                                  "ORDER BY x.fetched_ms, x.transcript_key",
                                  kItemColumns));
  std::vector<RawTranscript> result;
  Rows rows = statement.query(task_id);
  while (rows.next()) result.push_back(read_raw(rows));
  return result;
}

std::string Reader::org_id() const {
  return read_organisation(impl_->connection);
}

int Reader::schema_version() const {
  return store::schema_version(impl_->connection);
}

Counts Reader::counts() const {
  Counts counts{task_counts()};
  counts.messages =
      Statement(impl_->connection, "SELECT coalesce(sum(message_count), 0) FROM transcript WHERE first_seq IS NOT NULL")
          .query_one()
          .count();
  return counts;
}

Counts Reader::counts(base::TimeRange ended) const {
  Statement states(impl_->connection,
                   "SELECT transcript_state, count(*) FROM task WHERE ended_ms >= :from AND ended_ms < :to "
                   "GROUP BY transcript_state");
  Counts counts{read_states(states.query(ended.from, ended.to))};
  counts.messages =
      Statement(impl_->connection,
                "SELECT coalesce(sum(x.message_count), 0) FROM task AS t JOIN transcript AS x USING (task_key) "
                "WHERE t.ended_ms >= :from AND t.ended_ms < :to AND x.first_seq IS NOT NULL")
          .query_one(ended.from, ended.to)
          .count();
  return counts;
}

model::StateCounts Reader::task_counts() const {
  Statement states(impl_->connection, "SELECT transcript_state, count(*) FROM task GROUP BY transcript_state");
  return read_states(states.query());
}

model::StateCounts Reader::backlog() const {
  Statement statement(impl_->connection,
                      "SELECT transcript_state, count(*) FROM task WHERE transcript_state IN ('pending', 'failed') "
                      "GROUP BY transcript_state");
  return read_states(statement.query());
}

std::optional<base::Instant> Reader::oldest_pending() const {
  return Statement(impl_->connection, "SELECT min(ended_ms) FROM task WHERE transcript_state = 'pending'")
      .query_one()
      .instant();
}

std::optional<base::Instant> Reader::high_water_mark() const {
  return read_high_water_mark(impl_->connection);
}

ServiceRecord Reader::service_record() const {
  return read_service_record(impl_->connection);
}

std::vector<TaskFailure> Reader::failures(int limit) const {
  return read_failures(impl_->connection, limit);
}

std::vector<TaskFailure> Reader::failures_of(const std::string& task_id) const {
  return read_failures_of(impl_->connection, task_id);
}

std::vector<base::TimeRange> Reader::uncovered(model::TimeField by, base::TimeRange range) const {
  return read_uncovered(impl_->connection, by, range);
}

std::optional<TaskIntervalStats> Reader::task_interval_stats(base::Millis before_newest) const {
  Statement statement(
      impl_->connection,
      "SELECT max(ended_ms), max(gap) FROM (SELECT ended_ms, ended_ms - lag(ended_ms) OVER (ORDER BY ended_ms) AS gap "
      "FROM task WHERE ended_ms >= (SELECT max(ended_ms) FROM task) - :before)");
  Rows row = statement.query_one(before_newest);
  const auto newest = row.instant();
  const auto gap = row.millis();
  if (!newest || !gap) return std::nullopt;
  return TaskIntervalStats{*newest, *gap};
}

std::vector<base::TimeRange> Reader::coverage_gaps(base::Instant now) const {
  return read_coverage_gaps(impl_->connection, now);
}

std::vector<std::string> Reader::names(FilterField field) const {
  return read_names(impl_->connection, field);
}

bool Reader::has_name(FilterField field, const std::string& name_or_id) const {
  return store::has_name(impl_->connection, field, name_or_id);
}

std::string Reader::pseudonym_key() const {
  Statement statement(impl_->connection, "SELECT tombstone_key FROM organisation");
  const base::Sha256 key = base::hmac_sha256(statement.query_one().blob(), "pseudonyms of extracts");
  return std::string(key.begin(), key.end());
}

}  // namespace wxcc::store
