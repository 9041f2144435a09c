// SPDX-License-Identifier: Apache-2.0
// verify, backup, reparse and the audit.
#include <sys/resource.h>

#include <csignal>

#include "archive_fixture.h"
#include "base/error.h"
#include "child_process.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/sqlite.h"
#include "store/verify.h"

namespace wxcc::store {
namespace {

// The fixture's transcripts have one line for their capture and one for each message.
Parsed parse_lines(const std::string& raw, const model::TranscriptItem&) {
  if (raw.rfind("unreadable", 0) == 0) return {std::nullopt, "line 1: unreadable"};
  std::vector<std::string> lines;
  std::istringstream in(raw);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  lines.erase(lines.begin());
  return {transcript("", lines).conversation, ""};
}

class Keeping : public ArchiveFixture {
 protected:
  Keeping() {
    Archive archive = open();
    commit(archive, {ended_task("t1"), ended_task("t2")});
    store(archive, "t1", {transcript("c1", {"hello there", "goodbye"})}, std::nullopt, kNow);
    store(archive, "t2", {transcript("c2", {"another one"})}, std::nullopt, kNow);
    const TimeRange week{kStart, kStart + hours(168)};
    archive.commit_page({}, Scan{model::TimeField::Ended, week, kNow}, week.to, kNow);
  }
  std::vector<Check> checks() const { return verify(path_, {parse_lines, {}}); }
  // The names of the checks with that outcome.
  std::string with(Check::Outcome outcome) const {
    std::string names;
    for (const Check& check : checks())
      if (check.outcome == outcome) names += check.name + " ";
    return names;
  }
  std::ptrdiff_t part_files() const {
    const std::filesystem::directory_iterator files(folder_);
    return std::count_if(begin(files), end(files), [](const auto& file) { return file.path().extension() == ".part"; });
  }
  std::string damaged_by(const std::string& sql) const {
    meddle(sql);
    return with(Check::Outcome::Corrupt);
  }
};

TEST_F(Keeping, VerifiesASoundArchiveAsGood) {
  EXPECT_EQ(with(Check::Outcome::Ok), "file foreign-keys full-text checksums derived-rows audit transcripts coverage ");
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
}

TEST_F(Keeping, VerifiesWhileTheServiceWrites) {
  Archive archive = open();
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
  EXPECT_EQ(commit(archive, {ended_task("t3")}).added, 1);
  EXPECT_EQ(with(Check::Outcome::Incomplete), "transcripts ") << "pending";
}

TEST_F(Keeping, LeavesTheLogFilesForReadersAfterVerifying) {
  checks();
  EXPECT_TRUE(std::filesystem::exists(path_.string() + "-wal"));
}

TEST_F(Keeping, VerifyNoticesChangedBytes) {
  EXPECT_EQ(damaged_by("UPDATE transcript SET raw = CAST(raw || ' ' AS BLOB) WHERE transcript_key = 1"),
            "checksums derived-rows ");
}

TEST_F(Keeping, VerifyNoticesAChangedMessage) {
  EXPECT_EQ(damaged_by("UPDATE message SET text = 'never said' WHERE message_key = 1"), "derived-rows ");
}

TEST_F(Keeping, VerifyNoticesAChangedParticipant) {
  EXPECT_EQ(damaged_by("UPDATE participant SET name = 'Somebody Else' WHERE position = 0"), "derived-rows ");
}

TEST_F(Keeping, VerifyNoticesAMissingMessage) {
  EXPECT_EQ(damaged_by("DELETE FROM message WHERE message_key = 2"), "derived-rows ");
}

TEST_F(Keeping, VerifyNoticesAMessageThatIsNotIndexed) {
  EXPECT_EQ(damaged_by("DELETE FROM message_search_docsize WHERE id = 1"), "full-text ");
}

TEST_F(Keeping, VerifyNoticesAWrongWordInTheIndex) {
  EXPECT_EQ(
      damaged_by("DROP TRIGGER message_search_update; UPDATE message SET text = 'other words' WHERE message_key = 1;"
                 "UPDATE message SET text = text"),
      "full-text derived-rows ");
}

TEST_F(Keeping, VerifyNoticesABrokenReference) {
  EXPECT_EQ(damaged_by("PRAGMA foreign_keys = OFF; UPDATE task SET queue_key = 99 WHERE task_id = 't1'"),
            "foreign-keys ");
}

TEST_F(Keeping, VerifyNoticesAChangedAudit) {
  { open().finish_reparse({}, kNow); }
  EXPECT_EQ(damaged_by("DROP TRIGGER audit_no_update; UPDATE audit SET account = 'nobody' WHERE entry = 1"), "audit ");
}

TEST_F(Keeping, VerifyNoticesAMissingAuditEntry) {
  { open().finish_reparse({}, kNow); }
  EXPECT_EQ(damaged_by("DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE entry = 1"), "audit ");
}

TEST_F(Keeping, VerifyNoticesAPageThatIsGarbage) {
  { open().checkpoint(); }
  const auto pages = std::filesystem::file_size(path_) / 4096;
  std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>((pages / 2) * 4096));
  file << std::string(4096, '\x5A');
  file.close();
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Corrupt);
}

