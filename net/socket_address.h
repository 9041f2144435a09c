// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::net {

// An IP address and a port, as bind(2) takes them.
class SocketAddress {
 public:
  // The host is an IPv4 or IPv6 address without brackets, or localhost, which means 127.0.0.1. std::nullopt for any
  // other name: nothing is resolved. Port 0: any free one.
  static std::optional<SocketAddress> of(const std::string& host, std::uint16_t port);
  // "9464" (of 127.0.0.1), "127.0.0.1:9464", "localhost:9464", "[::1]:9464".
  static std::optional<SocketAddress> parse(std::string_view text);
  // The address that a bound socket has; throws base::Error.
  static SocketAddress of_socket(int fd);

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] bool is_loopback() const;
  // "127.0.0.1:9464", "[::1]:9464", as in a URL.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const { return size_; }

  friend bool operator==(const SocketAddress& a, const SocketAddress& b) { return a.text() == b.text(); }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace wxcc::net
