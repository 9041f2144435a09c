// SPDX-License-Identifier: Apache-2.0
// Requests one token from a token keeper, as a process of its own: exit code 0 when there was one, 77 when a person
// must log in, 75 otherwise. With the name of a step it kills itself there.
//
//   keeper_process TOKEN-FILE TOKEN-ENDPOINT CLIENT-ID CLIENT-SECRET ORG-ID [STEP]
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "net/curl_transport.h"
#include "systemd/event_loop.h"
#include "webex/token_keeper.h"

namespace {

std::string_view crash_at;
// Only what happens after the server's response is of interest: before, nothing is written but the lock file.
bool responded = false;

void step(std::string_view name) {
  if (crash_at == name) ::raise(SIGKILL);
}

}  // namespace

// The C library's functions, which a program may replace, with a step at each.
extern "C" int fchmod(int fd, mode_t mode) noexcept {
  if (responded) step("created");
  return static_cast<int>(::syscall(SYS_fchmod, fd, mode));
}
extern "C" ssize_t write(int fd, const void* bytes, size_t count) {
  if (responded && crash_at == "half-written" && count > 100) {
    ::syscall(SYS_write, fd, bytes, count / 2);
    step("half-written");
  }
  return ::syscall(SYS_write, fd, bytes, count);
}
extern "C" int fsync(int fd) {
  struct stat info {};
  const bool directory = ::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode);
  if (responded) step(directory ? "renamed" : "written");
  const int result = static_cast<int>(::syscall(SYS_fsync, fd));
  if (responded && directory) step("directory-flushed");
  return result;
}
extern "C" int renameat2(int from_directory, const char* from, int to_directory, const char* to,
                         unsigned int flags) noexcept {
  if (responded) step("flushed");
  return static_cast<int>(::syscall(SYS_renameat2, from_directory, from, to_directory, to, flags));
}

namespace {

using namespace wxcc;

class SteppedTransport final : public net::Transport {
 public:
  explicit SteppedTransport(net::Transport& real) : real_(real) {}
  std::unique_ptr<net::Transfer> start(net::Request request, Done done) override {
    step("locked");
    return real_.start(std::move(request), [done](net::Outcome&& outcome) {
      step("responded");
      responded = true;
      done(std::move(outcome));
    });
  }

 private:
  net::Transport& real_;
};

int request_token(char** words) {
  const base::SystemClock clock;
  systemd::EventLoop loop;
  net::CurlTransport real(loop, {});
  SteppedTransport transport(real);
  webex::Settings settings;
  settings.token_file = words[1];
  settings.endpoints.token = words[2];
  settings.client = {words[3], base::Secret(words[4]), "", ""};
  settings.org_id = words[5];
  webex::TokenKeeper keeper(settings, transport, loop, clock);
  loop.post([&] {
    keeper.get_token([&](const model::Result<base::Secret>& token) {
      constexpr int kLoginRequired = 77;
      constexpr int kTryLater = 75;
      if (token) return loop.exit(0);
      std::fprintf(stderr, "%s\n", token.error().message.c_str());
      loop.exit(token.error().kind == model::Failure::Kind::AuthRequired ? kLoginRequired : kTryLater);
    });
  });
  return loop.run();
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kWords = 6;
  if (argc < kWords) return 2;
  if (argc > kWords) crash_at = argv[kWords];
  return request_token(argv);
}
