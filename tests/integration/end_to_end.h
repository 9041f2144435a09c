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

// The built program against a simulator of the test's own, as an operator uses it: a directory with config.json and
// access_token.json, commands, and the sqlite3 shell. At the end of a test, all outputs and files are searched for
// secrets.
class EndToEnd : public ::testing::Test {
 protected:
  EndToEnd();
  ~EndToEnd() override;

  // Before start_simulator(); without delays and damage, 60 tasks.
  simulator::Options options;
  // Starts the simulator and writes config.json, for a client without delays, and access_token.json.
  void start_simulator();
  simulator::Simulator& simulator() { return *simulator_; }

  // Rewrites config.json: the members of start_simulator() and these ("\"settle\": 0, \"timezone\": \"UTC\"").
  void configure(const std::string& members);
  void write(const std::string& name, const std::string& content, mode_t mode = 0600) const;

  // Runs wxcc-archive and waits for its exit.
  Finished run(std::vector<std::string> arguments, const std::string& input = "");
  // The same with a wrapper such as {"prlimit", "--fsize=1000"}.
  Finished run_under(std::vector<std::string> wrapper, const std::vector<std::string>& arguments);
  std::unique_ptr<Process> start(const std::vector<std::string>& arguments,
                                 const std::vector<std::string>& environment = {});
  // Waits for its exit; its output is searched for secrets.
  Finished ended(Process& process);
  std::unique_ptr<Process> start_command(std::vector<std::string> command, const std::vector<std::string>& environment,
                                         const std::string& input);

  // Runs wxcc-archive login with curl as the browser. Returns the page after the redirect.
  std::string log_in();

  // For --from: before every task, but not so long ago that the search takes time.
  [[nodiscard]] std::string before_all() const;

  // The output of the sqlite3 shell.
  [[nodiscard]] std::string sql(const std::string& query) const;
  void change(const std::string& statements) const;
  // Every row of every table, but for the times of runs.
  [[nodiscard]] std::string rows() const;
  [[nodiscard]] store::Reader reader() const { return store::Reader::open(archive()); }

  // The archive has exactly the tasks of the ground truth, with their ends, queues, numbers of messages and texts.
  void expect_ground_truth();

  [[nodiscard]] base::Path path(const std::string& name) const { return directory_.path() / name; }
  [[nodiscard]] base::Path archive() const { return path("archive.db"); }
  [[nodiscard]] const base::Path& directory() const { return directory_.path(); }
  void TearDown() override;

 private:
  Finished run_sqlite3(const std::vector<std::string>& arguments) const;
  void remember_tokens();
  void expect_no_secret(const std::string& where, const std::string& text) const;

  tests::TemporaryDirectory directory_;
  tests::TemporaryDirectory error_output_;  // standard error of each program
  base::SystemClock clock_;
  std::unique_ptr<simulator::Simulator> simulator_;
  std::string output_;  // of all runs
  std::set<std::string> secrets_;
  int runs_ = 0;
};

// The program's error is one line that holds the words.
void expect_one_line(const Finished& finished, int code, const std::vector<std::string>& words);

}  // namespace wxcc::integration
