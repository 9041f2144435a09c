// SPDX-License-Identifier: Apache-2.0
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#include "archive_fixture.h"
#include "child_process.h"

namespace wxcc::store {
namespace {

// The effect of systemd's RestrictSUIDSGID= on mkdir(2) and chmod(2): EPERM for a mode with the set-user-ID or
// set-group-ID bit.
bool forbid_set_id_bits() {
  std::vector<sock_filter> filter;
  const auto deny = [&filter](std::uint32_t call, std::uint32_t mode_argument) {
    constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
    filter.push_back({kLoad, 0, 0, offsetof(seccomp_data, nr)});
    filter.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 3, call});
    filter.push_back({kLoad, 0, 0, static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8 * mode_argument});
    filter.push_back({BPF_JMP | BPF_JSET | BPF_K, 0, 1, 06000});
    filter.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM});
  };
#ifdef SYS_mkdir
  deny(SYS_mkdir, 1);
  deny(SYS_chmod, 1);
#endif
  deny(SYS_mkdirat, 2);
  deny(SYS_fchmodat, 2);
  filter.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW});
  const sock_fprog program{static_cast<std::uint16_t>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

class ArchiveCreation : public ArchiveFixture {};

TEST_F(ArchiveCreation, StoresOrganisation) {
  { const Archive archive = open("org-1"); }
  EXPECT_EQ(row("PRAGMA application_id"), std::to_string(0x57584341));
  EXPECT_EQ(row("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(row("SELECT org_id, created_ms, program, length(tombstone_key) FROM organisation"),
            "org-1|1770825600000|wxcc-archive test|32");
  EXPECT_EQ(Reader::open(path_).org_id(), "org-1");
}

TEST_F(ArchiveCreation, MakesFilesGroupReadableForAnyUmask) {
  const mode_t umask_before = ::umask(0077);
  path_ = root_ / "a" / "b" / "archive.db";
  Archive archive = open();
  commit(archive, {ended_task("t1")});
  ::umask(umask_before);
  EXPECT_EQ(mode_of(root_ / "a"), 02750U);
  EXPECT_EQ(mode_of(root_ / "a" / "b"), 02750U);
  for (const char* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(path_.string() + suffix), 0640U) << suffix;
}

TEST_F(ArchiveCreation, CreatesDirectoriesUnderRestrictSuidSgid) {
  for (const mode_t above : {mode_t{02750}, mode_t{0750}}) {
    ASSERT_EQ(::chmod(root_.c_str(), above), 0);
    const base::Path made = root_ / std::to_string(above);
    path_ = made / "archive.db";
    EXPECT_EQ(in_child([this]() -> std::string {
                ::umask(0027);
                if (!forbid_set_id_bits()) return "cannot be forbidden";
                if (::chmod(root_.c_str(), 02750) == 0) return "is not forbidden";
                open();
                return "opened";
              }),
              "opened");
    EXPECT_EQ(mode_of(made), above) << "inherited";
  }
}

TEST_F(ArchiveCreation, LeavesExistingDirectoriesUnchanged) {
  ::chmod(root_.c_str(), 0755);
  open();
  EXPECT_EQ(mode_of(root_), 0755U);
}

TEST_F(ArchiveCreation, LeavesNoTemporaryFiles) {
  { const Archive archive = open(); }
  for (const auto& entry : std::filesystem::directory_iterator(root_))
    EXPECT_EQ(entry.path().filename().string().find(".new"), std::string::npos) << entry.path();
}

TEST_F(ArchiveCreation, ReplacesPartialFilesOfKilledCreation) {
  std::ofstream(path_.string() + ".new") << "half an archive";
  std::ofstream(path_.string() + ".new-journal") << "half a journal";
  Archive archive = open();
  EXPECT_EQ(commit(archive, {ended_task("t1")}).added, 1);
}

}  // namespace
}  // namespace wxcc::store
