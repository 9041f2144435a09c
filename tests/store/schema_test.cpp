// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "archive_fixture.h"
#include "base/instant.h"
#include "store/migrations.h"
#include "store/sqlite.h"
#include "store/verify.h"

namespace wxcc::store {
namespace {

class Schema : public ArchiveFixture {
 protected:
  // An empty database, to be filled by migrations.
  std::unique_ptr<Connection> blank(const std::string& name) const {
    const std::filesystem::path path = root_ / name;
    { SQLite::Database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("PRAGMA application_id = 1"); }
    return std::make_unique<Connection>(path, Connection::Access::Write);
  }
  static std::string schema_of(Connection& connection) {
    Statement statement(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2");
    std::string text;
    Rows rows = statement.query();
    while (rows.next())
      for (int i = 0; i < 4; ++i) text += rows.text() + "\n";
    return text;
  }
  // The output of EXPLAIN QUERY PLAN, one step a line.
  std::string plan(const std::string& sql) const {
    SQLite::Database database(path_.string(), SQLite::OPEN_READONLY);
    SQLite::Statement statement(database, "EXPLAIN QUERY PLAN " + sql);
    std::string text;
    while (statement.executeStep()) text += statement.getColumn("detail").getString() + "\n";
    return text;
  }
};

constexpr const char* kMigrationTable =
    "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT, applied_ms INTEGER); CREATE TABLE a (x);";
const std::vector<Migration> kSteps = {
    {1, "first", kMigrationTable},
    {2, "second", "ALTER TABLE a ADD COLUMN y"},
    {3, "third", "CREATE TABLE b (z); INSERT INTO b VALUES (1)"},
};

TEST_F(Schema, NumbersStepsFromOneWithoutGap) {
  int expected = 0;
  for (const Migration& step : schema().steps) EXPECT_EQ(step.version, ++expected) << step.name;
  EXPECT_EQ(newest_schema_version(), expected);
}

TEST_F(Schema, IsTheSameStepByStepOrAtOnce) {
  const auto at_once = blank("at-once.db");
  migrate(*at_once, {kSteps, ""}, kNow);
  blank("by-step.db");
  for (std::size_t count = 1; count <= kSteps.size(); ++count) {
    Connection by_step(root_ / "by-step.db", Connection::Access::Write);
    migrate(by_step, {std::span(kSteps).first(count), ""}, kNow);
    EXPECT_EQ(schema_version(by_step), static_cast<int>(count));
  }
  Connection by_step(root_ / "by-step.db", Connection::Access::Read);
  EXPECT_EQ(schema_of(by_step), schema_of(*at_once));
}

TEST_F(Schema, OfNewArchiveEqualsMigratedOne) {
  { const Archive archive = open(); }
  const auto replayed = blank("replayed.db");
  migrate(*replayed, schema(), kNow);
  Connection fresh(path_, Connection::Access::Read);
  EXPECT_EQ(schema_of(fresh), schema_of(*replayed));
  EXPECT_EQ(row("SELECT version, name, applied_ms FROM schema_migration WHERE version = 1"), "1|archive|1770825600000");
}

TEST_F(Schema, RollsBackOnlyFailedStep) {
  std::vector<Migration> steps = kSteps;
  steps[2].sql = "CREATE TABLE b (z); INSERT INTO nowhere VALUES (1)";
  const auto connection = blank("broken.db");
  EXPECT_THROW(migrate(*connection, {steps, ""}, kNow), StoreError);
  EXPECT_EQ(schema_version(*connection), 2);
  EXPECT_EQ(schema_of(*connection).find("TABLE b"), std::string::npos);
  migrate(*connection, {kSteps, ""}, kNow);
  EXPECT_EQ(schema_version(*connection), 3);
}

TEST_F(Schema, RejectsStepThatBreaksForeignKey) {
  const std::vector<Migration> steps = {
      {1, "first", kMigrationTable},
      {2, "second", "CREATE TABLE child (x REFERENCES schema_migration); INSERT INTO child VALUES (99)"}};
  const auto connection = blank("broken.db");
  EXPECT_THROW(migrate(*connection, {steps, ""}, kNow), StoreError);
  EXPECT_EQ(schema_version(*connection), 1);
}

class Migrations : public Schema {
 protected:
  Migrations() {
    Archive archive = open();
    commit(archive, {ended_task("t1")});
    steps_.assign(schema().steps.begin(), schema().steps.end());
    steps_.push_back({newest_schema_version() + 1, "more", "CREATE TABLE more (x INTEGER) STRICT", true});
    copy_ = path_.string() + ".schema-" + std::to_string(newest_schema_version());
  }
  std::vector<Migration> steps_;
  std::filesystem::path copy_;
};

TEST_F(Migrations, CopiesArchiveFirst) {
  Connection connection(path_, Connection::Access::Write);
  std::vector<std::string> output;
  backup_and_migrate(connection, {steps_, schema().views}, kNow,
                     [&](const std::string& operation) { output.push_back(operation); });
  EXPECT_EQ(schema_version(connection), newest_schema_version() + 1);
  EXPECT_EQ(mode_of(copy_), 0640U);
  EXPECT_EQ(Reader::open(copy_).counts().tasks(), 1);
  ASSERT_FALSE(output.empty());
  EXPECT_EQ(output.back().rfind("migrating the archive to schema ", 0), 0U) << output.back();
}

TEST_F(Migrations, RetainsArchiveAndCopyWhenStepFails) {
  steps_.back().sql = "INSERT INTO nowhere VALUES (1)";
  Connection connection(path_, Connection::Access::Write);
  EXPECT_THROW(backup_and_migrate(connection, {steps_, schema().views}, kNow, {}), StoreError);
  EXPECT_EQ(Reader::open(path_).counts().tasks(), 1);
  EXPECT_EQ(Reader::open(copy_).counts().tasks(), 1);
  steps_.back().sql = "CREATE TABLE more (x INTEGER) STRICT";
  backup_and_migrate(connection, {steps_, schema().views}, kNow, {});
  EXPECT_EQ(schema_version(connection), newest_schema_version() + 1);
}

TEST_F(Migrations, MakesNoCopyWhenNoRowsAreRewritten) {
  steps_.back().rewrites = false;
  Connection connection(path_, Connection::Access::Write);
  backup_and_migrate(connection, {steps_, schema().views}, kNow, {});
  EXPECT_EQ(schema_version(connection), newest_schema_version() + 1);
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

TEST_F(Migrations, RecreatesViews) {
  modify("DROP VIEW conversations; CREATE VIEW conversations AS SELECT 1 AS outdated");
  Connection connection(path_, Connection::Access::Write);
  migrate(connection, {steps_, schema().views}, kNow);
  EXPECT_EQ(row("SELECT task_id FROM conversations"), "t1");
}

TEST_F(Migrations, MakesNoCopyWhenUpToDate) {
  { open(); }
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

TEST_F(Migrations, ReportsProgressOfLongStep) {
  steps_.back().sql =
      "CREATE TABLE more (x INTEGER) STRICT; INSERT INTO more WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
      "FROM n WHERE i < 4000000) SELECT count(*) FROM n";
  Connection connection(path_, Connection::Access::Write);
  int reports = 0;
  migrate(connection, {steps_, schema().views}, kNow, [&](const std::string&) { ++reports; });
  EXPECT_GT(reports, 1);
}

// tests/store/archives/schema-NNNN.db was made by the program of that time with bench_archive FILE 40, and is never
// regenerated once a version with that schema has been released.
class OldArchives : public ArchiveFixture, public testing::WithParamInterface<int> {};

TEST_P(OldArchives, AreMigratedWithAllRows) {
  const std::string name = "schema-000" + std::to_string(GetParam()) + ".db";
  std::filesystem::copy_file(std::filesystem::path(WXCC_SOURCE_DIR) / "tests/store/archives" / name, path_);
  { open("org-bench"); }
  EXPECT_EQ(row("PRAGMA user_version"), std::to_string(newest_schema_version()));
  const Reader reader = Reader::open(path_);
  EXPECT_EQ(reader.counts()[model::TranscriptState::Archived], 40);
  EXPECT_EQ(reader.counts().messages, 600);
  ConversationFilter filter;
  filter.text = "the";
  EXPECT_GT(reader.size_of(filter).conversations, 5);
  for (const Check& check : verify(path_, {}))
    EXPECT_EQ(check.outcome, Check::Outcome::Ok) << check.name << ": " << check.findings.at(0);
}

INSTANTIATE_TEST_SUITE_P(EverySchema, OldArchives, testing::Range(1, 2));

TEST_F(Schema, HasStrictTablesOnly) {
  { const Archive archive = open(); }
  EXPECT_EQ(rows("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' "
                 "AND name NOT LIKE 'message_search%'"),
            std::vector<std::string>{});
}

// New columns of `conversations` stand behind these.
TEST_F(Schema, HasDocumentedViews) {
  { const Archive archive = open(); }
  EXPECT_EQ(
      row("SELECT group_concat(name, ' ') FROM (SELECT name FROM pragma_table_info('conversations') LIMIT 24)"),
      "task_id channel status created_at ended_at created_ms ended_ms duration_ms queue team site entry_point agent "
      "customer_name customer_email customer_phone origin destination direction wrapup_code termination_type "
      "csat_score transcript_state message_count");
  EXPECT_EQ(row("SELECT group_concat(name, ' ') FROM pragma_table_info('messages')"),
            "task_id seq sent_at sent_ms direction participant_name participant_role participant_user_id alias_id text "
            "redacted message_key");
  EXPECT_EQ(row("SELECT group_concat(name, ' ') FROM pragma_table_info('coverage_by_day')"),
            "day ended archived pending absent failed unparsed");
}

TEST_F(Schema, ServesCommonQueriesByIndex) {
  { const Archive archive = open(); }
  for (const char* condition :
       {"ended_ms BETWEEN 1 AND 2", "created_ms >= 5", "task_id = 'x'", "queue = 'Support'", "agent = 'Arne'",
        "queue = 'Support' AND ended_ms > 5", "transcript_state = 'failed'"}) {
    const std::string steps = plan(std::string("SELECT * FROM conversations WHERE ") + condition);
    EXPECT_EQ(steps.find("SCAN"), std::string::npos) << condition << "\n" << steps;
  }
  const std::string ordered = plan("SELECT * FROM conversations WHERE ended_ms > 1 ORDER BY ended_ms, task_id");
  EXPECT_EQ(ordered.find("TEMP B-TREE"), std::string::npos) << ordered;
  const std::string of_one = plan("SELECT * FROM messages WHERE task_id = 'x'");
  EXPECT_EQ(of_one.find("SCAN"), std::string::npos) << of_one;
  const std::string erasing = plan("DELETE FROM task WHERE task_id = 'x'");
  EXPECT_EQ(erasing.find("SCAN"), std::string::npos) << erasing;
}

TEST_F(Schema, FormatsTimesLikeTheProgram) {
  Archive archive = open();
  std::mt19937_64 random(7);
  std::vector<model::Task> tasks;
  for (int i = 0; i < 500; ++i)
    tasks.push_back(ended_task(std::to_string(i), from_ms(static_cast<std::int64_t>(random() % 4102444800000U))));
  tasks.push_back(ended_task("edge", from_ms(951782399999)));
  commit(archive, tasks);
  for (const std::string& line : rows("SELECT ended_ms, ended_at FROM conversations")) {
    const std::size_t bar = line.find('|');
    EXPECT_EQ(line.substr(bar + 1), base::to_iso8601(from_ms(std::stoll(line.substr(0, bar)))));
  }
}

}  // namespace
}  // namespace wxcc::store
