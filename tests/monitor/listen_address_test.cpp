// SPDX-License-Identifier: Apache-2.0
#include "monitor/listen_address.h"

#include <gtest/gtest.h>

namespace wxcc::monitor {
namespace {

TEST(ListenAddress, IsReadInEachSpelling) {
  struct Row {
    const char* text;
    std::optional<ListenAddress> address;
  };
  const Row rows[] = {
      {"9464", ListenAddress{"127.0.0.1", 9464}},
      {"0", ListenAddress{"127.0.0.1", 0}},
      {"localhost:9464", ListenAddress{"127.0.0.1", 9464}},
      {"10.0.0.7:80", ListenAddress{"10.0.0.7", 80}},
      {"0.0.0.0:9464", ListenAddress{"0.0.0.0", 9464}},
      {"[::1]:9464", ListenAddress{"::1", 9464}},
      {"::1:9464", std::nullopt},
      {"[::1]", std::nullopt},
      {"[]:1", std::nullopt},
      {":9464", std::nullopt},
      {"127.0.0.1", std::nullopt},
      {"127.0.0.1:", std::nullopt},
      {"127.0.0.1:65536", std::nullopt},
      {"127.0.0.1:-1", std::nullopt},
      {"example.com:9464", std::nullopt},
      {"", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(parse_listen_address(row.text), row.address) << row.text;
}

}  // namespace
}  // namespace wxcc::monitor
