// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"

namespace wxcc::tests {

// Waits until the descriptor is readable or at its end; false when the deadline comes first.
bool becomes_readable(int fd, std::chrono::steady_clock::time_point deadline);

struct Finished {
  int code = 0;  // the exit code, or 128 plus the number of the signal
  std::string out;
  std::string err;
  bool dumped_core = false;
};

// A program under test. Its standard output is a pipe, read only by the functions that wait. The destructor kills it.
// Throws when it does not start, does not print the expected text or does not exit in time.
class Process {
 public:
  struct Options {
    std::optional<std::vector<std::string>> environment;  // NAME=value; std::nullopt: this program's
    base::Path directory;                                 // working directory; empty: this program's
    base::Path error_file;                                // for standard error; empty: standard output
    std::optional<std::string> input;                     // the whole standard input; std::nullopt: a pipe for type()
  };
  Process(const std::vector<std::string>& command, const Options& options);
  // With a pipe for input, and standard error in the output.
  explicit Process(const std::vector<std::string>& command) : Process(command, Options{}) {}
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t id() const { return id_; }
  void signal(int number) const;
  void type(const std::string& text) const;
  void close_input() { input_ = base::FileDescriptor(); }
  // Waits until the output contains the text, and returns all of it.
  const std::string& wait_for_output(std::string_view text);
  // The output that was read so far.
  [[nodiscard]] const std::string& output() const { return out_; }
  Finished wait(std::chrono::milliseconds deadline = std::chrono::seconds{60});

 private:
  using Clock = std::chrono::steady_clock;
  // False at its end.
  bool read_more(Clock::time_point deadline);
  void await_exit(Clock::time_point deadline);

  pid_t id_ = 0;
  base::FileDescriptor exit_;    // a pidfd
  base::FileDescriptor input_;   // the writing end, for type()
  base::FileDescriptor output_;  // the reading end
  base::Path error_file_;
  std::string out_;
  std::optional<Finished> finished_;
};

}  // namespace wxcc::tests
