// SPDX-License-Identifier: Apache-2.0
// sync with an archive that is not writable, foreign or corrupt: the error names it, the high-water mark stays, and the
// next run continues after the repair.
#include <fmt/format.h>
#include <unistd.h>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

constexpr int kFailed = 1;
constexpr int kConfiguration = 78;
constexpr int kTemporaryFailure = 75;

class ArchiveErrors : public EndToEnd {
 protected:
  void SetUp() override {
    options.tasks = 120;
    options.no_transcript_share = 0;
    start_simulator();
  }
  void expect_next_run_completes() {
    change("UPDATE fetch_queue SET due_ms = 0");
    const Finished next = run({"sync"});
    EXPECT_EQ(next.code, 0) << next.err << next.out;
    expect_ground_truth();
  }
};

TEST_F(ArchiveErrors, ResumesAfterDiskFullDuringFirstSync) {
  // The new archive is about 200 KiB; the WAL of the first page exceeds the remainder.
  const Finished full = run_under({"prlimit", "--fsize=262144"}, {"sync"});
  EXPECT_EQ(full.code, kTemporaryFailure) << full.err;
  EXPECT_NE(full.err.find("free disk space"), std::string::npos) << full.err;
  EXPECT_NE(full.err.find("archive.db"), std::string::npos) << full.err;
  EXPECT_EQ(sql("PRAGMA integrity_check"), "ok\n");
  expect_next_run_completes();
}

TEST_F(ArchiveErrors, DiskFullLeavesMarkAndRowsUnchanged) {
  ASSERT_EQ(run({"sync", "--from", before_all()}).code, 0);
  change(
      "PRAGMA foreign_keys = ON; DELETE FROM scan_span; DELETE FROM task WHERE task_key % 2 = 0; PRAGMA "
      "wal_checkpoint(TRUNCATE)");
  const std::string before = rows();
  const Finished full = run_under({"prlimit", "--fsize=4096"}, {"sync"});
  EXPECT_EQ(full.code, kTemporaryFailure) << full.err;
  EXPECT_NE(full.err.find("free disk space"), std::string::npos) << full.err;
  EXPECT_FALSE(reader().high_water_mark());
  EXPECT_EQ(rows(), before);
  expect_next_run_completes();
}

TEST_F(ArchiveErrors, SyncFailsWhenTaskCanNeitherBeStoredNorPostponed) {
  ASSERT_EQ(run({"sync"}).code, 0);
  change("INSERT INTO fetch_queue (task_key, ended_ms, due_ms, recheck) SELECT task_key, ended_ms, 0, 1 FROM task");
  for (const char* event : {"INSERT", "UPDATE", "DELETE"})
    change(fmt::format("CREATE TRIGGER break_{0} BEFORE {0} ON fetch_queue BEGIN SELECT raise(ABORT, 'broken'); END",
                       event));
  const Finished broken = run({"sync"});
  EXPECT_EQ(broken.code, kFailed) << broken.err;
  EXPECT_NE(broken.err.find("sync incomplete: cannot store the result of the fetch: "), std::string::npos)
      << broken.err;
  for (const char* event : {"INSERT", "UPDATE", "DELETE"}) change(fmt::format("DROP TRIGGER break_{}", event));
  expect_next_run_completes();
}

TEST_F(ArchiveErrors, NamesDirectoryThatCannotBeCreated) {
  write("file", "");
  expect_one_line(run({"--archive", "file/archive.db", "sync"}), 1, {"file"});
}

TEST_F(ArchiveErrors, NamesArchiveInReadOnlyDirectory) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run the program as another user";
  ASSERT_EQ(run({"sync"}).code, 0);
  const std::string before = rows();
  // User 65534 may read everything here and write nothing.
  for (const char* name :
       {"config.json", "access_token.json", "archive.db", "archive.db-wal", "archive.db-shm", "archive.db.lock"})
    std::filesystem::permissions(path(name), std::filesystem::perms{0644});
  std::filesystem::permissions(directory(), std::filesystem::perms{0755});
  const std::vector<std::string> as_other_user = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  const Finished refused = run_under(as_other_user, {"sync"});
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.err.find("Permission denied"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("archive.db"), std::string::npos) << refused.err;
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(run_under(as_other_user, {"--archive", archive().string(), "status"}).code, 0);
  expect_next_run_completes();
}

