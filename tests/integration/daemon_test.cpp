// SPDX-License-Identifier: Apache-2.0
// The service as its manager sees it: notifications, signals, and a login while it runs.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

namespace ch = std::chrono;

class Service : public EndToEnd {
 protected:
  void SetUp() override {
    options.auto_consent = true;
    options.no_transcript_share = 0;
  }
  void start_service() {
    // Each poll moves the mark, which changes the status.
    configure(R"("poll_interval": 1)");
    notified = std::make_unique<Notifications>(folder());
    daemon = start({"daemon"}, {notified->variable()});
  }
  // SIGTERM to the end, which the manager waits for.
  void stop_service() {
    const auto begin = ch::steady_clock::now();
    daemon->signal(SIGTERM);
    EXPECT_EQ(ended(*daemon).code, 0);
    EXPECT_LT(ch::steady_clock::now() - begin, ch::seconds{2});
    notified->take_what_came();
    ASSERT_FALSE(notified->seen().empty());
    EXPECT_NE(notified->seen().back().find("STOPPING=1"), std::string::npos);
  }
  // Until the archive has everything; each change of the archive is told in a status.
  void wait_until_complete() {
    const auto wanted = static_cast<std::int64_t>(cloud().truth(simulator::TruthDetail::Tasks).size());
    while (!std::filesystem::exists(archive()) || reader().counts().archived < wanted) notified->wait_for("STATUS=");
  }

  std::unique_ptr<Notifications> notified;
  std::unique_ptr<Process> daemon;
};

TEST_F(Service, IsReadyOnceItHasATokenAndArchivesTheBacklog) {
  start_cloud();
  start_service();
  const std::string first = notified->wait_for("READY=1");
  EXPECT_EQ(notified->seen().front(), first) << "something was told before READY";
  EXPECT_NE(first.find("STATUS=never-synced"), std::string::npos) << first;
  notified->wait_for("STATUS=ok: archived until");
  wait_until_complete();
  stop_service();
  expect_truth();
}

TEST_F(Service, IsNotReadyWhileTheTokenHostDoesNotAnswer) {
  options.access_ttl = ch::minutes{59};  // the token is an hour old
  start_cloud();
  cloud().add_fault("token:500:1:1");
  start_service();
  notified->wait_for("READY=1");
  EXPECT_GE(cloud().statistics().refreshes, 1) << "ready before there was a token";
  EXPECT_GE(cloud().statistics().requests.at("token"), 2);
  stop_service();
}

TEST_F(Service, SaysThatALoginIsNeededAndPicksItUpWhenItComes) {
  start_cloud();
  std::filesystem::remove(path("access_token.json"));
  start_service();
  const std::string ready = notified->wait_for("READY=1");
  EXPECT_NE(ready.find("needs-login"), std::string::npos) << ready;
  EXPECT_NE(run({"status"}).out.find("needs-login"), std::string::npos);

  const auto login = start({"login", "--no-browser"});
  const std::string& said = login->wait_for_output("\n\nThen");
  const auto begin = said.find("http");
  const std::string address = said.substr(begin, said.find('\n', begin) - begin);
  start_command({"curl", "--silent", "--location", "--max-time", "20", address}, {}, "")->wait();
  EXPECT_EQ(ended(*login).code, 0);

  notified->wait_for("STATUS=ok");
  wait_until_complete();
  stop_service();
  expect_truth();
}

TEST_F(Service, SaysThatALoginIsNeededWhenTheGrantIsRevokedUnderIt) {
  start_cloud();
  start_service();
  notified->wait_for("STATUS=ok");
  cloud().revoke_access_tokens();
  cloud().revoke_refresh_tokens();
  const std::string told = notified->wait_for("STATUS=needs-login");
  EXPECT_NE(told.find("wxcc-archive login"), std::string::npos) << told;
  stop_service();
}

TEST_F(Service, ReloadsAGoodConfiguration) {
  start_cloud();
  start_service();
  notified->wait_for("STATUS=ok");
  configure(R"("poll_interval": 1, "channels": ["chat", "email"])");
  daemon->signal(SIGHUP);
  const std::string reloading = notified->wait_for("RELOADING=1");
  EXPECT_NE(reloading.find("MONOTONIC_USEC="), std::string::npos);
  notified->wait_for("READY=1");
  stop_service();
}

