// SPDX-License-Identifier: Apache-2.0
#include "store/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "store/archive_file.h"
#include "store/audit.h"
#include "store/coverage.h"
#include "store/reader.h"
#include "store/statement.h"
#include "store/transcript_table.h"

namespace wxcc::store {
namespace {

using Outcome = Check::Outcome;

constexpr std::size_t kMaxListedFindings = 20;

void add(Check& check, Outcome outcome, std::string finding) {
  ++check.found;
  check.outcome = std::max(check.outcome, outcome);
  if (check.findings.size() < kMaxListedFindings) check.findings.push_back(std::move(finding));
}

Check run_check(Connection& connection, std::string name, std::string_view unit,
                const std::function<void(Check&)>& body) {
  Check check{.name = std::move(name), .unit = unit};
  const Operation operation(connection, "verifying");
  try {
    body(check);
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::Corrupt) throw;
    add(check, Outcome::Corrupt, error.reason());  // SQLite gives up at some kinds of damage
  }
  return check;
}

void check_file(Connection& connection, Check& check) {
  Statement statement(connection, "PRAGMA integrity_check(100)");
  Rows rows = statement.query();
  while (rows.next())
    if (const std::string finding = rows.text(); finding != "ok") add(check, Outcome::Corrupt, finding);
  check.examined = Statement(connection, "PRAGMA page_count").query_one().count();
}

std::int64_t count(Connection& connection, const char* sql) {
  return Statement(connection, sql).query_one().count();
}

void check_foreign_keys(Connection& connection, Check& check) {
  check.examined = count(connection,
                         "SELECT count(*) FROM sqlite_schema AS s, pragma_foreign_key_list(s.name) AS f "
                         "WHERE s.type = 'table' AND f.seq = 0");
  Statement statement(connection, "PRAGMA foreign_key_check");
  Rows rows = statement.query();
  while (rows.next()) {
    const std::string table = rows.text();
    const std::int64_t row = rows.integer().value_or(0);
    add(check, Outcome::Corrupt, fmt::format("row {} of {} refers to a missing row of {}", row, table, rows.text()));
  }
}

void run_fts_integrity_check(Connection& connection) {
  // In a transaction that is rolled back: the command has the syntax of a write, but writes no row.
  connection.execute("BEGIN IMMEDIATE");
  try {
    connection.execute("INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)");
  } catch (...) {
    connection.execute("ROLLBACK");
    throw;
  }
  connection.execute("ROLLBACK");
}

void check_full_text(Connection& connection, Check& check) {
  check.examined = count(connection, "SELECT count(*) FROM message WHERE text IS NOT NULL");
  const std::int64_t missing = count(connection,
                                     "SELECT count(*) FROM message WHERE text IS NOT NULL AND message_key NOT IN "
                                     "(SELECT id FROM message_search_docsize)");
  if (missing > 0)
    add(check, Outcome::Corrupt, base::count_of(missing, "message") + " without an entry in the full text index");
  const std::int64_t orphaned = count(connection,
                                      "SELECT count(*) FROM message_search_docsize WHERE id NOT IN "
                                      "(SELECT message_key FROM message WHERE text IS NOT NULL)");
  if (orphaned > 0)
    add(check, Outcome::Corrupt, base::count_of(orphaned, "entry") + " of the full text index without a message");
}

// Reads every page of the index, through a temporary table, which readers may create too.
void scan_fts_index(Connection& connection) {
  connection.execute("CREATE VIRTUAL TABLE temp.fts_vocabulary USING fts5vocab('main', 'message_search', 'row')");
  Statement(connection, "SELECT count(*), coalesce(sum(cnt), 0) FROM temp.fts_vocabulary").query_one();
}

Check full_text(Connection& connection, const base::Path& path) {
  return run_check(connection, "full-text", "message", [&](Check& check) {
    check_full_text(connection, check);
    const std::optional<base::FileLock> lock = try_lock_writer(path);
    if (!lock) return scan_fts_index(connection);
    Connection writer(path, Connection::Access::Write);
    writer.persist_wal_files();
    run_fts_integrity_check(writer);
  });
}

struct TranscriptRow {
  std::int64_t key = 0;
  std::string task_id;
  model::TranscriptItem item;
  std::string sha256;
  std::string raw;
  bool current = false;
  std::int64_t message_count = 0;
};

TranscriptRow read_transcript(Rows& in) {
  TranscriptRow row;
  row.key = in.count();
  row.task_id = in.text();
  row.item = read_item(in);
  row.sha256 = in.blob();
  row.current = in.count() != 0;
  row.message_count = in.count();
  row.raw = in.blob();
  return row;
}

void compare_with_transcript(DerivedRows& stored_rows, const Parser& parser, const TranscriptRow& row,
                             Check& derived_rows) {
  if (!row.current) return;
  ++derived_rows.examined;
  const model::Conversation stored = stored_rows.read(row.key);
  if (static_cast<std::int64_t>(stored.messages.size()) != row.message_count)
    add(derived_rows, Outcome::Corrupt,
        fmt::format("task {}: {} of {} messages exist", row.task_id, stored.messages.size(), row.message_count));
  if (!parser) return;
  const Parsed parsed = parser(row.raw, row.item);
  if (!parsed.conversation)
    add(derived_rows, Outcome::Corrupt,
        fmt::format("task {}: the bytes of a transcript can no longer be parsed: {}", row.task_id, parsed.error));
  else if (!DerivedRows::same_rows(stored, *parsed.conversation))
    add(derived_rows, Outcome::Corrupt,
        fmt::format("task {}: the messages differ from the bytes of the transcript; run reparse", row.task_id));
}

void check_transcripts(Connection& connection, const VerifyOptions& options, Check& checksums, Check& derived_rows) {
  const std::int64_t all = count(connection, "SELECT count(*) FROM transcript");
  DerivedRows derived(connection);
  Statement statement(
      connection,
      fmt::format("SELECT x.transcript_key, t.task_id, {}, x.sha256, x.first_seq IS NOT NULL, x.message_count, x.raw "
                  "FROM transcript AS x JOIN task AS t USING (task_key) ORDER BY x.transcript_key",
                  kItemColumns));
  Rows rows = statement.query();
  while (rows.next()) {
    const TranscriptRow row = read_transcript(rows);
    const base::Sha256 digest = base::sha256(row.raw);
    if (row.sha256.size() != digest.size() || std::memcmp(row.sha256.data(), digest.data(), digest.size()) != 0)
      add(checksums, Outcome::Corrupt,
          fmt::format("task {}: the bytes of a transcript differ from the downloaded ones", row.task_id));
    compare_with_transcript(derived, options.parser, row, derived_rows);
    ++checksums.examined;
    if (options.progress && (checksums.examined % 1000 == 0 || checksums.examined == all))
      options.progress(checksums.examined, all);
  }
}

void check_states(Connection& connection, Check& check) {
  const Counts counts = Reader(connection).counts();
  check.examined = counts.tasks();
  const auto gap = [&](model::TranscriptState state) {
    if (counts[state] == 0) return;
    add(check, Outcome::Incomplete, fmt::format("{} {}", base::count_of(counts[state], "transcript"), to_text(state)));
  };
  gap(model::TranscriptState::Pending);
  gap(model::TranscriptState::Failed);
  gap(model::TranscriptState::Unparsed);
  const std::int64_t empty =
      count(connection,
            "SELECT count(*) FROM task AS t WHERE transcript_state = 'archived' AND NOT EXISTS "
            "(SELECT 1 FROM transcript AS x WHERE x.task_key = t.task_key AND x.first_seq IS NOT NULL)");
  if (empty > 0) add(check, Outcome::Corrupt, base::count_of(empty, "conversation") + " archived without a transcript");
}

void check_coverage(Connection& connection, base::Instant now, Check& check) {
  check.examined = count(connection, "SELECT count(*) FROM scan_span WHERE by_field = 'ended'");
  if (check.examined == 0) return add(check, Outcome::Incomplete, "no scan has completed yet");
  for (const base::TimeRange& gap : read_coverage_gaps(connection, now))
    add(check, Outcome::Incomplete,
        fmt::format("coverage gap: {} to {}", base::to_iso8601_seconds(gap.from), base::to_iso8601_seconds(gap.to)));
}

}  // namespace

