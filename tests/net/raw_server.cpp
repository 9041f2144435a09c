// SPDX-License-Identifier: Apache-2.0
#include "tests/net/raw_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

#include "base/text.h"

namespace wxcc::net {
namespace {

struct Listener {
  base::FileDescriptor fd;
  int port = 0;
};

Listener listen_on_loopback() {
  Listener listener{base::FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.fd.get(), generic, size) != 0 || ::getsockname(listener.fd.get(), generic, &size) != 0 ||
      ::listen(listener.fd.get(), 128) != 0)
    throw std::runtime_error("cannot listen");
  listener.port = ntohs(address.sin_port);
  return listener;
}

std::size_t content_length(std::string_view head) {
  for (const std::string_view line : base::split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (base::equals_ignoring_case(line.substr(0, colon), "Content-Length"))
      return base::parse_unsigned(base::trim(line.substr(colon + 1))).value_or(0);
  }
  return 0;
}

}  // namespace

std::optional<std::string> Peer::read_request() {
  std::array<char, 65536> chunk{};
  for (;;) {
    const auto head_end = buffer_.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      const std::size_t size = head_end + 4 + content_length(std::string_view(buffer_).substr(0, head_end));
      if (buffer_.size() >= size) {
        std::string request = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return request;
      }
    }
    const auto count = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (count <= 0) return std::nullopt;
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

bool Peer::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Peer::wait_for_close() const {
  std::array<char, 4096> chunk{};
  while (::recv(fd_, chunk.data(), chunk.size(), 0) > 0) {
  }
}

bool Peer::closes_within(base::Millis wait) const {
  pollfd waiting{fd_, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(wait.count())) > 0;
}

void Peer::reset() const {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

RawServer::RawServer(Script script) : script_(std::move(script)) {
  auto [fd, port] = listen_on_loopback();
  listener_ = std::move(fd);
  port_ = port;
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (auto& connection : connections_) {
    {
      const std::lock_guard lock(mutex_);
      if (connection.fd.valid()) ::shutdown(connection.fd.get(), SHUT_RDWR);
    }
    connection.thread.join();
  }
}

void RawServer::accept_all() {
  for (;;) {
    base::FileDescriptor accepted(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!accepted.valid()) return;
    const std::lock_guard lock(mutex_);
    Connection& connection = connections_.emplace_back();
    connection.fd = std::move(accepted);
    connection.thread = std::thread([this, &connection, number = connection.fd.get()] {
      Peer peer(number);
      script_(peer);
      const std::lock_guard closing(mutex_);
      connection.fd = base::FileDescriptor();
    });
  }
}

std::string RawServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

int RawServer::connections() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(connections_.size());
}

std::string http_response(std::string_view status, std::string_view body, std::string_view headers) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), headers, body);
}

RawServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    while (peer.read_request())
      if (!peer.send(bytes)) return;
  };
}

int closed_port() {
  return listen_on_loopback().port;
}

}  // namespace wxcc::net
