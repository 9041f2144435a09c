// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "store/archive_file.h"
#include "store/conversation_query.h"
#include "store/coverage.h"
#include "store/migrations.h"
#include "store/removal.h"
#include "store/residue_scan.h"
#include "store/sqlite.h"

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

TaskFailure read_failure(Rows& in) {
  TaskFailure failure;
  failure.task_id = in.text();
  failure.phase = in.text();
  failure.kind = in.text();
  failure.message = in.text();
  failure.first = in.instant().value();
  failure.last = in.instant().value();
  failure.attempts = static_cast<int>(in.count());
  return failure;
}

RawTranscript read_raw(Rows& in) {
  RawTranscript raw;
  raw.item.source = in.text();
  raw.item.provider = in.text();
  raw.item.capture_id = in.text();
  raw.item.file_name = in.text();
  raw.item.language = in.text();
  raw.item.started = in.instant();
  raw.item.created = in.instant();
  raw.fetched = in.instant().value();
  raw.format = in.text();
  raw.parse_error = in.text();
  raw.shown = in.count() != 0;
  raw.bytes = in.blob();
  return raw;
}

// The values that a filter of that kind compares, as (name, id).
const char* names_sql(FilterField kind) {
  switch (kind) {
    case FilterField::Queue:
      return "SELECT name, queue_id AS id FROM queue";
    case FilterField::Team:
      return "SELECT name, team_id AS id FROM team";
    case FilterField::Agent:
      return "SELECT name, agent_id AS id FROM agent";
    case FilterField::Channel:
      return "SELECT DISTINCT channel AS name, channel AS id FROM task WHERE channel IS NOT NULL";
  }
  return "";
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

  static std::vector<TaskFailure> failures(Rows rows) {
    std::vector<TaskFailure> result;
    while (rows.next()) result.push_back(read_failure(rows));
    return result;
  }

  std::unique_ptr<Connection> own;  // nullptr over the connection of a writer
  Connection& connection;
  Statement select_messages;
};

namespace {

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

void Reader::for_each_conversation(const ConversationFilter& filter,
                                   const std::function<void(const StoredTask&)>& visit) const {
  ConversationCursor cursor = conversations(filter);
  while (const auto row = cursor.next()) visit(*row);
}

// The order makes the plan: every conversation's messages come from one small index range, so that nothing is sorted or
// collected however many there are.
void Reader::for_each_message(
    const ConversationFilter& filter,
    const std::function<void(const StoredTask&, const model::ArchivedMessage&)>& visit) const {
  Statement messages(
      impl_->connection,
      "SELECT x.first_seq + m.seq, m.sent_ms, m.direction, p.name, p.role, p.user_id, m.alias_id, m.text, "
      "m.redacted FROM transcript AS x JOIN message AS m ON m.transcript_key = x.transcript_key "
      "LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant "
      "WHERE x.task_key = :key AND x.first_seq IS NOT NULL ORDER BY x.first_seq + m.seq");
  check_full_text(impl_->connection, filter.text);
  const ConversationQuery conversations(filter);
  Statement statement(impl_->connection, conversations.rows());
  conversations.bind(statement);
  Rows rows = statement.query();
  while (rows.next()) {
    const KeyedConversation conversation = read_conversation(rows);
    Rows message = messages.query(conversation.task_key);
    while (message.next()) visit(conversation.row, read_message(message));
  }
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
  return read_conversation(row).row;
}

std::vector<StoredTask> Reader::conversations_of_customer(const std::string& text) const {
  Statement statement(impl_->connection, conversations_of_customer_sql());
  Rows rows = statement.bind(":text", text).bind(":digits", phone_digits(text)).query();
  std::vector<StoredTask> result;
  while (rows.next()) result.push_back(read_conversation(rows).row);
  return result;
}

RemovedRows Reader::rows_ended_before(base::Instant before) const {
  return store::rows_ended_before(impl_->connection, before);
}

std::vector<std::string> Reader::identifying_strings(const std::vector<std::string>& task_ids) const {
  return store::identifying_strings(impl_->connection, task_ids);
}

std::vector<std::string> Reader::exclude_still_referenced(const std::vector<std::string>& texts) const {
  return store::exclude_still_referenced(impl_->connection, texts);
}

std::vector<model::ArchivedMessage> Reader::messages(const std::string& task_id) const {
  std::vector<model::ArchivedMessage> result;
  Rows rows = impl_->select_messages.query(task_id);
  while (rows.next()) result.push_back(read_message(rows));
  return result;
}

std::vector<RawTranscript> Reader::raw_transcripts(const std::string& task_id) const {
  Statement statement(
      impl_->connection,
      "SELECT x.source, x.provider, x.capture_id, x.file_name, x.language, x.started_ms, x.created_ms, x.fetched_ms, "
      "x.format, x.parse_error, x.first_seq IS NOT NULL, x.raw FROM transcript AS x JOIN task USING (task_key) "
      "WHERE task_id = :task_id ORDER BY x.fetched_ms, x.transcript_key");
  std::vector<RawTranscript> result;
  Rows rows = statement.query(task_id);
  while (rows.next()) result.push_back(read_raw(rows));
  return result;
}

std::string Reader::org_id() const {
  return organisation_of(impl_->connection);
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
                      "SELECT (SELECT count(*) FROM task WHERE transcript_state = 'pending'), "
                      "(SELECT count(*) FROM task WHERE transcript_state = 'failed')");
  Rows row = statement.query_one();
  model::StateCounts counts;
  counts[model::TranscriptState::Pending] = row.count();
  counts[model::TranscriptState::Failed] = row.count();
  return counts;
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
  Statement statement(
      impl_->connection,
      "SELECT task_id, phase, kind, message, first_ms, last_ms, attempts FROM failure JOIN task USING (task_key) "
      "ORDER BY last_ms DESC, task_id, phase LIMIT :limit");
  return impl_->failures(statement.query(limit));
}

std::vector<TaskFailure> Reader::failures_of(const std::string& task_id) const {
  Statement statement(
      impl_->connection,
      "SELECT task_id, phase, kind, message, first_ms, last_ms, attempts FROM failure JOIN task USING (task_key) "
      "WHERE task_id = :task_id ORDER BY last_ms DESC, phase");
  return impl_->failures(statement.query(task_id));
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

std::vector<std::string> Reader::names(FilterField kind) const {
  Statement statement(impl_->connection, fmt::format("SELECT DISTINCT name FROM ({}) ORDER BY name", names_sql(kind)));
  std::vector<std::string> result;
  Rows rows = statement.query();
  while (rows.next()) result.push_back(rows.text());
  return result;
}

bool Reader::knows(FilterField kind, const std::string& name_or_id) const {
  Statement statement(impl_->connection,
                      fmt::format("SELECT 1 FROM ({}) WHERE name = :name COLLATE NOCASE OR id = :name COLLATE NOCASE",
                                  names_sql(kind)));
  return bool(statement.query_one(name_or_id));
}

std::string Reader::pseudonym_key() const {
  Statement statement(impl_->connection, "SELECT tombstone_key FROM organisation");
  const base::Sha256 key = base::hmac_sha256(statement.query_one().blob(), "pseudonyms of extracts");
  return std::string(key.begin(), key.end());
}

}  // namespace wxcc::store
