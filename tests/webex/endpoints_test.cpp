// SPDX-License-Identifier: Apache-2.0
#include "webex/endpoints.h"

#include <gtest/gtest.h>

namespace wxcc::webex {
namespace {

TEST(Endpoints, AcceptUrlsOfPythonScriptAndVariants) {
  const Endpoints plain = endpoints_from("https://webexapis.com/v1", "https://webexapis.com/v1/authorize",
                                         "https://api.wxcc-eu2.cisco.com");
  EXPECT_EQ(plain.authorize, "https://webexapis.com/v1/authorize");
  EXPECT_EQ(plain.token, "https://webexapis.com/v1/access_token");
  EXPECT_EQ(plain.search, "https://api.wxcc-eu2.cisco.com/search");
  EXPECT_EQ(plain.captures, "https://api.wxcc-eu2.cisco.com/v1/captures/query");
  const Endpoints variant =
      endpoints_from("https://webexapis.com/", "https://webexapis.com/v1/", "https://api.wxcc-eu2.cisco.com/v1/");
  EXPECT_EQ(variant.token, plain.token);
  EXPECT_EQ(variant.authorize, plain.authorize);
  EXPECT_EQ(variant.search, plain.search);
  EXPECT_EQ(variant.captures, plain.captures);
  EXPECT_EQ(
      endpoints_from("https://idbroker.webex.com/idb/oauth2/v1/access_token", "https://x", "https://y/search").token,
      "https://idbroker.webex.com/idb/oauth2/v1/access_token");
}

TEST(Endpoints, RetainQueryAfterPath) {
  EXPECT_EQ(endpoints_from("https://x/v1", "https://x/v1/authorize?prompt=login", "https://y").authorize,
            "https://x/v1/authorize?prompt=login");
  EXPECT_EQ(endpoints_from("https://x/v1", "https://x/v1/?prompt=login", "https://y").authorize,
            "https://x/v1/authorize?prompt=login");
  const Endpoints bare = endpoints_from("https://x?a=b", "https://x?prompt=login", "https://y");
  EXPECT_EQ(bare.authorize, "https://x/v1/authorize?prompt=login");
  EXPECT_EQ(bare.token, "https://x/v1/access_token?a=b");
}

}  // namespace
}  // namespace wxcc::webex