TEST_F(Keeping, VerifyTellsGapsOfTime) {
  Archive archive = open();
  const TimeRange later{kStart + hours(200), kStart + hours(300)};
  archive.commit_page({}, Scan{model::TimeField::Ended, later, kNow}, later.to, kNow);
  const std::vector<Check> all = checks();
  EXPECT_EQ(outcome_of(all), Check::Outcome::Incomplete);
  EXPECT_EQ(all.back().findings, std::vector<std::string>{"coverage gap: 2026-01-08T00:00:00Z to 2026-01-09T08:00:00Z"});
}

TEST_F(Keeping, TheAuditCannotBeChangedBySql) {
  EXPECT_THROW(meddle("UPDATE audit SET account = 'x'"), SQLite::Exception);
  EXPECT_THROW(meddle("DELETE FROM audit"), SQLite::Exception);
}

TEST_F(Keeping, TheAuditsHashFollowsItsRecipe) {
  const std::string zeros(32, '\0');
  const AuditEntry entry{1, from_ms(5), "create", "p \"1\"", "me", "{}"};
  EXPECT_EQ(audit_hash({}, entry), base::sha256(zeros + R"([1,5,"create","p \"1\"","me","{}"])"));
}

TEST_F(Keeping, BacksUpWhileTheServiceWrites) {
  Archive archive = open();
  const std::filesystem::path target = folder_ / "copy.db";
  const BackupResult result = back_up(path_, target, {}, kNow);
  EXPECT_EQ(result.conversations, 2);
  EXPECT_EQ(result.messages, 3);
  EXPECT_EQ(mode_of(target), 0640U);
  commit(archive, {ended_task("t3")});
  EXPECT_EQ(Reader::open(target).counts().tasks(), 2);
  EXPECT_FALSE(std::filesystem::exists(target.string() + "-wal"));
  EXPECT_EQ(part_files(), 0);
}

TEST_F(Keeping, NeverBacksUpOverAFileUnasked) {
  const std::filesystem::path target = folder_ / "copy.db";
  std::ofstream(target) << "precious";
  EXPECT_THROW(back_up(path_, target, {}, kNow), base::Error);
  EXPECT_EQ(bytes_of(target), "precious");
  EXPECT_THROW(back_up(path_, path_, {base::OverwritePolicy::Overwrite, {}}, kNow), StoreError);
  back_up(path_, target, {base::OverwritePolicy::Overwrite, {}}, kNow);
  EXPECT_EQ(Reader::open(target).counts().tasks(), 2);
}

TEST_F(Keeping, ABackupLeavesAForeignPartFileAlone) {
  const std::filesystem::path target = folder_ / "copy.db";
  std::ofstream(target.string() + ".part") << "precious";
  back_up(path_, target, {}, kNow);
  EXPECT_EQ(bytes_of(target.string() + ".part"), "precious");
  EXPECT_EQ(Reader::open(target).counts().tasks(), 2);
}

TEST_F(Keeping, VerifyCountsWithoutAProgressCallback) {
  const std::vector<Check> checks = verify(path_, {});
  const auto bytes =
      std::find_if(checks.begin(), checks.end(), [](const Check& check) { return check.name == "checksums"; });
  EXPECT_EQ(bytes->examined, 2);
}

