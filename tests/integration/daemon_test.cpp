// SPDX-License-Identifier: Apache-2.0
// The service under a service manager: notifications, signals, and a login while it runs.
#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/integration/end_to_end.h"
#include "tests/reserved_port.h"

namespace wxcc::integration {
namespace {

namespace ch = std::chrono;

class Service : public EndToEnd {
 protected:
  void SetUp() override {
    options.auto_consent = true;
    options.no_transcript_share = 0;
  }
  void start_service(const std::string& members = "") {
    // Each poll moves the mark, which changes the status.
    configure(R"("poll_interval": 1)" + members);
    notified = std::make_unique<Notifications>(directory());
    daemon = start({"daemon"}, {notified->variable()});
  }
  // Sends SIGTERM and waits for the end, as the manager does.
  void stop_service() {
    const auto begin = ch::steady_clock::now();
    daemon->signal(SIGTERM);
    EXPECT_EQ(ended(*daemon).code, 0);
    EXPECT_LT(ch::steady_clock::now() - begin, ch::seconds{2});
    notified->receive_all();
    ASSERT_FALSE(notified->seen().empty());
    EXPECT_NE(notified->seen().back().find("STOPPING=1"), std::string::npos);
  }
  // Each change of the archive sends a status.
  void wait_until_complete() {
    const auto wanted = static_cast<std::int64_t>(simulator().ground_truth(simulator::GroundTruthDetail::Tasks).size());
    while (!std::filesystem::exists(archive()) || reader().counts()[model::TranscriptState::Archived] < wanted)
      notified->wait_for("STATUS=");
  }

