// SPDX-License-Identifier: Apache-2.0
#include "monitor/listen_address.h"

#include <arpa/inet.h>

#include <array>
#include <limits>

#include "base/text.h"

namespace wxcc::monitor {
namespace {

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(family, text.c_str(), address.data()) == 1;
}

std::optional<std::string> host_from(std::string_view text) {
  if (text == "localhost") return "127.0.0.1";
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    std::string inner(text.substr(1, text.size() - 2));
    if (is_address(AF_INET6, inner)) return inner;
    return std::nullopt;
  }
  std::string plain(text);
  if (is_address(AF_INET, plain)) return plain;
  return std::nullopt;
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  ListenAddress address;
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    const auto host = host_from(text.substr(0, colon));
    if (!host) return std::nullopt;
    address.host = *host;
    text.remove_prefix(colon + 1);
  }
  const auto port = base::parse_unsigned(text);
  if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

}  // namespace wxcc::monitor
