// SPDX-License-Identifier: Apache-2.0
#include "store/reader.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

#include "base/digest.h"
#include "base/error.h"
#include "store/archive_file.h"
#include "store/connection.h"
#include "store/conversation_query.h"
#include "store/migrations.h"
#include "store/open_for_reading.h"
#include "store/query.h"
#include "store/search.h"
#include "store/shared_reads.h"
#include "store/traces.h"

namespace wxcc::store {
namespace {

model::ArchivedMessage read_message(const Query& query) {
  Columns in(query);
  model::ArchivedMessage row;
  row.seq = in.count();
  row.sent = in.instant();
  row.direction = in.text();
  row.participant_name = in.text();
  row.participant_role = in.text();
  row.participant_user_id = in.text();
  row.alias_id = in.text();
  row.text = in.text();
  if (const std::optional<std::int64_t> redacted = in.integer()) row.redacted = *redacted != 0;
  return row;
}

TaskFailure read_failure(const Query& query) {
  Columns in(query);
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

RawTranscript read_raw(const Query& query) {
  Columns in(query);
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
const char* names_sql(NameKind kind) {
  switch (kind) {
    case NameKind::Queue:
      return "SELECT name, queue_id AS id FROM queue";
    case NameKind::Team:
      return "SELECT name, team_id AS id FROM team";
    case NameKind::Agent:
      return "SELECT name, agent_id AS id FROM agent";
    case NameKind::Channel:
      return "SELECT DISTINCT channel AS name, channel AS id FROM task WHERE channel IS NOT NULL";
  }
  return "";
}

}  // namespace

struct Reader::Impl {
  std::unique_ptr<Connection> own;  // nullptr over the connection of a writer
  Connection* connection = nullptr;

  template <typename Work>
  auto reading(Work&& work) {
    return connection->guarded("reading", std::forward<Work>(work));
  }
  void visit_messages(const KeyedConversation& conversation,
                      const std::function<void(const StoredTask&, const model::ArchivedMessage&)>& visit);
};

// The order makes the plan: every conversation's messages come from one small index range, so that nothing is sorted or
// collected however many there are.
void Reader::Impl::visit_messages(const KeyedConversation& conversation,
                                  const std::function<void(const StoredTask&, const model::ArchivedMessage&)>& visit) {
  Query query(*connection,
              "SELECT x.first_seq + m.seq, m.sent_ms, m.direction, p.name, p.role, p.user_id, m.alias_id, m.text, "
              "m.redacted "
              "FROM transcript AS x JOIN message AS m ON m.transcript_key = x.transcript_key "
              "LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant "
              "WHERE x.task_key = :key AND x.first_seq IS NOT NULL ORDER BY x.first_seq + m.seq");
  query.bind(":key", conversation.task_key);
  while (query.step()) visit(conversation.row, read_message(query));
}

Reader Reader::open(const base::Path& path) {
  auto impl = std::make_unique<Impl>();
  impl->own = open_for_reading(path);
  impl->connection = impl->own.get();
  return Reader(std::move(impl));
}

Reader::Reader(Connection& connection) : impl_(std::make_unique<Impl>()) {
  impl_->connection = &connection;
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

void Reader::begin_snapshot() {
  impl_->reading([&] { impl_->connection->execute("BEGIN DEFERRED"); });
}

void Reader::end_snapshot() {
  impl_->reading([&] { impl_->connection->execute("COMMIT"); });
}

ConversationCursor Reader::conversations(const ConversationFilter& filter) const {
  return {*impl_->connection, filter};
}

void Reader::for_each_conversation(const ConversationFilter& filter,
                                   const std::function<void(const StoredTask&)>& visit) const {
  ConversationCursor cursor = conversations(filter);
  while (const auto row = cursor.next()) visit(*row);
}

void Reader::for_each_message(
    const ConversationFilter& filter,
    const std::function<void(const StoredTask&, const model::ArchivedMessage&)>& visit) const {
  impl_->reading([&] {
    check_full_text(*impl_->connection, filter.text);
    const ConversationQuery conversations(filter);
    Query query(*impl_->connection, conversations.rows());
    conversations.bind(query);
    while (query.step()) impl_->visit_messages(read_conversation(query), visit);
  });
}

Reader::Size Reader::size_of(const ConversationFilter& filter) const {
  return impl_->reading([&] {
    check_full_text(*impl_->connection, filter.text);
    const ConversationQuery conversations(filter);
    Query query(*impl_->connection, conversations.size());
    conversations.bind(query);
    query.step();
    Columns in(query);
    Size size;
    size.conversations = in.count();
    size.messages = in.count();
    return size;
  });
}

SearchResult Reader::search(const ConversationFilter& filter, int limit,
                            std::optional<std::int64_t> most_ranked) const {
  return impl_->reading(
      [&] { return store::search(*impl_->connection, filter, limit, most_ranked.value_or(kMostRanked)); });
}

std::int64_t Reader::count_matches(const std::string& text, std::int64_t at_most) const {
  return impl_->reading([&] { return store::count_matches(*impl_->connection, text, at_most); });
}

std::optional<StoredTask> Reader::conversation(const std::string& task_id) const {
  return impl_->reading([&]() -> std::optional<StoredTask> {
    static const std::string sql = conversation_select() + " WHERE t.task_id = :task_id";
    Query query(*impl_->connection, sql.c_str());
    query.bind(":task_id", task_id);
    if (!query.step()) return std::nullopt;
    return read_conversation(query).row;
  });
}

std::vector<StoredTask> Reader::conversations_of_customer(const std::string& text) const {
  return impl_->reading([&] {
    Query query(*impl_->connection, conversations_of_customer_sql());
    query.bind(":text", text).bind(":digits", phone_digits(text));
    std::vector<StoredTask> rows;
    while (query.step()) rows.push_back(read_conversation(query).row);
    return rows;
  });
}

RemovedRows Reader::rows_ended_before(base::Instant before) const {
  return impl_->reading([&] { return store::rows_ended_before(*impl_->connection, before); });
}

std::vector<std::string> Reader::telling_texts(const std::vector<std::string>& task_ids) const {
  return impl_->reading([&] { return store::telling_texts(*impl_->connection, task_ids); });
}

std::vector<std::string> Reader::without_owner(const std::vector<std::string>& texts) const {
  return impl_->reading([&] { return store::without_owner(*impl_->connection, texts); });
}

std::vector<model::ArchivedMessage> Reader::messages(const std::string& task_id) const {
  return impl_->reading([&] {
    Query query(*impl_->connection,
                "SELECT seq, sent_ms, direction, participant_name, participant_role, participant_user_id, alias_id, "
                "text, redacted FROM messages WHERE task_id = :task_id ORDER BY seq");
    query.bind(":task_id", task_id);
    std::vector<model::ArchivedMessage> rows;
    while (query.step()) rows.push_back(read_message(query));
    return rows;
  });
}

std::vector<RawTranscript> Reader::raw_transcripts(const std::string& task_id) const {
  return impl_->reading([&] {
    Query query(
        *impl_->connection,
        "SELECT x.source, x.provider, x.capture_id, x.file_name, x.language, x.started_ms, x.created_ms, x.fetched_ms, "
        "x.format, x.parse_error, x.first_seq IS NOT NULL, x.raw FROM transcript AS x JOIN task USING (task_key) "
        "WHERE task_id = :task_id ORDER BY x.fetched_ms, x.transcript_key");
    query.bind(":task_id", task_id);
    std::vector<RawTranscript> rows;
    while (query.step()) rows.push_back(read_raw(query));
    return rows;
  });
}

std::string Reader::org_id() const {
  return organisation_of(*impl_->connection);
}

int Reader::schema_version() const {
  return store::schema_version(*impl_->connection);
}

Counts Reader::counts() const {
  return impl_->reading([&] { return read_counts(*impl_->connection); });
}

Counts Reader::counts(base::TimeRange ended) const {
  return impl_->reading([&] { return read_counts(*impl_->connection, ended); });
}

model::StateCounts Reader::task_counts() const {
  return impl_->reading([&] { return read_task_counts(*impl_->connection); });
}

model::StateCounts Reader::backlog() const {
  return impl_->reading([&] {
    Query query(*impl_->connection,
                "SELECT (SELECT count(*) FROM task WHERE transcript_state = 'pending'), "
                "(SELECT count(*) FROM task WHERE transcript_state = 'failed')");
    query.step();
    Columns in(query);
    model::StateCounts counts;
    counts[model::TranscriptState::Pending] = in.count();
    counts[model::TranscriptState::Failed] = in.count();
    return counts;
  });
}

std::optional<base::Instant> Reader::oldest_pending() const {
  return impl_->reading([&] { return read_oldest_pending(*impl_->connection); });
}

std::optional<base::Instant> Reader::high_water_mark() const {
  return impl_->reading([&] { return read_high_water_mark(*impl_->connection); });
}

ServiceRecord Reader::service_record() const {
  return impl_->reading([&] { return read_service_record(*impl_->connection); });
}

std::vector<TaskFailure> Reader::failures(int limit) const {
  return impl_->reading([&] {
    Query query(
        *impl_->connection,
        "SELECT task_id, phase, kind, message, first_ms, last_ms, attempts FROM failure JOIN task USING (task_key) "
        "ORDER BY last_ms DESC, task_id, phase LIMIT :limit");
    query.bind(":limit", limit);
    std::vector<TaskFailure> rows;
    while (query.step()) rows.push_back(read_failure(query));
    return rows;
  });
}

std::vector<TaskFailure> Reader::failures_of(const std::string& task_id) const {
  return impl_->reading([&] {
    Query query(
        *impl_->connection,
        "SELECT task_id, phase, kind, message, first_ms, last_ms, attempts FROM failure JOIN task USING (task_key) "
        "WHERE task_id = :task_id ORDER BY last_ms DESC, phase");
    query.bind(":task_id", task_id);
    std::vector<TaskFailure> rows;
    while (query.step()) rows.push_back(read_failure(query));
    return rows;
  });
}

std::vector<CoverageDay> Reader::coverage_by_day(base::TimeRange range) const {
  return impl_->reading([&] {
    // The view's columns over a part of the tasks, which a condition on the view's day could not find by an index.
    Query query(
        *impl_->connection,
        "SELECT date(ended_ms / 86400000 * 86400, 'unixepoch'), count(*), sum(transcript_state = 'archived'), "
        "sum(transcript_state = 'pending'), sum(transcript_state = 'unparsed'), sum(transcript_state = 'absent'), "
        "sum(transcript_state = 'failed') FROM task WHERE ended_ms >= :from AND ended_ms < :to GROUP BY ended_ms / "
        "86400000 ORDER BY 1");
    query.bind(":from", range.from).bind(":to", range.to);
    std::vector<CoverageDay> days;
    while (query.step()) {
      Columns in(query);
      CoverageDay day;
      day.day = in.text();
      day.ended = in.count();
      day.archived = in.count();
      day.pending = in.count();
      day.unparsed = in.count();
      day.absent = in.count();
      day.failed = in.count();
      days.push_back(std::move(day));
    }
    return days;
  });
}

std::vector<base::TimeRange> Reader::uncovered(model::TimeField by, base::TimeRange range) const {
  return impl_->reading([&] { return read_uncovered(*impl_->connection, by, range); });
}

std::optional<TaskIntervalStats> Reader::task_interval_stats(base::Millis before_newest) const {
  return impl_->reading([&]() -> std::optional<TaskIntervalStats> {
    Query query(*impl_->connection,
                "SELECT max(ended_ms), max(gap) FROM (SELECT ended_ms, ended_ms - lag(ended_ms) OVER (ORDER BY "
                "ended_ms) AS gap FROM task WHERE ended_ms >= (SELECT max(ended_ms) FROM task) - :before)");
    query.bind(":before", before_newest);
    query.step();
    Columns in(query);
    const auto newest = in.instant();
    const auto gap = in.integer();
    if (!newest || !gap) return std::nullopt;
    return TaskIntervalStats{*newest, base::Millis{*gap}};
  });
}

std::vector<base::TimeRange> Reader::coverage_gaps(base::Instant now) const {
  return impl_->reading([&] { return read_coverage_gaps(*impl_->connection, now); });
}

std::vector<std::string> Reader::names(NameKind kind) const {
  return impl_->reading([&] {
    Query query(*impl_->connection, fmt::format("SELECT DISTINCT name FROM ({}) ORDER BY name", names_sql(kind)));
    std::vector<std::string> result;
    while (query.step()) result.push_back(Columns(query).text());
    return result;
  });
}

bool Reader::knows(NameKind kind, const std::string& name_or_id) const {
  return impl_->reading([&] {
    Query query(*impl_->connection,
                fmt::format("SELECT 1 FROM ({}) WHERE name = :wanted COLLATE NOCASE OR id = :wanted COLLATE NOCASE",
                            names_sql(kind)));
    return query.bind(":wanted", name_or_id).step();
  });
}

std::string Reader::pseudonym_key() const {
  return impl_->reading([&] {
    Query query(*impl_->connection, "SELECT tombstone_key FROM organisation");
    query.step();
    const base::Sha256 key = base::hmac_sha256(Columns(query).blob(), "pseudonyms of extracts");
    return std::string(key.begin(), key.end());
  });
}

}  // namespace wxcc::store
