// SPDX-License-Identifier: Apache-2.0
// Every command that writes or reads an archive refuses an unusable one with a clear error and leaves it unchanged.
#include <fmt/format.h>
#include <unistd.h>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

using Words = std::vector<std::string>;

constexpr int kFailed = 1;
constexpr int kTemporaryFailure = 75;
constexpr int kUsage = 2;
constexpr int kConfiguration = 78;
constexpr unsigned kOtherGroup = 65534;

class UnusableArchives : public EndToEnd {
 protected:
  void SetUp() override {
    options.no_transcript_share = 0;
    start_simulator();
    ASSERT_EQ(run({"sync"}).code, 0);
    change("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  static const std::vector<Words>& readers() {
    static const std::vector<Words> all = {{"status"},
                                           {"search", "hello"},
                                           {"show", "x"},
                                           {"report", "--last", "7d"},
                                           {"verify"},
                                           {"backup", "copy.db"},
                                           {"retention", "--days", "1", "--dry-run"}};
    return all;
  }
  static const std::vector<Words>& writers() {
    static const std::vector<Words> all = {{"reparse"}, {"erase", "--task", "x"}, {"retention", "--days", "1"}};
    return all;
  }
  std::string bytes() const { return base::read_file(archive(), 256U << 20U); }
  // Expects one line of every command and an unchanged file.
  void expect_refusal(const std::vector<Words>& commands, int code, const Words& words) {
    const std::string before = bytes();
    for (const Words& command : commands) {
      SCOPED_TRACE(command.front());
      expect_one_line(run(command), code, words);
    }
    EXPECT_EQ(bytes(), before);
    EXPECT_FALSE(std::filesystem::exists(path("copy.db")));
    EXPECT_FALSE(std::filesystem::exists(path("copy.db.part")));
  }
  void expect_refusal_by_all(int code, const Words& words) {
    expect_refusal(readers(), code, words);
    expect_refusal(writers(), code, words);
  }
};

TEST_F(UnusableArchives, EveryCommandRefusesFileThatIsNoDatabase) {
  write("archive.db", std::string(9000, 'x'), 0640);
  expect_refusal_by_all(kConfiguration, {"archive.db", "not a SQLite database"});
}

TEST_F(UnusableArchives, EveryCommandRefusesDatabaseOfAnotherProgram) {
  change("PRAGMA application_id = 7; PRAGMA wal_checkpoint(TRUNCATE)");
  expect_refusal_by_all(kConfiguration, {"archive.db", "another application"});
}

TEST_F(UnusableArchives, EveryCommandRefusesNewerSchemaWithBothNumbers) {
  const int known = reader().schema_version();
  change(fmt::format("PRAGMA user_version = {}; PRAGMA wal_checkpoint(TRUNCATE)", known + 41));
  expect_refusal_by_all(kConfiguration, {"archive.db", fmt::format("schema {}", known + 41), std::to_string(known)});
}

TEST_F(UnusableArchives, WritersRefuseArchiveOfAnotherOrganisation) {
  change(
      "UPDATE organisation SET org_id = '11111111-2222-4333-8444-555555555555'; PRAGMA "
      "wal_checkpoint(TRUNCATE)");
  expect_refusal(writers(), kConfiguration, {"archive.db", "11111111-2222-4333-8444-555555555555", options.org_id});
}

TEST_F(UnusableArchives, ReportsTruncatedFileAndDoesNotCopyIt) {
  std::filesystem::resize_file(archive(), std::filesystem::file_size(archive()) / 2 / 4096 * 4096);
  expect_refusal({{"search", "the"}, {"backup", "copy.db"}, {"reparse"}}, kFailed,
                 {"archive.db", "malformed", "verify"});
  const Finished verified = run({"verify"});
  EXPECT_EQ(verified.code, kFailed) << verified.out;
  EXPECT_NE(verified.out.find("corrupt    file"), std::string::npos) << verified.out;
}

TEST_F(UnusableArchives, NamesUnreadableFileWithReason) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to run the program as another user";
  std::filesystem::permissions(directory(), std::filesystem::perms{0755});
  ASSERT_EQ(::chown(path("config.json").c_str(), 0, kOtherGroup), 0);
  std::filesystem::permissions(path("config.json"), std::filesystem::perms{0640});
  for (const char* name : {"archive.db", "archive.db-wal", "archive.db-shm", "archive.db.lock"})
    if (std::filesystem::exists(path(name))) std::filesystem::permissions(path(name), std::filesystem::perms{0640});
  for (const auto* commands : {&readers(), &writers()})
    for (const Words& command : *commands) {
      SCOPED_TRACE(command.front());
      const Finished refused = run_under({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"}, command);
      expect_one_line(refused, kFailed, {"archive.db", "Permission denied"});
    }
}

TEST_F(UnusableArchives, BackupRemovesPartialFileWhenDiskIsFull) {
  const std::string before = rows();
  const Finished full = run_under({"prlimit", "--fsize=65536"}, {"backup", "copy.db"});
  expect_one_line(full, kTemporaryFailure, {"copy.db", "free disk space"});
  for (const char* name : {"copy.db", "copy.db.part", "copy.db.part-journal"})
    EXPECT_FALSE(std::filesystem::exists(path(name))) << name;
  EXPECT_EQ(rows(), before);
}

TEST_F(UnusableArchives, ImplausibleRequestsChangeNothing) {
  change(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO task (task_id, "
      "origin, "
      "ended_ms, transcript_state, first_seen_ms, changed_ms) SELECT 'guest-' || i, 'guest@example.org', i, 'absent', "
      "0, 0 FROM n; PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = rows();
  expect_one_line(run({"search", "?!", "..."}), kUsage, {"no word"});
  expect_one_line(run({"show", "guest"}), kFailed, {"guest", "archive.db"});
  expect_one_line(run({"erase", "--task", "guest-1", "--task", "guest"}), kFailed,
                  {"no task guest in", "nothing changed"});
  expect_one_line(run({"erase", "--customer", "guest@example.org"}), kUsage, {"2000 conversations", "--yes"});
  EXPECT_EQ(rows(), before);
}

TEST_F(UnusableArchives, StatusWarnsOfLargeWal) {
  const Finished small = run({"status"});
  EXPECT_EQ(small.out.find("warning"), std::string::npos) << small.out;
  std::filesystem::resize_file(path("archive.db-wal"), std::uintmax_t{300} << 20U);
  const Finished large = run({"status"});
  EXPECT_EQ(large.code, 0) << large.err;
  EXPECT_NE(large.out.find("WAL is 300 MiB"), std::string::npos) << large.out;
  std::filesystem::resize_file(path("archive.db-wal"), 0);
}

}  // namespace
}  // namespace wxcc::integration
