// SPDX-License-Identifier: Apache-2.0
#include "simulator/wire/http_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace wxcc::simulator {
namespace {

constexpr std::chrono::milliseconds kIoTimeout = std::chrono::seconds{10};

thread_local HttpConnection* g_current = nullptr;

// The events that arrived within that time.
short wait_for(int fd, short events, std::chrono::milliseconds at_most) {
  pollfd entry{fd, events, 0};
  int ready = 0;
  do ready = ::poll(&entry, 1, static_cast<int>(at_most.count()));
  while (ready < 0 && errno == EINTR);
  return ready > 0 ? entry.revents : short{0};
}

}  // namespace

HttpConnection::HttpConnection(socket_t socket, const TransmissionLimits& limits) : socket_(socket), limits_(limits) {
  // Header and body are written apart; without this the second waits for the first one's acknowledgement.
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_current = this;
}

HttpConnection::~HttpConnection() {
  g_current = nullptr;
  if (transmission_ != Transmission::Reset) ::shutdown(socket_, SHUT_RDWR);
  ::close(socket_);
}

HttpConnection* HttpConnection::current() {
  return g_current;
}

bool HttpConnection::wait_for_request(std::chrono::milliseconds at_most) const {
  char byte = 0;
  return wait_for(socket_, POLLIN, at_most) != 0 && ::recv(socket_, &byte, 1, MSG_PEEK) == 1;
}

void HttpConnection::plan(Transmission transmission, std::size_t body_size) {
  transmission_ = transmission;
  body_size_ = body_size;
  body_sent_ = 0;
  header_sent_ = false;
}

bool HttpConnection::is_readable() const {
  return wait_for(socket_, POLLIN, kIoTimeout) != 0;
}
bool HttpConnection::is_writable() const {
  return (wait_for(socket_, POLLOUT, kIoTimeout) & POLLOUT) != 0;
}

ssize_t HttpConnection::read(char* bytes, std::size_t size) {
  if (!is_readable()) return -1;
  ssize_t got = 0;
  do got = ::recv(socket_, bytes, size, 0);
  while (got < 0 && errno == EINTR);
  return got;
}

ssize_t HttpConnection::send_all(std::string_view bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t step = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) return -1;
    sent += static_cast<std::size_t>(step);
  }
  return static_cast<ssize_t>(bytes.size());
}

ssize_t HttpConnection::write(const char* bytes, std::size_t size) {
  const std::string_view all(bytes, size);
  if (transmission_ == Transmission::Reset) {
    const struct linger hard { 1, 0 };
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    return -1;
  }
  // cpp-httplib writes the header in one piece, then the body.
  if (!header_sent_ || transmission_ == Transmission::Whole || transmission_ == Transmission::Endless) {
    header_sent_ = true;
    return send_all(all);
  }
  return send_faulted(all);
}

ssize_t HttpConnection::send_faulted(std::string_view bytes) {
  if (transmission_ == Transmission::Slow) {
    const std::size_t piece = std::max<std::size_t>(1, bytes.size() / kSlowPieces);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      if (!hold(limits_.slow_for / kSlowPieces)) return -1;
      if (send_all(bytes.substr(at, piece)) < 0) return -1;
    }
    return static_cast<ssize_t>(bytes.size());
  }
  const std::size_t left = body_size_ / 2 - std::min(body_sent_, body_size_ / 2);
  if (send_all(bytes.substr(0, left)) < 0) return -1;
  body_sent_ += std::min(left, bytes.size());
  if (bytes.size() <= left) return static_cast<ssize_t>(bytes.size());
  if (transmission_ == Transmission::Stall) static_cast<void>(hold(limits_.stall_for));
  return -1;
}

bool HttpConnection::hold(std::chrono::milliseconds time) const {
  return wait_for(socket_, POLLRDHUP, time) == 0;
}

void HttpConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = "127.0.0.1";
  port = 0;
}

void HttpConnection::get_local_ip_and_port(std::string& ip, int& port) const {
  get_remote_ip_and_port(ip, port);
}

}  // namespace wxcc::simulator
