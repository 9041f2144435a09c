// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace wxcc::tests {

// A program started by a test: its input is a pipe, its output and errors come back as one text. It goes with this
// object, by SIGKILL when it still runs.
class RunningProgram {
 public:
  explicit RunningProgram(std::vector<std::string> words) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(out[1], STDERR_FILENO);
      ::execvp(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }
  ~RunningProgram() {
    if (!status_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    close_input();
    ::close(out_);
  }
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void type(const std::string& text) const {
    if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("the program does not read");
  }
  void close_input() {
    if (in_ >= 0) ::close(in_);
    in_ = -1;
  }
  void signal(int number) const { ::kill(pid_, number); }

  // Everything said so far once it contains the text; throws when that takes too long or the program ends first.
  const std::string& until(const std::string& text) {
    while (said_.find(text) == std::string::npos)
      if (!read_some()) throw std::runtime_error("never said \"" + text + "\", but: " + said_);
    return said_;
  }
  // Waits for the end. The exit code, or 1000 plus the signal that ended it.
  int wait() {
    while (read_some()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    dumped_core_ = WIFSIGNALED(status) && WCOREDUMP(status);
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    return *status_;
  }
  // After wait().
  [[nodiscard]] bool dumped_core() const { return dumped_core_; }
  [[nodiscard]] const std::string& said() const { return said_; }

 private:
  // False at the end of the output.
  bool read_some() {
    pollfd wait{out_, POLLIN, 0};
    constexpr int kPatienceMs = 60'000;
    if (::poll(&wait, 1, kPatienceMs) <= 0) throw std::runtime_error("the program says nothing more, only: " + said_);
    char buffer[4096];
    const ssize_t got = ::read(out_, buffer, sizeof buffer);
    if (got <= 0) return false;
    said_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  pid_t pid_ = 0;
  int in_ = -1;
  int out_ = -1;
  std::string said_;
  std::optional<int> status_;
  bool dumped_core_ = false;
};

}  // namespace wxcc::tests
