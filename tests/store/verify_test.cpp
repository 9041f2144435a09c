// SPDX-License-Identifier: Apache-2.0
#include "maintenance_fixture.h"
#include "store/audit.h"

namespace wxcc::store {
namespace {

class Verify : public MaintenanceFixture {};
class Audit : public MaintenanceFixture {};

TEST_F(Verify, ReportsOkForIntactArchive) {
  EXPECT_EQ(with(Check::Outcome::Ok), "file foreign-keys full-text checksums derived-rows audit transcripts coverage ");
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
}

TEST_F(Verify, RunsWhileServiceWrites) {
  Archive archive = open();
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
  EXPECT_EQ(commit(archive, {ended_task("t3")}).added, 1);
  EXPECT_EQ(with(Check::Outcome::Incomplete), "transcripts ") << "pending";
}

TEST_F(Verify, RetainsWalFilesForReaders) {
  checks();
  EXPECT_TRUE(std::filesystem::exists(path_.string() + "-wal"));
}

TEST_F(Verify, FindsChangedBytes) {
  EXPECT_EQ(damaged_by("UPDATE transcript SET raw = CAST(raw || ' ' AS BLOB) WHERE transcript_key = 1"),
            "checksums derived-rows ");
}

TEST_F(Verify, FindsChangedMessage) {
  EXPECT_EQ(damaged_by("UPDATE message SET text = 'never sent' WHERE message_key = 1"), "derived-rows ");
}

TEST_F(Verify, FindsChangedParticipant) {
  EXPECT_EQ(damaged_by("UPDATE participant SET name = 'Another Name' WHERE position = 0"), "derived-rows ");
}

TEST_F(Verify, FindsMissingMessage) {
  EXPECT_EQ(damaged_by("DELETE FROM message WHERE message_key = 2"), "derived-rows ");
}

TEST_F(Verify, FindsUnindexedMessage) {
  EXPECT_EQ(damaged_by("DELETE FROM message_search_docsize WHERE id = 1"), "full-text ");
}

TEST_F(Verify, FindsMismatchBetweenIndexAndMessage) {
  EXPECT_EQ(
      damaged_by("DROP TRIGGER message_search_update; UPDATE message SET text = 'other words' WHERE message_key = 1;"
                 "UPDATE message SET text = text"),
      "full-text derived-rows ");
}

TEST_F(Verify, FindsBrokenForeignKey) {
  EXPECT_EQ(damaged_by("PRAGMA foreign_keys = OFF; UPDATE task SET queue_key = 99 WHERE task_id = 't1'"),
            "foreign-keys ");
}

TEST_F(Verify, FindsChangedAuditEntry) {
  { open().finish_reparse({}, kNow); }
  EXPECT_EQ(damaged_by("DROP TRIGGER audit_no_update; UPDATE audit SET account = 'other' WHERE entry = 1"), "audit ");
}

TEST_F(Verify, FindsMissingAuditEntry) {
  { open().finish_reparse({}, kNow); }
  EXPECT_EQ(damaged_by("DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE entry = 1"), "audit ");
}

TEST_F(Verify, FindsOverwrittenPage) {
  { open().checkpoint(); }
  const auto pages = std::filesystem::file_size(path_) / 4096;
  std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>((pages / 2) * 4096));
  file << std::string(4096, '\x5A');
  file.close();
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Corrupt);
}

TEST_F(Verify, ReportsCoverageGaps) {
  Archive archive = open();
  const TimeRange later{kStart + hours(200), kStart + hours(300)};
  archive.commit_page({}, Scan{model::TimeField::Ended, later, kNow}, later.to, kNow);
  const std::vector<Check> all = checks();
  EXPECT_EQ(outcome_of(all), Check::Outcome::Incomplete);
  EXPECT_EQ(all.back().findings,
            std::vector<std::string>{"coverage gap: 2026-01-08T00:00:00Z to 2026-01-09T08:00:00Z"});
}

TEST_F(Verify, CountsWithoutProgressCallback) {
  const std::vector<Check> checks = verify(path_, {});
  const auto bytes =
      std::find_if(checks.begin(), checks.end(), [](const Check& check) { return check.name == "checksums"; });
  EXPECT_EQ(bytes->examined, 2);
}

TEST_F(Audit, RejectsChangesBySql) {
  EXPECT_THROW(modify("UPDATE audit SET account = 'x'"), SQLite::Exception);
  EXPECT_THROW(modify("DELETE FROM audit"), SQLite::Exception);
}

TEST_F(Audit, HashesDocumentedInput) {
  const std::string zeros(32, '\0');
  const AuditEntry entry{1, from_ms(5), "create", "p \"1\"", "me", "{}"};
  EXPECT_EQ(audit_hash({}, entry), base::sha256(zeros + R"([1,5,"create","p \"1\"","me","{}"])"));
}

}  // namespace
}  // namespace wxcc::store