  std::unique_ptr<Notifications> notified;
  std::unique_ptr<Process> daemon;
};

TEST_F(Service, IsReadyWithATokenAndArchivesTheBacklog) {
  start_simulator();
  start_service();
  const std::string first = notified->wait_for("READY=1");
  EXPECT_EQ(notified->seen().front(), first) << "a notification before READY";
  EXPECT_NE(first.find("STATUS=never-synced"), std::string::npos) << first;
  notified->wait_for("STATUS=ok: archived until");
  wait_until_complete();
  stop_service();
  expect_ground_truth();
}

TEST_F(Service, IsNotReadyBeforeTheTokenHostResponds) {
  options.access_ttl = ch::minutes{59};  // the token is an hour old
  start_simulator();
  simulator().add_fault("token:500:1:1");
  start_service();
  notified->wait_for("READY=1");
  EXPECT_GE(simulator().statistics().refreshes, 1) << "ready before there was a token";
  EXPECT_GE(simulator().statistics().requests.at("token"), 2);
  stop_service();
}

TEST_F(Service, ReportsRequiredLoginAndContinuesAfterIt) {
  start_simulator();
  std::filesystem::remove(path("access_token.json"));
  start_service();
  const std::string ready = notified->wait_for("READY=1");
  EXPECT_NE(ready.find("needs-login"), std::string::npos) << ready;
  EXPECT_NE(run({"status"}).out.find("needs-login"), std::string::npos);

  log_in();
  notified->wait_for("STATUS=ok");
  wait_until_complete();
  stop_service();
  expect_ground_truth();
}

TEST_F(Service, ReportsRequiredLoginAfterRevocation) {
  start_simulator();
  start_service();
  notified->wait_for("STATUS=ok");
  simulator().revoke_access_tokens();
  simulator().revoke_refresh_tokens();
  const std::string status = notified->wait_for("STATUS=needs-login");
  EXPECT_NE(status.find("wxcc-archive login"), std::string::npos) << status;
  stop_service();
}

TEST_F(Service, ReloadsAGoodConfiguration) {
  start_simulator();
  start_service();
  notified->wait_for("STATUS=ok");
  configure(R"("poll_interval": 1, "channels": ["chat", "email"])");
  daemon->signal(SIGHUP);
  const std::string reloading = notified->wait_for("RELOADING=1");
  EXPECT_NE(reloading.find("MONOTONIC_USEC="), std::string::npos);
  notified->wait_for("READY=1");
  stop_service();
}

TEST_F(Service, KeepsRunningWithOldConfigurationWhenReloadFails) {
  options.live_rate = 600;
  options.live_duration = ch::milliseconds{10};
  start_simulator();
  start_service();
  notified->wait_for("STATUS=ok");
  for (const char* bad : {R"("poll_interval": "soon")", R"("archive": "another.db")"}) {
    configure(bad);
    daemon->signal(SIGHUP);
    notified->wait_for("RELOADING=1");
    EXPECT_NE(notified->wait_for("READY=1").find("rejected"), std::string::npos);
  }
  write("config.json", "{");
  daemon->signal(SIGHUP);
  notified->wait_for("RELOADING=1");
  notified->wait_for("READY=1");
  // It still archives tasks that end from now on.
  const auto before = reader().counts().tasks();
  while (reader().counts().tasks() <= before) notified->wait_for("STATUS=");
  EXPECT_FALSE(std::filesystem::exists(path("another.db")));
  stop_service();
}

// A dead man's switch that counts the requests.
class Monitor {
 public:
  Monitor() {
    server_.Get("/ping/key", [this](const httplib::Request& request, httplib::Response&) {
      if (request.has_header("Authorization")) authorized_ = true;
      ++beats_;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Monitor() {
    server_.stop();
    thread_.join();
  }
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/ping/key", port_); }
  [[nodiscard]] int beats() const { return beats_; }
  [[nodiscard]] bool authorized() const { return authorized_; }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::atomic<int> beats_ = 0;
  std::atomic<bool> authorized_ = false;
  std::thread thread_;
};

TEST_F(Service, SendsHeartbeatAfterCompleteCyclesOnly) {
  Monitor monitor;
  start_simulator();
  start_service(fmt::format(R"(, "heartbeat_url": "{}")", monitor.url()));
  while (monitor.beats() < 2) notified->wait_for("STATUS=");
  simulator().add_fault("search:403:1");
  notified->wait_for("STATUS=degraded");
  const int beats = monitor.beats();
  // Further cycles fail.
  const auto failed_at = reader().service_record().last_error_at;
  while (reader().service_record().last_error_at == failed_at) std::this_thread::yield();
  EXPECT_EQ(monitor.beats(), beats);
  simulator().clear_faults();
  while (monitor.beats() == beats) std::this_thread::yield();
  EXPECT_FALSE(monitor.authorized());
  stop_service();
}

TEST_F(Service, ServesAndWritesMetrics) {
  start_simulator();
  const tests::ReservedPort reserved;
  const int port = reserved.number();
  start_service(fmt::format(R"(, "metrics_file": "wxcc.prom", "metrics_listen": {})", port));
  wait_until_complete();
  const Finished metrics =
      start_command({"curl", "--silent", "--max-time", "20", fmt::format("127.0.0.1:{}/metrics", port)}, {}, "")
          ->wait();
  EXPECT_NE(metrics.out.find("\nwxcc_archive_state{state=\"ok\"} 1\n"), std::string::npos) << metrics.out;
  EXPECT_NE(metrics.out.find("\nwxcc_archive_requests_total{code=\"200\",route=\"captures\"} "), std::string::npos);
  // After a reload, it listens there again and the counters continue.
  daemon->signal(SIGHUP);
  notified->wait_for("RELOADING=1");
  notified->wait_for("READY=1");
  const Finished again =
      start_command({"curl", "--silent", "--max-time", "20", fmt::format("127.0.0.1:{}/metrics", port)}, {}, "")
          ->wait();
  EXPECT_NE(again.out.find("\nwxcc_archive_requests_total{code=\"200\",route=\"captures\"} "), std::string::npos)
      << again.out;
  EXPECT_NE(base::read_file(path("wxcc.prom")).find("wxcc_archive_build_info{"), std::string::npos);
  stop_service();
}

TEST_F(Service, RaisesAndLowersItsLogLevel) {
  start_simulator();
  start_service(R"(, "log_file": "service.log")");
  notified->wait_for("STATUS=ok");
  const auto expect_after = [this](int number, const std::string& line) {
    daemon->signal(number);
    const auto deadline = ch::steady_clock::now() + ch::seconds{20};
    while (base::read_file(path("service.log")).find(line) == std::string::npos) {
      ASSERT_LT(ch::steady_clock::now(), deadline) << line;
      std::this_thread::yield();
    }
  };
  expect_after(SIGUSR1, " trace log: level set to trace\n");  // the tests' programs start with it
  expect_after(SIGUSR2, " debug log: level set to debug\n");
  expect_after(SIGUSR2, " info log: level set to info\n");
  stop_service();
}

TEST_F(Service, StopsWithinTwoSecondsUnderLoadWithoutPartialRows) {
  options.tasks = 600;
  start_simulator();
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
  expect_ground_truth();
}

TEST_F(Service, StopsWithinTwoSecondsDuringStalledRequest) {
  start_simulator();
  simulator().add_fault("search:stall:1");
  start_service();
  notified->wait_for("READY=1");
  stop_service();
}

TEST_F(Service, ReportsDeletedArchiveAndCreatesOneAfterRestart) {
  start_simulator();
  start_service();
  notified->wait_for("STATUS=ok");
  wait_until_complete();
  for (const char* name : {"archive.db", "archive.db-wal", "archive.db-shm"}) std::filesystem::remove(path(name));
  EXPECT_NE(notified->wait_for("STATUS=degraded").find("moved, replaced or deleted"), std::string::npos);
  // At least two more polls with the same failure.
  const auto searches = simulator().statistics().requests.at("search");
  while (simulator().statistics().requests.at("search") < searches + 3) ::usleep(20'000);
  daemon->signal(SIGTERM);
  const Finished finished = ended(*daemon);
  EXPECT_EQ(finished.code, 0);
  std::size_t lines = 0;
  for (auto at = finished.err.find("deleted while in use"); at != std::string::npos;
       at = finished.err.find("deleted while in use", at + 1))
    ++lines;
  EXPECT_LE(lines, 2U) << "of the poll, and of the record of its failure\n" << finished.err;
  EXPECT_FALSE(std::filesystem::exists(archive()));
  EXPECT_EQ(run({"sync"}).code, 0);
  expect_ground_truth();
}

TEST_F(Service, LosesNothingWhenKilled) {
  options.tasks = 300;
  start_simulator();
  start_service();
  notified->wait_for("transcripts pending");
  daemon->signal(SIGKILL);
  EXPECT_EQ(ended(*daemon).code, 128 + SIGKILL);
  const Finished rest = run({"sync"});
  EXPECT_EQ(rest.code, 0) << rest.err;
  expect_ground_truth();
}

}  // namespace
}  // namespace wxcc::integration