TEST_F(Service, RefusesABadConfigurationAndGoesOn) {
  options.live_rate = 600;
  options.live_duration = ch::milliseconds{10};
  start_cloud();
  start_service();
  notified->wait_for("STATUS=ok");
  for (const char* bad : {R"("poll_interval": "soon")", R"("archive": "another.db")"}) {
    configure(bad);
    daemon->signal(SIGHUP);
    notified->wait_for("RELOADING=1");
    EXPECT_NE(notified->wait_for("READY=1").find("refused"), std::string::npos);
  }
  write("config.json", "{");
  daemon->signal(SIGHUP);
  notified->wait_for("RELOADING=1");
  notified->wait_for("READY=1");
  // It goes on: tasks that end from now on are archived.
  const auto before = reader().counts().tasks;
  while (reader().counts().tasks <= before) notified->wait_for("STATUS=");
  EXPECT_FALSE(std::filesystem::exists(path("another.db")));
  stop_service();
}

TEST_F(Service, EndsWithinTwoSecondsUnderLoadWithNothingHalfDone) {
  options.tasks = 600;
  start_cloud();
  start_service();
  notified->wait_for("transcripts pending");
  stop_service();
  EXPECT_EQ(sql("PRAGMA integrity_check"), "ok\n");
  EXPECT_EQ(sql("SELECT count(*) FROM task WHERE transcript_state = 'archived' AND task_key NOT IN "
                "(SELECT task_key FROM transcript WHERE first_seq IS NOT NULL)"),
            "0\n");
  EXPECT_EQ(sql("SELECT count(*) FROM transcript AS x WHERE message_count <> "
                "(SELECT count(*) FROM message AS m WHERE m.transcript_key = x.transcript_key)"),
            "0\n");
  const Finished rest = run({"sync"});
  EXPECT_EQ(rest.code, 0) << rest.err;
  expect_truth();
}

TEST_F(Service, EndsWithinTwoSecondsWhileTheCloudDoesNotAnswer) {
  start_cloud();
  cloud().add_fault("search:stall:1");
  start_service();
  notified->wait_for("READY=1");
  stop_service();
}

TEST_F(Service, SaysThatItsArchiveWasDeletedAndBeginsANewOneWhenStartedAgain) {
  start_cloud();
  start_service();
  notified->wait_for("STATUS=ok");
  wait_until_complete();
  for (const char* name : {"archive.db", "archive.db-wal", "archive.db-shm"}) std::filesystem::remove(path(name));
  EXPECT_NE(notified->wait_for("STATUS=degraded").find("moved, replaced or deleted"), std::string::npos);
  // Two more polls, at least; their failures are the same.
  const auto searches = cloud().statistics().requests.at("search");
  while (cloud().statistics().requests.at("search") < searches + 3) ::usleep(20'000);
  daemon->signal(SIGTERM);
  const Finished finished = ended(*daemon);
  EXPECT_EQ(finished.code, 0);
  std::size_t told = 0;
  for (auto at = finished.err.find("deleted while in use"); at != std::string::npos;
       at = finished.err.find("deleted while in use", at + 1))
    ++told;
  EXPECT_LE(told, 2U) << "of the poll, and of the record of its failure\n" << finished.err;
  EXPECT_FALSE(std::filesystem::exists(archive()));
  EXPECT_EQ(run({"sync"}).code, 0);
  expect_truth();
}

TEST_F(Service, AKilledServiceLosesNothing) {
  options.tasks = 300;
  start_cloud();
  start_service();
  notified->wait_for("transcripts pending");
  daemon->signal(SIGKILL);
  EXPECT_EQ(ended(*daemon).code, 128 + SIGKILL);
  const Finished rest = run({"sync"});
  EXPECT_EQ(rest.code, 0) << rest.err;
  expect_truth();
}

}  // namespace
}  // namespace wxcc::integration
