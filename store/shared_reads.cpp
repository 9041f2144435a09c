// SPDX-License-Identifier: Apache-2.0
#include "store/shared_reads.h"

#include "store/query.h"

namespace wxcc::store {
namespace {

model::StateCounts read_states(Query& states) {
  model::StateCounts counts;
  while (states.step()) {
    Columns in(states);
    const std::optional<model::TranscriptState> state = model::kTranscriptStateNames.parse(in.text());
    const std::int64_t count = in.count();
    if (state) counts[*state] = count;
  }
  return counts;
}

}  // namespace

model::StateCounts read_task_counts(Connection& connection) {
  Query states(connection, "SELECT transcript_state, count(*) FROM task GROUP BY transcript_state");
  return read_states(states);
}

std::optional<base::Instant> read_oldest_pending(Connection& connection) {
  Query query(connection, "SELECT min(ended_ms) FROM task WHERE transcript_state = 'pending'");
  query.step();
  return Columns(query).instant();
}

Counts read_counts(Connection& connection) {
  Counts counts{read_task_counts(connection)};
  Query messages(connection, "SELECT coalesce(sum(message_count), 0) FROM transcript WHERE first_seq IS NOT NULL");
  messages.step();
  counts.messages = Columns(messages).count();
  return counts;
}

Counts read_counts(Connection& connection, base::TimeRange ended) {
  Query states(connection,
               "SELECT transcript_state, count(*) FROM task WHERE ended_ms >= :from AND ended_ms < :to "
               "GROUP BY transcript_state");
  states.bind(":from", ended.from).bind(":to", ended.to);
  Counts counts{read_states(states)};
  Query messages(connection,
                 "SELECT coalesce(sum(x.message_count), 0) FROM task AS t JOIN transcript AS x USING (task_key) "
                 "WHERE t.ended_ms >= :from AND t.ended_ms < :to AND x.first_seq IS NOT NULL");
  messages.bind(":from", ended.from).bind(":to", ended.to);
  messages.step();
  counts.messages = Columns(messages).count();
  return counts;
}

std::optional<base::Instant> read_high_water_mark(Connection& connection) {
  Query query(connection, "SELECT high_water_mark_ms FROM service");
  query.step();
  return Columns(query).instant();
}

ServiceRecord read_service_record(Connection& connection) {
  Query query(connection,
              "SELECT last_success_ms, last_error_ms, last_error, needs_login, needs_login_ms, access_expires_ms, "
              "refresh_expires_ms, backfill_from_ms, backfill_lookback_ms FROM service");
  query.step();
  Columns in(query);
  ServiceRecord record;
  record.last_success = in.instant();
  record.last_error_at = in.instant();
  record.last_error = in.text();
  record.needs_login = in.text();
  record.needs_login_since = in.instant();
  record.access_expires_at = in.instant();
  record.refresh_expires_at = in.instant();
  const std::optional<base::Instant> backfill_from = in.instant();
  const std::optional<std::int64_t> backfill_lookback = in.integer();
  if (backfill_lookback) record.backfill_start = {backfill_from, base::Millis{*backfill_lookback}};
  return record;
}

std::vector<base::TimeRange> read_uncovered(Connection& connection, model::TimeField by, base::TimeRange range) {
  Query query(
      connection,
      "SELECT from_ms, to_ms FROM scan_span WHERE by_field = :by AND from_ms < :to AND to_ms > :from ORDER BY from_ms");
  query.bind(":by", std::string(to_text(by))).bind(":from", range.from).bind(":to", range.to);
  std::vector<base::TimeRange> spans;
  while (query.step()) {
    Columns in(query);
    const base::Instant from = in.instant().value();
    const base::Instant to = in.instant().value();
    spans.push_back({from, to});
  }
  return base::subtract_ranges(range, spans);
}

std::vector<base::TimeRange> read_coverage_gaps(Connection& connection, base::Instant now) {
  Query query(connection, "SELECT min(from_ms), max(to_ms) FROM scan_span WHERE by_field = 'ended'");
  query.step();
  Columns in(query);
  const std::optional<base::Instant> first = in.instant();
  const std::optional<base::Instant> last = in.instant();
  if (!first || !last) return {};
  const auto start = read_service_record(connection).backfill_start;
  const base::TimeRange wanted{start ? start->at(now) : *first, read_high_water_mark(connection).value_or(*last)};
  if (wanted.from >= wanted.to) return {};
  return read_uncovered(connection, model::TimeField::Ended, wanted);
}

}  // namespace wxcc::store
