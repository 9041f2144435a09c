// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "daemon/service.h"
#include "simulator/cloud/services.h"
#include "store/archive.h"
#include "store/reader.h"
#include "sync/engine.h"
#include "sync/pass.h"
#include "tests/fakes.h"
#include "tests/loopback_transport.h"
#include "tests/temporary_directory.h"
#include "webex/api_client.h"
#include "webex/token_keeper.h"

namespace wxcc::tests {

// In memory where that is possible: these tests are not about the disk.
inline std::filesystem::path fast_directory() {
  return ::access("/dev/shm", W_OK) == 0 ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
}

// A conversation as an archive has it or should have it.
struct ConversationDigest {
  std::string state;
  std::int64_t messages = 0;
  std::string sha256;  // of the texts, joined by line feeds
  friend bool operator==(const ConversationDigest&, const ConversationDigest&) = default;
};
// By task id.
using Conversations = std::map<std::string, ConversationDigest>;
Conversations read_conversations(const base::Path& archive);
// What a perfect archive would have now; the state is "none" where there is no transcript yet.
Conversations ground_truth_of(simulator::Services& simulator);
// One text for each task that differs.
std::vector<std::string> differences_between(const Conversations& archived, const Conversations& truth);

// Options of the simulator: so many tasks that ended within the last days, all with a transcript.
simulator::Options tasks_with_transcripts(std::size_t tasks, int days);
// The same, of chats within two days.
simulator::Options chats_with_transcripts(std::size_t tasks);

bool is_search(const net::Request& request);
bool is_captures(const net::Request& request);
bool is_download(const net::Request& request);
net::Response response(int status, std::string body = {}, net::Headers headers = {});

// What the service has reported to the supervisor.
class FakeSupervisor final : public daemon::Supervisor {
 public:
  void on_ready(std::string_view status) override {
    ++ready;
    on_status(status);
  }
  void on_status(std::string_view status) override { statuses.emplace_back(status); }

  int ready = 0;
  std::vector<std::string> statuses;
};

// The simulator and an archive of it, with everything real between them but the time and the sockets.
class SyncHarness {
 public:
  explicit SyncHarness(simulator::Options options = {}, sync::Settings settings = {});
  SyncHarness(const SyncHarness&) = delete;
  SyncHarness& operator=(const SyncHarness&) = delete;

  // One pass to completion, as the command `sync` makes it. Ends the service.
  sync::Pass::Result pass(std::optional<base::TimeRange> range = std::nullopt);
  // Runs the service, which it starts the first time. The second form ends as soon as the condition holds, and returns
  // whether it did.
  void run_service(base::Millis length);
  bool run_service(base::Millis at_most, const std::function<bool()>& until);
  // Reads the last days once more, now.
  void reconcile();
  // Time in which nothing is requested, unless the service runs.
  void sleep(base::Millis length) { time.advance(length); }
  // Ends the program and starts it again with the same archive.
  void restart();

  // Nothing is pending or failed, and everything up to the last poll was read.
  [[nodiscard]] bool is_settled() const;
  // How archive and simulator differ, by id: state, number of messages, texts.
  [[nodiscard]] std::vector<std::string> differences() { return differences_between(archived(), ground_truth()); }
  [[nodiscard]] std::int64_t budgeted_requests() const {
    return api->request_counts().searches + api->request_counts().captures;
  }
  [[nodiscard]] base::Path archive_path() const { return directory.path() / "archive.db"; }
  [[nodiscard]] std::ptrdiff_t times_logged(std::string_view text) const;
  [[nodiscard]] bool logged(std::string_view text) const { return times_logged(text) > 0; }
  // How often polls, backfills, reconciles and maintenance have failed, or one of these, by the service's metrics.
  [[nodiscard]] int failures(std::string_view activity = {});

  [[nodiscard]] Conversations archived() const { return read_conversations(archive_path()); }
  [[nodiscard]] Conversations ground_truth() { return ground_truth_of(simulator); }

  std::vector<std::string> log;
  base::log::Capture capture{[this](base::log::Level level, std::string_view line) {
    if (level >= base::log::Level::Info) log.emplace_back(line);
  }};
  FakeClock monotonic_clock{*base::parse_iso8601("2026-01-01T00:00:00Z")};  // a Thursday
  FakeTimers time{monotonic_clock};
  SteppedClock server_clock{monotonic_clock};
  SteppedClock clock{monotonic_clock};
  TemporaryDirectory directory{fast_directory()};
  simulator::Services simulator;
  LoopbackTransport transport{simulator, time};
  // Sees each request on its way, and may decide its outcome instead of the simulator.
  decltype(LoopbackTransport::intercept)& on_request = transport.intercept;
  sync::Settings settings;
  base::Millis poll_interval = std::chrono::minutes{1};
  base::SeededRandom random{1};
  monitor::Metrics metrics{"test"};
  FakeSupervisor supervisor;
  std::unique_ptr<monitor::Heartbeat> heartbeat;
  std::unique_ptr<webex::TokenKeeper> tokens;
  std::unique_ptr<webex::ApiClient> api;
  std::optional<store::Archive> archive;
  std::unique_ptr<sync::Engine> engine;
  std::unique_ptr<daemon::Service> service;

 private:
  void start();
};

// Expects every task that ended before the mark in the archive.
void expect_rows_before_mark(SyncHarness& harness);

}  // namespace wxcc::tests
