// SPDX-License-Identifier: Apache-2.0
#include "store/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "base/error.h"
#include "store/archive_file.h"
#include "store/audit.h"
#include "store/coverage.h"
#include "store/reader.h"
#include "store/statement.h"
#include "store/transcript_table.h"

namespace wxcc::store {
namespace {

using Outcome = Check::Outcome;

constexpr std::size_t kListed = 20;

void add(Check& check, Outcome outcome, std::string finding) {
  ++check.found;
  check.outcome = std::max(check.outcome, outcome);
  if (check.findings.size() < kListed) check.findings.push_back(std::move(finding));
}

// SQLite stops at some damages with an error; that is a finding too, without its advice.
void add_damage(Check& check, const StoreError& error) {
  const std::string message = error.what();
  add(check, Outcome::Damage, message.substr(0, message.rfind("; it is damaged")));
}

Check checked(Connection& connection, std::string name, const std::function<void(Check&)>& look) {
  Check check;
  check.name = std::move(name);
  const Operation operation(connection, "verifying");
  try {
    look(check);
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::Corrupt) throw;
    add_damage(check, error);
  }
  return check;
}

void check_file(Connection& connection, Check& check) {
  Statement statement(connection, "PRAGMA integrity_check(100)");
  Rows rows = statement.query();
  while (rows.next())
    if (const std::string finding = rows.text(); finding != "ok") add(check, Outcome::Damage, finding);
  check.examined = Statement(connection, "PRAGMA page_count").query_one().count();
}

void check_references(Connection& connection, Check& check) {
  Statement statement(connection, "PRAGMA foreign_key_check");
  Rows rows = statement.query();
  while (rows.next()) {
    const std::string table = rows.text();
    const std::int64_t row = rows.integer().value_or(0);
    add(check, Outcome::Damage,
        fmt::format("row {} of {} refers to a row of {} that is not there", row, table, rows.text()));
  }
}

void run_fts_integrity_check(Connection& connection) {
  // Inside a transaction that is given up: the command is spelled as a write, but writes nothing.
  connection.execute("BEGIN IMMEDIATE");
  try {
    connection.execute("INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)");
  } catch (...) {
    connection.execute("ROLLBACK");
    throw;
  }
  connection.execute("ROLLBACK");
}

std::int64_t count(Connection& connection, const char* sql) {
  return Statement(connection, sql).query_one().count();
}

void check_full_text(Connection& connection, Check& check) {
  check.examined = count(connection, "SELECT count(*) FROM message WHERE text IS NOT NULL");
  const std::int64_t missing = count(connection,
                                     "SELECT count(*) FROM message WHERE text IS NOT NULL AND message_key NOT IN "
                                     "(SELECT id FROM message_search_docsize)");
  if (missing > 0) add(check, Outcome::Damage, fmt::format("{} messages are not in the full text index", missing));
  const std::int64_t orphaned = count(connection,
                                      "SELECT count(*) FROM message_search_docsize WHERE id NOT IN "
                                      "(SELECT message_key FROM message WHERE text IS NOT NULL)");
  if (orphaned > 0)
    add(check, Outcome::Damage, fmt::format("the full text index has {} messages that are not there", orphaned));
}

// A temporary view of the index, for readers too; every page of it is read.
void scan_fts_index(Connection& connection) {
  connection.execute("CREATE VIRTUAL TABLE temp.verified_words USING fts5vocab('main', 'message_search', 'row')");
  Statement(connection, "SELECT count(*), coalesce(sum(cnt), 0) FROM temp.verified_words").query_one();
}

Check full_text(Connection& connection, const base::Path& path) {
  return checked(connection, "full-text", [&](Check& check) {
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

void compare_with_bytes(DerivedRows& derived, const Parser& parser, const TranscriptRow& row, Check& messages) {
  if (!row.current) return;
  ++messages.examined;
  const model::Conversation stored = derived.read(row.key);
  if (static_cast<std::int64_t>(stored.messages.size()) != row.message_count)
    add(messages, Outcome::Damage,
        fmt::format("task {}: {} messages of {} are there", row.task_id, stored.messages.size(), row.message_count));
  if (!parser) return;
  const Parsed parsed = parser(row.raw, row.item);
  if (!parsed.conversation)
    add(messages, Outcome::Damage,
        fmt::format("task {}: its bytes can no longer be read: {}", row.task_id, parsed.error));
  else if (!DerivedRows::same_rows(stored, *parsed.conversation))
    add(messages, Outcome::Damage,
        fmt::format("task {}: the messages are not what the bytes say; parsing them again mends it", row.task_id));
}

void check_transcripts(Connection& connection, const VerifyOptions& options, Check& bytes, Check& messages) {
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
      add(bytes, Outcome::Damage,
          fmt::format("task {}: the bytes of a transcript are not those downloaded", row.task_id));
    compare_with_bytes(derived, options.parser, row, messages);
    ++bytes.examined;
    if (options.progress && (bytes.examined % 1000 == 0 || bytes.examined == all))
      options.progress(bytes.examined, all);
  }
}

void check_states(Connection& connection, Check& check) {
  const Counts counts = Reader(connection).counts();
  check.examined = counts.tasks();
  const auto gap = [&](std::int64_t tasks, std::string_view what) {
    if (tasks > 0) add(check, Outcome::Gap, fmt::format("{} {}", tasks, what));
  };
  gap(counts[model::TranscriptState::Pending], "transcripts are still to be fetched");
  gap(counts[model::TranscriptState::Failed], "transcripts could not be had");
  gap(counts[model::TranscriptState::Unparsed], "transcripts could not be read; their bytes are kept");
  const std::int64_t empty =
      count(connection,
            "SELECT count(*) FROM task AS t WHERE transcript_state = 'archived' AND NOT EXISTS "
            "(SELECT 1 FROM transcript AS x WHERE x.task_key = t.task_key AND x.first_seq IS NOT NULL)");
  if (empty > 0)
    add(check, Outcome::Damage, fmt::format("{} conversations count as archived, but have no transcript", empty));
}

void check_coverage(Connection& connection, base::Instant now, Check& check) {
  check.examined = count(connection, "SELECT count(*) FROM scan_span WHERE by_field = 'ended'");
  if (check.examined == 0) return add(check, Outcome::Gap, "no scan has been read to its end yet");
  for (const base::TimeRange& gap : read_coverage_gaps(connection, now))
    add(check, Outcome::Gap,
        fmt::format("never read: {} to {}", base::to_iso8601_seconds(gap.from), base::to_iso8601_seconds(gap.to)));
}

}  // namespace

std::vector<Check> verify(const base::Path& path, const VerifyOptions& options) {
  std::vector<Check> checks;
  std::unique_ptr<Connection> connection;
  try {
    connection = open_read_only(path);
  } catch (const StoreError& error) {
    if (error.kind() != StoreError::Kind::Corrupt) throw;
    checks.emplace_back().name = "file";
    add_damage(checks.back(), error);
    return checks;
  }
  checks.push_back(checked(*connection, "file", [&](Check& check) { check_file(*connection, check); }));
  checks.push_back(checked(*connection, "references", [&](Check& check) { check_references(*connection, check); }));
  checks.push_back(full_text(*connection, path));
  Check bytes;
  bytes.name = "bytes";
  Check messages =
      checked(*connection, "messages", [&](Check& check) { check_transcripts(*connection, options, bytes, check); });
  checks.push_back(std::move(bytes));
  checks.push_back(std::move(messages));
  checks.push_back(checked(*connection, "audit", [&](Check& check) {
    if (const auto damage = audit_damage(*connection)) add(check, Outcome::Damage, *damage);
    if (const auto head = audit_head(*connection)) check.examined = head->entry;
  }));
  checks.push_back(checked(*connection, "transcripts", [&](Check& check) { check_states(*connection, check); }));
  checks.push_back(
      checked(*connection, "time", [&](Check& check) { check_coverage(*connection, options.now, check); }));
  return checks;
}

Check::Outcome outcome_of(const std::vector<Check>& checks) {
  Outcome worst = Outcome::Good;
  for (const Check& check : checks) worst = std::max(worst, check.outcome);
  return worst;
}

void require_integrity(const base::Path& path) {
  Connection connection(path, Connection::Access::Write);
  Check check;
  const Operation operation(connection, "verifying");
  check_file(connection, check);
  check_references(connection, check);
  run_fts_integrity_check(connection);
  if (check.outcome != Outcome::Good)
    throw StoreError(StoreError::Kind::Corrupt,
                     fmt::format("{} is damaged: {}", path.string(), check.findings.front()));
}

}  // namespace wxcc::store
