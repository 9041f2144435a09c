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
#include "net/curl_transport.h"
#include "simulator/simulator.h"
#include "store/archive.h"
#include "store/reader.h"
#include "sync/engine.h"
#include "sync/pass.h"
#include "systemd/event_loop.h"
#include "tests/sync/virtual_time.h"
#include "tests/temporary_directory.h"
#include "webex/api_client.h"
#include "webex/token_keeper.h"

namespace wxcc::tests {

// In memory where that is possible: these tests are not about the disk.
inline std::filesystem::path fast_directory() {
  return ::access("/dev/shm", W_OK) == 0 ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
}

// A conversation, as an archive keeps it or should keep it.
struct Kept {
  std::string state;
  std::int64_t messages = 0;
  std::string sha256;  // of the texts, joined by line feeds
  friend bool operator==(const Kept&, const Kept&) = default;
};
// By task id.
using Conversations = std::map<std::string, Kept>;
Conversations kept_in(const base::Path& archive);
// What a perfect archive would have now; the state is "none" where there is no transcript yet.
Conversations truth_of(simulator::Simulator& simulator);
// In words, one for each task.
std::vector<std::string> differences_between(const Conversations& kept, const Conversations& truth);

// A stand-in cloud and an archive of it, with everything real between them but the time.
class World {
 public:
  explicit World(simulator::Options options = {}, sync::Settings settings = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // One pass to completion, as the command `sync` makes it.
  sync::Pass::Result pass(std::optional<base::TimeRange> range = std::nullopt);
  // Polls once in each poll interval, backfills, and reconciles every six hours, as the service does. The second form
  // ends as soon as the condition holds, and returns whether it did.
  void live(base::Millis length);
  bool live(base::Millis at_most, const std::function<bool()>& until);
  // Reads the last days once more, now.
  void reconcile();
  // Time in which nothing is asked for.
  void sleep(base::Millis length) { time.run(length); }
  // Ends the program and starts it again with the same archive.
  void restart();
  // Sees each request on its way, and may answer it in the cloud's stead.
  std::function<std::optional<net::Response>(const net::Request&)> on_request;

  // Nothing is pending or failed, and everything up to the last poll was read.
  [[nodiscard]] bool drained() const;
  // What the archive has that the cloud has not, or the other way round, by id: state, number of messages, texts.
  [[nodiscard]] std::vector<std::string> differences() { return differences_between(archived(), truth()); }
  [[nodiscard]] std::int64_t budgeted_requests() const {
    return cloud->request_counts().searches + cloud->request_counts().captures;
  }
  [[nodiscard]] base::Path archive_path() const { return directory.path() / "archive.db"; }
  [[nodiscard]] bool logged(std::string_view text) const;

  [[nodiscard]] Conversations archived() const { return kept_in(archive_path()); }
  [[nodiscard]] Conversations truth() { return truth_of(simulator); }

  std::vector<std::string> log;
  base::log::Capture capture{[this](base::log::Level level, std::string_view line) {
    if (level >= base::log::Level::Info) log.emplace_back(line);
  }};
  systemd::EventLoop loop;
  VirtualTime time{loop};
  VirtualTime::MachineClock server_clock{time};
  VirtualTime::MachineClock clock{time};
  TemporaryDirectory directory{fast_directory()};
  simulator::Simulator simulator;
  sync::Settings settings;
  base::Millis poll_interval = std::chrono::minutes{1};
  std::unique_ptr<net::CurlTransport> curl;
  std::unique_ptr<net::Transport> watched;
  std::unique_ptr<net::Transport> transport;
  std::unique_ptr<webex::TokenKeeper> tokens;
  base::SeededRandom random{1};
  std::unique_ptr<webex::ApiClient> cloud;
  std::optional<store::Archive> archive;
  std::unique_ptr<sync::Engine> engine;
  std::vector<std::string> failures;  // of polls, backfills and reconciles

 private:
  void start();
  void poll();
  void backfill();
  std::unique_ptr<base::Timer> poll_timer_;
  std::unique_ptr<base::Timer> reconcile_timer_;
  bool polling_ = false;
  bool backfilling_ = false;
};

}  // namespace wxcc::tests
