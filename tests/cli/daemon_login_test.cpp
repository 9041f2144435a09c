// SPDX-License-Identifier: Apache-2.0
// The service while its grant expires and another process logs in.
#include <csignal>
#include <thread>

#include "base/json.h"
#include "login_fixture.h"
#include "tests/environment_variable.h"
#include "tests/notifications.h"

namespace wxcc::cli {
namespace {

class DaemonLogin : public LoginFixture {
 protected:
  void start_simulator() {
    options.tasks = 40;
    start();
    std::string config = server->config_json(token_file);
    config.replace(config.rfind('}'), 1, R"(, "poll_interval": "1s", "settle": "0s", "backfill_from": "20d" })");
    base::write_file_durably(directory.path() / "config.json", config, 0600);
  }
  // A grant old enough that a rejected access token is refreshed.
  void store_grant() {
    const auto grant = server->issue_tokens();
    webex::TokenSet tokens;
    tokens.access_token = base::Secret(grant.access_token);
    tokens.refresh_token = base::Secret(grant.refresh_token);
    tokens.granted_at = clock.now() - std::chrono::hours{1};
    tokens.access_expires_at = clock.now() + std::chrono::hours{100};
    tokens.refresh_expires_at = clock.now() + refresh_left;
    base::write_file_durably(token_file, webex::format_token_file(tokens, ""), 0600);
  }
  // The next status with this beginning.
  std::string status_until(const std::string& beginning) {
    const std::string message = notifications.wait_for("STATUS=" + beginning, std::chrono::minutes{1});
    return message.substr(message.find("STATUS=") + 7);
  }
  base::JsonDocument status() {
    tests::Process program(command({"status", "--json"}));
    EXPECT_EQ(program.wait().code, 0) << program.output();
    return std::move(*base::JsonDocument::parse(program.output()));
  }

  tests::Notifications notifications{directory.path()};
  tests::EnvironmentVariable notify_socket{"NOTIFY_SOCKET", notifications.path().string()};
  base::Millis refresh_left = std::chrono::days{80};
};

TEST_F(DaemonLogin, RecoversFromNeedsLoginWithoutRestart) {
  start_simulator();
  tests::Process daemon(command({"daemon"}));
  EXPECT_THAT(status_until("needs-login"), testing::HasSubstr("no usable token"));
  EXPECT_EQ(status().root()["state"].text(), "needs-login");

  store_grant();
  status_until("ok");
  EXPECT_EQ(status().root()["state"].text(), "ok");

  server->revoke_refresh_tokens();
  server->revoke_access_tokens();
  EXPECT_THAT(status_until("needs-login"), testing::HasSubstr("the token host rejected the grant"));
  EXPECT_EQ(status().root()["state"].text(), "needs-login");

  const auto grant = server->issue_tokens();
  base::write_file_durably(directory.path() / "refresh.txt", grant.refresh_token, 0600);
  tests::Process login(command({"login", "--refresh-token-file", (directory.path() / "refresh.txt").string()}));
  EXPECT_EQ(login.wait().code, 0) << login.output();
  status_until("ok");
  EXPECT_EQ(status().root()["state"].text(), "ok");
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().code, 0) << daemon.output();
}

TEST_F(DaemonLogin, WarnsDaysBeforeLoginExpires) {
  options.refresh_ttl = std::chrono::hours{6 * 24};
  options.refresh_extends = false;
  refresh_left = std::chrono::hours{6 * 24};
  start_simulator();
  store_grant();
  tests::Process daemon(command({"daemon"}));
  EXPECT_THAT(daemon.wait_for_output("the login expires in"), testing::HasSubstr("warning"));
  EXPECT_THAT(status_until("ok"), testing::HasSubstr("; the login expires in "));
  const auto report = status();
  EXPECT_THAT(std::string(report.root()["tokens"]["warning"].text().value_or("")),
              testing::HasSubstr("the login expires in "));
  EXPECT_EQ(report.root()["tokens"]["refresh_days_left"].integer(), 5);
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().code, 0) << daemon.output();
}

// The signal arrives before the slow response to the refresh.
TEST_F(DaemonLogin, SignalDuringRefreshLosesNoToken) {
  options.rotate_refresh_token = true;
  options.revoke_old_refresh_token_after_grace = std::chrono::seconds{0};
  options.slow_for = std::chrono::milliseconds{1500};
  for (const int signal : {SIGTERM, SIGHUP}) {
    start_simulator();
    store_grant();
    server->revoke_access_tokens();
    server->add_fault("token:slow:1:1");
    tests::Process daemon(command({"daemon"}));
    daemon.wait_for_output("starting wxcc-archive");
    while (server->statistics().refreshes == 0) std::this_thread::yield();
    daemon.signal(signal);
    if (signal == SIGHUP) {
      daemon.wait_for_output("configuration applied");
      daemon.signal(SIGTERM);
    }
    EXPECT_EQ(daemon.wait().code, 0) << daemon.output();
    const auto tokens = webex::parse_token_file(base::read_file(token_file));
    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->refresh_token.reveal(), server->issued_secrets().at(2)) << signal << daemon.output();
    EXPECT_EQ(server->statistics().refreshes, 1);
  }
}

TEST_F(DaemonLogin, RefreshesRevokedTokenOnEveryRoute) {
  for (const char* fault : {"search:401:1:1", "captures:401:1:1", "token:500:1:1"}) {
    std::filesystem::remove_all(directory.path() / "archive.db");
    start_simulator();
    store_grant();
    server->add_fault(fault);
    if (std::string_view(fault).starts_with("token")) server->revoke_access_tokens();
    tests::Process program(command({"sync"}));
    EXPECT_THAT(program.wait().code, testing::AnyOf(0, 4)) << fault << ": " << program.output();
    EXPECT_EQ(server->statistics().refreshes, 1) << fault;
  }
}

}  // namespace
}  // namespace wxcc::cli
