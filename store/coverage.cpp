// SPDX-License-Identifier: Apache-2.0
#include "store/coverage.h"

#include <algorithm>

#include "store/service_state.h"
#include "store/statement.h"

namespace wxcc::store {
namespace {

base::TimeRange range_in(Rows& row) {
  const base::Instant from = row.instant().value();
  const base::Instant to = row.instant().value();
  return {from, to};
}

}  // namespace

void add_scan(Connection& connection, const Scan& scan) {
  if (scan.range.empty()) return;
  std::vector<base::TimeRange> neighbours;
  std::optional<base::Instant> last_scan;
  {
    Statement statement(
        connection,
        "SELECT from_ms, to_ms, scanned_ms FROM scan_span WHERE by_field = :by AND from_ms <= :to AND to_ms >= :from");
    Rows rows = statement.query(to_text(scan.by), scan.range.to, scan.range.from);
    while (rows.next()) {
      neighbours.push_back(range_in(rows));
      last_scan = std::max(last_scan, rows.instant());
    }
  }
  const base::TimeRange span = base::merge_ranges(neighbours, scan.range);
  const base::Instant scanned = std::max(last_scan.value_or(scan.scanned_at), scan.scanned_at);
  if (neighbours.size() == 1 && neighbours.front() == span && last_scan == scanned) return;
  Statement(connection, "DELETE FROM scan_span WHERE by_field = :by AND from_ms <= :to AND to_ms >= :from")
      .run(to_text(scan.by), span.to, span.from);
  Statement(connection,
            "INSERT INTO scan_span (by_field, from_ms, to_ms, scanned_ms) VALUES (:by, :from, :to, :scanned)")
      .run(to_text(scan.by), span.from, span.to, scanned);
}

std::vector<base::TimeRange> read_uncovered(Connection& connection, model::TimeField by, base::TimeRange range) {
  Statement statement(
      connection,
      "SELECT from_ms, to_ms FROM scan_span WHERE by_field = :by AND from_ms < :to AND to_ms > :from ORDER BY from_ms");
  std::vector<base::TimeRange> spans;
  Rows rows = statement.query(to_text(by), range.to, range.from);
  while (rows.next()) spans.push_back(range_in(rows));
  return base::subtract_ranges(range, spans);
}

std::vector<base::TimeRange> read_coverage_gaps(Connection& connection, base::Instant now) {
  Statement statement(connection, "SELECT min(from_ms), max(to_ms) FROM scan_span WHERE by_field = 'ended'");
  Rows row = statement.query_one();
  const std::optional<base::Instant> first = row.instant();
  const std::optional<base::Instant> last = row.instant();
  if (!first || !last) return {};
  const auto start = read_service_record(connection).backfill_start;
  const base::TimeRange archived{start ? start->at(now) : *first, read_high_water_mark(connection).value_or(*last)};
  if (archived.empty()) return {};
  return read_uncovered(connection, model::TimeField::Ended, archived);
}

void advance_mark(Connection& connection, base::Instant mark) {
  Statement(connection,
            "UPDATE service SET high_water_mark_ms = :mark WHERE high_water_mark_ms IS NULL OR high_water_mark_ms < "
            ":mark")
      .run(mark);
}

std::optional<base::Instant> read_high_water_mark(Connection& connection) {
  return Statement(connection, "SELECT high_water_mark_ms FROM service").query_one().instant();
}

}  // namespace wxcc::store
