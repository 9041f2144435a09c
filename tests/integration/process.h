// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"

namespace wxcc::integration {

struct Finished {
  int code = 0;  // the exit code, or 128 and the signal's number
  std::string out;
  std::string err;
};

// A program under test. Its standard output is a pipe, read only while somebody waits; its standard error a file.
// Killed by the destructor when it still runs. Failures to start or to end in time are exceptions.
class Process {
 public:
  struct Options {
    std::vector<std::string> environment;  // NAME=value; nothing is inherited
    base::Path directory;                  // to work in
    base::Path error_file;
    std::string input;  // on standard input, which then ends
  };
  Process(const std::vector<std::string>& command, const Options& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t id() const { return id_; }
  void signal(int number) const;
  // Until standard output holds the text; gives what it holds.
  const std::string& wait_for_output(std::string_view text);
  Finished wait(std::chrono::milliseconds deadline = std::chrono::seconds{60});

 private:
  using Clock = std::chrono::steady_clock;
  // False at its end.
  bool read_more(Clock::time_point deadline);
  void await_exit(Clock::time_point deadline);

  pid_t id_ = 0;
  base::FileDescriptor exit_;  // a pidfd
  base::FileDescriptor output_;
  base::Path error_file_;
  std::string out_;
  std::optional<int> code_;
};

// The datagrams that a service sends to the service manager.
class Notifications {
 public:
  explicit Notifications(const base::Path& directory);
  // For the service's environment.
  [[nodiscard]] std::string variable() const { return "NOTIFY_SOCKET=" + path_.string(); }
  // The first datagram after the one that the last call gave that holds the text; an exception when none comes in time.
  std::string wait_for(std::string_view text, std::chrono::milliseconds deadline = std::chrono::seconds{30});
  // All that came so far.
  [[nodiscard]] const std::vector<std::string>& seen() const { return seen_; }
  void take_what_came();

 private:
  base::Path path_;
  base::FileDescriptor socket_;
  std::vector<std::string> seen_;
  std::size_t next_ = 0;  // the first that no waiting has looked at
};

}  // namespace wxcc::integration
