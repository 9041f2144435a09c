// SPDX-License-Identifier: Apache-2.0
#include "net/socket_address.h"

#include <gtest/gtest.h>

namespace wxcc::net {
namespace {

TEST(SocketAddress, ParsesEachSpelling) {
  struct Row {
    const char* text;
    const char* canonical;  // empty: not an address
    bool loopback = true;
  };
  const Row rows[] = {
      {"9464", "127.0.0.1:9464"},
      {"0", "127.0.0.1:0"},
      {"localhost:9464", "127.0.0.1:9464"},
      {"10.0.0.7:80", "10.0.0.7:80", false},
      {"0.0.0.0:9464", "0.0.0.0:9464", false},
      {"[::1]:9464", "[::1]:9464"},
      {"::1:9464", ""},
      {"[::1]", ""},
      {"[]:1", ""},
      {":9464", ""},
      {"127.0.0.1", ""},
      {"127.0.0.1:", ""},
      {"127.0.0.1:65536", ""},
      {"127.0.0.1:-1", ""},
      {"example.com:9464", ""},
      {"[127.0.0.1]:1", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    const auto address = SocketAddress::parse(row.text);
    EXPECT_EQ(address ? address->text() : "", row.canonical) << row.text;
    EXPECT_EQ(!address || address->is_loopback(), row.loopback) << row.text;
  }
}

}  // namespace
}  // namespace wxcc::net
