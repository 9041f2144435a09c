// SPDX-License-Identifier: Apache-2.0
// The whole program, killed at random instants, over and over.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <random>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/clock.h"
#include "simulator/simulator.h"
#include "tests/process.h"
#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

// WXCC_KILLS in the environment makes it a longer one.
int kills() {
  const char* const wanted = std::getenv("WXCC_KILLS");
  return wanted != nullptr ? std::atoi(wanted) : 200;
}

class CrashRecovery : public testing::Test {
 protected:
  CrashRecovery() : simulator_(options(), clock_) {
    simulator_.start();
    simulator_.write_config(directory_.path());
    std::string config = base::read_file(directory_.path() / "config.json");
    config.resize(config.rfind('}'));
    config += R"(, "requests_per_minute": 100000, "backfill_from": "3d", "log_level": "error"})";
    base::write_file_durably(directory_.path() / "config.json", config, 0600);
  }

  simulator::Options options() const {
    simulator::Options result;
    result.tasks = 2000;
    result.days = 2;
    result.start = clock_.now() - ch::minutes{3};
    result.requests_per_minute = 0;
    return result;
  }

  std::unique_ptr<Process> spawn_sync(const std::string& archive) const {
    const std::string config = (directory_.path() / "config.json").string();
    const std::string path = (directory_.path() / archive).string();
    return std::make_unique<Process>(
        std::vector<std::string>{WXCC_ARCHIVE, "--config", config, "--archive", path, "sync"});
  }

  static std::vector<std::string> query_rows(const base::Path& archive, const std::string& sql) {
    SQLite::Database database(archive.string(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database, sql);
    std::vector<std::string> rows;
    while (query.executeStep()) rows.emplace_back(query.getColumn(0).getString());
    return rows;
  }

  TemporaryDirectory directory_{fast_directory()};
  base::SystemClock clock_;
  simulator::Simulator simulator_;
};

TEST_F(CrashRecovery, ResumesAfterKillAtAnyPoint) {
  constexpr int kIncomplete = 4;  // some tasks have no transcript
  std::mt19937 random{20261122};
  int killed = 0;
  std::vector<std::string> archives = {"killed-0.db"};
  for (int round = 0; killed < kills() && round < 3 * kills(); ++round) {
    const auto child = spawn_sync(archives.back());
    // The instant of the kill is what is being varied; there is nothing to wait for.
    const timespec pause{0, static_cast<long>(random() % 120'000'000)};
    ::nanosleep(&pause, nullptr);
    child->signal(SIGKILL);
    const int code = child->wait().code;
    if (code == 128 + SIGKILL) {
      ++killed;
    } else {
      // The run was over before the kill was: the next ones are another archive's.
      EXPECT_THAT(code, testing::AnyOf(0, kIncomplete));
      archives.push_back(fmt::format("killed-{}.db", archives.size()));
    }
  }
  EXPECT_EQ(killed, kills());

  EXPECT_THAT(spawn_sync("undisturbed.db")->wait().code, testing::AnyOf(0, kIncomplete));
  const base::Path undisturbed = directory_.path() / "undisturbed.db";
  for (const std::string& name : archives) {
    EXPECT_THAT(spawn_sync(name)->wait().code, testing::AnyOf(0, kIncomplete));
    const base::Path archive = directory_.path() / name;
    EXPECT_THAT(differences_between(read_conversations(archive), ground_truth_of(simulator_)), IsEmpty());
    EXPECT_EQ(read_conversations(archive), read_conversations(undisturbed));
    EXPECT_EQ(query_rows(archive, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
    EXPECT_THAT(query_rows(archive, "PRAGMA foreign_key_check"), IsEmpty());
    EXPECT_EQ(query_rows(archive, "SELECT count(*) FROM transcript"),
              query_rows(undisturbed, "SELECT count(*) FROM transcript"));
  }
}

}  // namespace
}  // namespace wxcc::tests
