// SPDX-License-Identifier: Apache-2.0
// Login, refresh, sync and extract at level trace, then a search for every secret that was used.
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "login_fixture.h"

namespace wxcc::cli {
namespace {

class Secrets : public LoginFixture {
 protected:
  // The command line, which other users can read.
  static std::string command_line_of(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/cmdline", pid), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string run(std::vector<std::string> words, const testing::Matcher<int>& expected) {
    words.insert(words.begin(), {"--log-level", "trace"});
    tests::Process program(command(std::move(words)));
    EXPECT_THAT(program.wait().code, expected) << program.output();
    return program.output();
  }
  void log_in() {
    tests::Process program(command({"--log-level", "trace", "login"}));
    seen += command_line_of(program.id());
    const std::string redirect = redirect_of(printed_url(program));
    seen += visit(redirect);
    EXPECT_EQ(program.wait().code, 0) << program.output();
    seen += program.output();
  }
  // Makes the tokens older, so that the next use refreshes them.
  void age_tokens(std::chrono::hours by) const {
    auto tokens = *webex::parse_token_file(base::read_file(token_file));
    tokens.granted_at = clock.now() - by;
    tokens.access_expires_at = clock.now() - std::chrono::hours{1};
    base::write_file_durably(token_file, webex::format_token_file(tokens, ""), 0600);
  }
  void expect_nothing_of(const std::vector<std::string>& secrets, const std::string& where, const std::string& text) {
    for (const std::string& secret : secrets) {
      const bool found = text.find(secret) != std::string::npos;
      EXPECT_FALSE(found) << where << " holds a secret that begins with " << secret.substr(0, 6);
    }
  }
  std::string seen;
};

TEST_F(Secrets, AppearInNoOutputOrFile) {
  options.tasks = 60;
  options.rotate_refresh_token = true;
  const auto done = testing::AnyOf(0, 4);  // a rejected download may be retried only later
  start();
  log_in();
  // Errors must not contain secrets.
  for (const char* fault :
       {"token:500:1:1", "search:500:1:1", "captures:garbage:1:1", "download:403:0.2", "search:401:1:1"})
    server->add_fault(fault);
  age_tokens(std::chrono::hours{5});
  // With so many faults the sync may fail.
  seen += run({"sync"}, testing::AnyOf(0, 4, 75));
  server->clear_faults();
  age_tokens(std::chrono::hours{5});
  seen += run({"sync"}, done);
  const std::string extract = (directory.path() / "extract.csv").string();
  seen += run({"report", "--last", "30d", "--output", extract}, done);
  seen += run({"status", "--json"}, 0);
  seen += run({"check"}, 0);
  const auto grant = server->issue_tokens();
  base::write_file_durably(directory.path() / "refresh.txt", grant.refresh_token + "\n", 0600);
  seen += run({"login", "--refresh-token-file", (directory.path() / "refresh.txt").string()}, 0);
  std::filesystem::remove(directory.path() / "refresh.txt");
  server->revoke_refresh_tokens();
  server->revoke_access_tokens();
  age_tokens(std::chrono::hours{5});
  seen += run({"sync"}, 77);

  std::vector<std::string> secrets = server->issued_secrets();
  ASSERT_GT(secrets.size(), 8U);
  secrets.push_back(options.client_secret);
  secrets.emplace_back("X-Amz-Signature");
  secrets.emplace_back("code_verifier=");
  expect_nothing_of(secrets, "the output", seen);
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
    const auto name = entry.path().filename();
    if (!entry.is_regular_file() || name == "config.json" || name == "access_token.json") continue;
    ++files;
    expect_nothing_of(secrets, name.string(), base::read_file(entry.path(), 256U << 20U));
  }
  EXPECT_GE(files, 3) << "at least archive, extract and lock file";
  EXPECT_NE(seen.find("debug"), std::string::npos) << "the log is at a verbose level";
}

// Enables core dumps of the processes that are started from here on.
class CoreDumps {
 public:
  CoreDumps() {
    ::getrlimit(RLIMIT_CORE, &before_);
    const rlimit all{before_.rlim_max, before_.rlim_max};
    ::setrlimit(RLIMIT_CORE, &all);
  }
  ~CoreDumps() { ::setrlimit(RLIMIT_CORE, &before_); }
  CoreDumps(const CoreDumps&) = delete;
  CoreDumps& operator=(const CoreDumps&) = delete;

 private:
  rlimit before_{};
};

TEST_F(Secrets, AppearInNoCoreDump) {
  const CoreDumps wanted;
  tests::Process other({"/bin/sh", "-c", fmt::format("cd {} && kill -ABRT $$", directory.path().string())});
  if (!other.wait().dumped_core) GTEST_SKIP() << "core dumps are disabled on this host";
  start();
  tests::Process program(command({"login"}));
  program.wait_for_output("Then wait, or paste");
  program.signal(SIGABRT);
  const tests::Finished finished = program.wait();
  EXPECT_EQ(finished.code, 128 + SIGABRT);
  EXPECT_FALSE(finished.dumped_core);
}

}  // namespace
}  // namespace wxcc::cli
