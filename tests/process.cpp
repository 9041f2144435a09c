// SPDX-License-Identifier: Apache-2.0
#include "tests/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <tuple>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): posix_spawn(3) requires it

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using SteadyClock = ch::steady_clock;

std::runtime_error system_error(const std::string& operation) {
  return std::runtime_error(fmt::format("{}: {}", operation, std::strerror(errno)));
}

// The reading end and the writing end.
std::pair<base::FileDescriptor, base::FileDescriptor> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw system_error("pipe");
  return {base::FileDescriptor(ends[0]), base::FileDescriptor(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

bool becomes_readable(int fd, SteadyClock::time_point deadline) {
  for (;;) {
    const auto left = ch::ceil<ch::milliseconds>(deadline - SteadyClock::now()).count();
    pollfd wanted{fd, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) throw system_error("poll");
  }
}

Process::Process(const std::vector<std::string>& command, const Options& options) : error_file_(options.error_file) {
  auto [output, output_end] = make_pipe();
  output_ = std::move(output);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  base::FileDescriptor input_end;
  if (options.input) {
    base::Path input_file = error_file_;
    input_file += ".in";
    base::write_file_durably(input_file, *options.input, 0600);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input_file.c_str(), O_RDONLY, 0);
  } else {
    std::tie(input_end, input_) = make_pipe();
    ::posix_spawn_file_actions_adddup2(&actions, input_end.get(), STDIN_FILENO);
  }
  ::posix_spawn_file_actions_adddup2(&actions, output_end.get(), STDOUT_FILENO);
  if (error_file_.empty())
    ::posix_spawn_file_actions_adddup2(&actions, output_end.get(), STDERR_FILENO);
  else
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                       0600);
  if (!options.directory.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, options.directory.c_str());
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t every;
  ::sigemptyset(&none);
  ::sigfillset(&every);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &every);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> words = command;
  std::vector<std::string> variables = options.environment.value_or(std::vector<std::string>{});
  const int failure = ::posix_spawnp(&id_, words.front().c_str(), &actions, &attributes, pointers(words).data(),
                                     options.environment ? pointers(variables).data() : environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error(fmt::format("starting {}: {}", command.front(), std::strerror(failure)));
  // glibc 2.36 declares pidfd_open() for C only.
  exit_ = base::FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
  if (!exit_.valid()) throw system_error("pidfd_open");
}

Process::~Process() {
  if (finished_) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

void Process::type(const std::string& text) const {
  if (::write(input_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error("cannot write to the standard input of the program");
}

void Process::signal(int number) const {
  if (finished_) throw std::logic_error("signal: the process has ended");
  ::kill(id_, number);
}

bool Process::read_more(Clock::time_point deadline) {
  if (!becomes_readable(output_.get(), deadline))
    throw std::runtime_error(fmt::format("output: no end before the deadline; received: {}", out_));
  char buffer[65536];
  const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
  if (got < 0 && errno != EINTR) throw system_error("read");
  if (got > 0) out_.append(buffer, static_cast<std::size_t>(got));
  return got != 0;
}

const std::string& Process::wait_for_output(std::string_view text) {
  const auto deadline = Clock::now() + ch::seconds{30};
  while (out_.find(text) == std::string::npos)
    if (!read_more(deadline))
      throw std::runtime_error("output: ended without \"" + std::string(text) + "\"; received: " + out_);
  return out_;
}

void Process::await_exit(Clock::time_point deadline) {
  if (!becomes_readable(exit_.get(), deadline))
    throw std::runtime_error("the process does not exit before the deadline");
  int status = 0;
  ::waitpid(id_, &status, 0);
  constexpr int kSignalled = 128;
  finished_.emplace();
  finished_->code = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
  finished_->dumped_core = WIFSIGNALED(status) && WCOREDUMP(status);
}

Finished Process::wait(ch::milliseconds deadline) {
  const auto until = Clock::now() + deadline;
  while (read_more(until)) {
  }
  await_exit(until);
  constexpr std::size_t kMaxErrorBytes = 256U << 20U;
  finished_->out = out_;
  if (!error_file_.empty()) finished_->err = base::read_file(error_file_, kMaxErrorBytes);
  return *finished_;
}

}  // namespace wxcc::tests