std::vector<Check> verify(const base::Path& path, const VerifyOptions& options) {
  std::vector<Check> checks;
  std::unique_ptr<Connection> connection;
  try {
    connection = open_read_only(path);
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::Corrupt) throw;
    checks.push_back({.name = "file", .unit = "page"});
    add(checks.back(), Outcome::Corrupt, error.reason());
    return checks;
  }
  checks.push_back(run_check(*connection, "file", "page", [&](Check& check) { check_file(*connection, check); }));
  checks.push_back(run_check(*connection, "foreign-keys", "foreign key",
                             [&](Check& check) { check_foreign_keys(*connection, check); }));
  checks.push_back(full_text(*connection, path));
  Check checksums{.name = "checksums", .unit = "transcript"};
  Check derived_rows = run_check(*connection, "derived-rows", "transcript",
                                 [&](Check& check) { check_transcripts(*connection, options, checksums, check); });
  checks.push_back(std::move(checksums));
  checks.push_back(std::move(derived_rows));
  checks.push_back(run_check(*connection, "audit", "audit entry", [&](Check& check) {
    if (const auto error = find_audit_error(*connection)) add(check, Outcome::Corrupt, *error);
    if (const auto head = read_audit_head(*connection)) check.examined = head->entry;
  }));
  checks.push_back(
      run_check(*connection, "transcripts", "task", [&](Check& check) { check_states(*connection, check); }));
  checks.push_back(run_check(*connection, "coverage", "scanned span",
                             [&](Check& check) { check_coverage(*connection, options.now, check); }));
  return checks;
}

Check::Outcome outcome_of(const std::vector<Check>& checks) {
  Outcome worst = Outcome::Ok;
  for (const Check& check : checks) worst = std::max(worst, check.outcome);
  return worst;
}

void require_integrity(const base::Path& path) {
  Connection connection(path, Connection::Access::Write);
  Check check;
  const Operation operation(connection, "verifying");
  check_file(connection, check);
  check_foreign_keys(connection, check);
  run_fts_integrity_check(connection);
  if (check.outcome != Outcome::Ok)
    throw StoreError(StoreError::Kind::Corrupt,
                     fmt::format("{} is corrupt: {}", path.string(), check.findings.front()));
}

}  // namespace wxcc::store
