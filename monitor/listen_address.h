// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxcc::monitor {

// Where the metrics are served: an IP address, and a port of it.
struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// "9464" (of 127.0.0.1), "127.0.0.1:9464", "localhost:9464", "[::1]:9464". Nothing for anything else; other names than
// localhost are not resolved.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace wxcc::monitor
