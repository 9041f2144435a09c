// SPDX-License-Identifier: Apache-2.0
#include "tests/notifications.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tests/process.h"

namespace wxcc::tests {

namespace ch = std::chrono;

Notifications::Notifications(const base::Path& directory)
    : path_(directory / "notify.socket"), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path_.string();
  if (name.size() >= sizeof address.sun_path) throw std::runtime_error("path too long for a socket: " + name);
  std::memcpy(address.sun_path, name.data(), name.size());
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error(fmt::format("bind {}: {}", name, std::strerror(errno)));
}

void Notifications::receive_all() {
  char buffer[8192];
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    if (got < 0) return;
    seen_.emplace_back(buffer, static_cast<std::size_t>(got));
  }
}

std::string Notifications::wait_for(std::string_view text, ch::milliseconds deadline) {
  const auto until = ch::steady_clock::now() + deadline;
  for (;;) {
    receive_all();
    while (next_ < seen_.size())
      if (const std::string& datagram = seen_[next_++]; datagram.find(text) != std::string::npos) return datagram;
    if (!becomes_readable(socket_.get(), until))
      throw std::runtime_error(fmt::format("no notification with \"{}\"; received: {}", text, fmt::join(seen_, " | ")));
  }
}

}  // namespace wxcc::tests