TEST_F(Keeping, ABackupOnAFullDiskLeavesNothing) {
  const std::filesystem::path target = folder_ / "copy.db";
  const std::string said = in_child([&]() -> std::string {
    ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit {};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 50000;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      back_up(path_, target, {}, kNow);
    } catch (const StoreError& error) {
      return error.kind() == StoreError::Kind::Full ? "full" : error.what();
    }
    return "backed up";
  });
  EXPECT_EQ(said, "full");
  EXPECT_FALSE(std::filesystem::exists(target));
  EXPECT_EQ(part_files(), 0);
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
}

TEST_F(Keeping, ARestoredBackupIsEnteredInTheAuditOnce) {
  back_up(path_, folder_ / "copy.db", {}, kNow);
  std::filesystem::remove(path_.string() + "-wal");
  std::filesystem::remove(path_.string() + "-shm");
  std::filesystem::rename(folder_ / "copy.db", path_);
  { open(); }
  { open(); }
  EXPECT_EQ(rows("SELECT action FROM audit ORDER BY entry"), (std::vector<std::string>{"create", "restore"}));
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
}

class Reparsing : public Keeping {
 protected:
  static ReparseStats all(Archive& archive, const Parser& parser = parse_lines) {
    ReparseStats total;
    for (;;) {
      const ReparseStats batch = archive.reparse_next(parser, 1, kNow);
      if (batch.transcripts == 0) return total;
      total += batch;
    }
  }
};

TEST_F(Reparsing, ChangesNothingWhereNothingChanged) {
  Archive archive = open();
  const std::string before = dump();
  EXPECT_EQ(all(archive).transcripts, 2);
  EXPECT_EQ(all(archive).changed, 0);
  EXPECT_EQ(dump(), before);
}

TEST_F(Reparsing, MendsWhatIsNotWhatTheBytesSay) {
  meddle("UPDATE message SET text = 'never said' WHERE message_key = 1; DELETE FROM message WHERE message_key = 2");
  ASSERT_NE(with(Check::Outcome::Corrupt), "");
  Archive archive = open();
  EXPECT_EQ(all(archive).changed, 1);
  EXPECT_EQ(with(Check::Outcome::Corrupt), "");
  EXPECT_EQ(Reader::open(path_).messages("t1").at(1).text, "goodbye");
  EXPECT_EQ(row("SELECT count(*) FROM message_search WHERE message_search MATCH 'never'"), "0");
}

TEST_F(Reparsing, ReadsWhatAnEarlierProgramCouldNot) {
  Archive archive = open();
  commit(archive, {ended_task("t3")});
  store(archive, "t3", {unparsed("c3", "c3\nnow I can read it")}, std::nullopt, kNow);
  EXPECT_EQ(archive.reader().counts()[model::TranscriptState::Unparsed], 1);
  const ReparseStats result = all(archive);
  EXPECT_EQ(result.newly_parsable, 1);
  EXPECT_EQ(archive.reader().counts()[model::TranscriptState::Unparsed], 0);
  EXPECT_EQ(Reader::open(path_).messages("t3").at(0).text, "now I can read it");
  EXPECT_TRUE(Reader::open(path_).failures_of("t3").empty());
}

TEST_F(Reparsing, KeepsTheMessagesOfWhatCanNoLongerBeRead) {
  Archive archive = open();
  const std::string before = views();
  const auto nothing = [](const std::string&, const model::TranscriptItem&) { return Parsed{std::nullopt, "no"}; };
  EXPECT_EQ(all(archive, nothing).now_unparsable, 2);
  EXPECT_EQ(views(), before);
}

TEST_F(Reparsing, GoesOnWhereItWasInterrupted) {
  {
    Archive archive = open();
    EXPECT_EQ(archive.reparse_next(parse_lines, 1, kNow).transcripts, 1);
  }
  Archive archive = open();
  EXPECT_EQ(all(archive).transcripts, 1);
  EXPECT_EQ(all(archive).transcripts, 2) << "from the beginning again";
}

}  // namespace
}  // namespace wxcc::store
