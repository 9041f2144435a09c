// SPDX-License-Identifier: Apache-2.0
#include "net/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/text.h"

namespace wxcc::net {

std::optional<SocketAddress> SocketAddress::of(const std::string& host, std::uint16_t port) {
  const std::string address = host == "localhost" ? "127.0.0.1" : host;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  SocketAddress result;
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&result.storage_, &v4, sizeof v4);
    result.size_ = sizeof v4;
    return result;
  }
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&result.storage_, &v6, sizeof v6);
    result.size_ = sizeof v6;
    return result;
  }
  return std::nullopt;
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  std::string host = "127.0.0.1";
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (bracketed != (host.find(':') != std::string::npos)) return std::nullopt;
  }
  const auto port = base::parse_unsigned(text);
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return of(host, static_cast<std::uint16_t>(*port));
}

SocketAddress SocketAddress::of_socket(int fd) {
  SocketAddress result;
  result.size_ = sizeof result.storage_;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&result.storage_), &result.size_) != 0)
    throw base::Error(fmt::format("reading the address of a socket: {}", std::strerror(errno)));
  return result;
}

std::uint16_t SocketAddress::port() const {
  return ntohs(family() == AF_INET ? reinterpret_cast<const sockaddr_in&>(storage_).sin_port
                                   : reinterpret_cast<const sockaddr_in6&>(storage_).sin6_port);
}

bool SocketAddress::is_loopback() const {
  constexpr std::uint32_t kLoopbackNet = 127;
  if (family() == AF_INET)
    return ntohl(reinterpret_cast<const sockaddr_in&>(storage_).sin_addr.s_addr) >> 24U == kLoopbackNet;
  return family() == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(storage_).sin6_addr);
}

std::string SocketAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> host{};
  const void* const address = family() == AF_INET
                                  ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(storage_).sin_addr)
                                  : &reinterpret_cast<const sockaddr_in6&>(storage_).sin6_addr;
  ::inet_ntop(family(), address, host.data(), host.size());
  return family() == AF_INET6 ? fmt::format("[{}]:{}", host.data(), port()) : fmt::format("{}:{}", host.data(), port());
}

}  // namespace wxcc::net
