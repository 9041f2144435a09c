// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"
#include "base/error.h"
#include "child_process.h"
#include "maintenance_fixture.h"
#include "tests/file_size_limit.h"

namespace wxcc::store {
namespace {

class Backup : public MaintenanceFixture {};

TEST_F(Backup, CopiesWhileServiceWrites) {
  Archive archive = open();
  const std::filesystem::path target = root_ / "copy.db";
  const BackupResult result = back_up(path_, target, {}, kNow);
  EXPECT_EQ(result.conversations, 2);
  EXPECT_EQ(result.messages, 3);
  EXPECT_EQ(mode_of(target), 0640U);
  commit(archive, {ended_task("t3")});
  EXPECT_EQ(Reader::open(target).counts().tasks(), 2);
  EXPECT_FALSE(std::filesystem::exists(target.string() + "-wal"));
  EXPECT_EQ(part_files(), 0);
}

TEST_F(Backup, ReplacesFileOnlyWithOverwrite) {
  const std::filesystem::path target = root_ / "copy.db";
  std::ofstream(target) << "precious";
  EXPECT_THROW(back_up(path_, target, {}, kNow), base::Error);
  EXPECT_EQ(bytes_of(target), "precious");
  EXPECT_THROW(back_up(path_, path_, {base::OverwritePolicy::Overwrite, {}}, kNow), StoreError);
  back_up(path_, target, {base::OverwritePolicy::Overwrite, {}}, kNow);
  EXPECT_EQ(Reader::open(target).counts().tasks(), 2);
}

TEST_F(Backup, LeavesForeignPartFileUnchanged) {
  const std::filesystem::path target = root_ / "copy.db";
  std::ofstream(target.string() + ".part") << "precious";
  back_up(path_, target, {}, kNow);
  EXPECT_EQ(bytes_of(target.string() + ".part"), "precious");
  EXPECT_EQ(Reader::open(target).counts().tasks(), 2);
}

TEST_F(Backup, LeavesNoFileWhenDiskIsFull) {
  const std::filesystem::path target = root_ / "copy.db";
  const std::string output = in_child([&]() -> std::string {
    const tests::FileSizeLimit full(50'000);
    try {
      back_up(path_, target, {}, kNow);
    } catch (const StoreError& error) {
      return error.kind() == StoreError::Kind::Full ? "full" : error.what();
    }
    return "backed up";
  });
  EXPECT_EQ(output, "full");
  EXPECT_FALSE(std::filesystem::exists(target));
  EXPECT_EQ(part_files(), 0);
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
}

TEST_F(Backup, RecordsRestoreOnceInAudit) {
  back_up(path_, root_ / "copy.db", {}, kNow);
  std::filesystem::remove(path_.string() + "-wal");
  std::filesystem::remove(path_.string() + "-shm");
  std::filesystem::rename(root_ / "copy.db", path_);
  { open(); }
  { open(); }
  EXPECT_EQ(rows("SELECT action FROM audit ORDER BY entry"), (std::vector<std::string>{"create", "restore"}));
  EXPECT_EQ(outcome_of(checks()), Check::Outcome::Ok);
}

}  // namespace
}  // namespace wxcc::store