TEST_F(ArchiveErrors, NamesTheWriterThatHoldsTheLock) {
  Notifications notified(directory());
  const auto daemon = start({"daemon"}, {notified.variable()});
  notified.wait_for("READY=1");
  expect_one_line(run({"sync"}), kTemporaryFailure,
                  {"archive.db", "is locked by", "wxcc-archive", fmt::format("pid {}", daemon->id())});
  daemon->signal(SIGTERM);
  EXPECT_EQ(ended(*daemon).code, 0);
  expect_next_run_completes();
}

TEST_F(ArchiveErrors, RefusesFileThatIsNoDatabase) {
  const std::string text(5000, 'x');
  write("archive.db", text);
  expect_one_line(run({"sync"}), kConfiguration, {"archive.db", "not a SQLite database"});
  EXPECT_EQ(base::read_file(archive()), text);
  expect_one_line(run({"status"}), kConfiguration, {"archive.db"});
}

TEST_F(ArchiveErrors, RefusesDatabaseOfAnotherProgram) {
  change("CREATE TABLE other (x); INSERT INTO other VALUES (7)");
  expect_one_line(run({"sync"}), kConfiguration, {"archive.db", "another application"});
  EXPECT_EQ(sql("SELECT x FROM other"), "7\n");
}

TEST_F(ArchiveErrors, RefusesNewerSchemaWithBothNumbers) {
  ASSERT_EQ(run({"sync"}).code, 0);
  const int known = reader().schema_version();
  change(fmt::format("PRAGMA user_version = {}", known + 1));
  const std::string before = rows();
  for (const char* command : {"sync", "daemon", "status"})
    expect_one_line(run({command}), kConfiguration, {std::to_string(known), std::to_string(known + 1)});
  EXPECT_EQ(rows(), before);
  change(fmt::format("PRAGMA user_version = {}", known));
  expect_next_run_completes();
}

TEST_F(ArchiveErrors, RefusesArchiveOfAnotherOrganisation) {
  ASSERT_EQ(run({"sync"}).code, 0);
  const std::string other = "11111111-2222-4333-8444-555555555555";
  change(fmt::format("UPDATE organisation SET org_id = '{}'", other));
  const std::string before = rows();
  for (const char* command : {"sync", "daemon"})
    expect_one_line(run({command}), kConfiguration, {"archive.db", other, options.org_id});
  EXPECT_EQ(run({"check"}).code, kConfiguration);
  EXPECT_EQ(rows(), before);
  change(fmt::format("UPDATE organisation SET org_id = '{}'", options.org_id));
  expect_next_run_completes();
}

class Organisation : public EndToEnd {};

TEST_F(Organisation, RefusesForeignTokenBeforeAnyRequest) {
  options.login_org_id = "11111111-2222-4333-8444-555555555555";
  start_simulator();
  const Finished refused = run({"sync"});
  EXPECT_EQ(refused.code, 77);
  EXPECT_NE(refused.err.find(options.login_org_id), std::string::npos) << refused.err;
  EXPECT_TRUE(simulator().statistics().requests.empty());
}

TEST_F(ArchiveErrors, NamesCorruptFile) {
  ASSERT_EQ(run({"sync"}).code, 0);
  change("PRAGMA wal_checkpoint(TRUNCATE)");
  std::string bytes = base::read_file(archive(), 256U << 20U);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  write("archive.db", bytes, 0640);
  const Finished damaged = run({"sync"});
  EXPECT_EQ(damaged.code, 1);
  EXPECT_NE(damaged.err.find("malformed"), std::string::npos) << damaged.err;
}

}  // namespace
}  // namespace wxcc::integration
