// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "simulator/simulator.h"
#include "store/reader.h"
#include "tests/notifications.h"
#include "tests/process.h"
#include "tests/temporary_directory.h"

namespace wxcc::integration {

using tests::Finished;
using tests::Notifications;
using tests::Process;

// The built program against a simulator of the test's own, the way an operator uses it: a folder with config.json
// and access_token.json, commands, and the sqlite3 shell. When a test is over, everything that was said and written is
// searched for secrets.
class EndToEnd : public ::testing::Test {
 protected:
  EndToEnd();
  ~EndToEnd() override;

  // Before start_cloud(); without delays and damage, 60 tasks.
  simulator::Options options;
  // Starts the cloud and writes config.json, for a client that does not wait for anything, and access_token.json.
  void start_cloud();
  simulator::Simulator& cloud() { return *cloud_; }

  // Writes config.json anew: what start_cloud() wrote, and these members ("\"settle\": 0, \"timezone\": \"UTC\"").
  void configure(const std::string& members);
  void write(const std::string& name, const std::string& content, mode_t mode = 0600) const;

  // wxcc-archive with these arguments, to its end.
  Finished run(std::vector<std::string> arguments, const std::string& input = "");
  // The same under another program: {"prlimit", "--fsize=1000"}.
  Finished run_under(std::vector<std::string> wrapper, const std::vector<std::string>& arguments);
  std::unique_ptr<Process> start(const std::vector<std::string>& arguments,
                                 const std::vector<std::string>& environment = {});
  // What a started one said counts for the search for secrets.
  Finished ended(Process& process);
  std::unique_ptr<Process> start_command(std::vector<std::string> command, const std::vector<std::string>& environment,
                                         const std::string& input);

  // For --from: before everything that the cloud has, but not so long ago that reading the days takes time.
  [[nodiscard]] std::string before_all() const;

  // What the sqlite3 shell answers.
  [[nodiscard]] std::string sql(const std::string& query) const;
  void change(const std::string& statements) const;
  // Every row of every table, but for what says when the program ran.
  [[nodiscard]] std::string rows() const;
  [[nodiscard]] store::Reader reader() const { return store::Reader::open(archive()); }

  // The archive has exactly the tasks of the ground truth, with their ends, queues, numbers of messages and texts.
  void expect_ground_truth();

  [[nodiscard]] base::Path path(const std::string& name) const { return directory_.path() / name; }
  [[nodiscard]] base::Path archive() const { return path("archive.db"); }
  [[nodiscard]] const base::Path& folder() const { return directory_.path(); }
  void TearDown() override;

 private:
  void remember_tokens();
  void expect_no_secret(const std::string& where, const std::string& text) const;

  tests::TemporaryDirectory directory_;
  tests::TemporaryDirectory said_;  // what the programs said on standard error
  base::SystemClock clock_;
  std::unique_ptr<simulator::Simulator> cloud_;
  std::string output_;  // of all runs
  std::set<std::string> secrets_;
  int runs_ = 0;
};

// Messages of a program are one line, which names the words.
void expect_one_line(const Finished& finished, int code, const std::vector<std::string>& words);

}  // namespace wxcc::integration
