// SPDX-License-Identifier: Apache-2.0
#include "webex/error_response.h"

#include <gtest/gtest.h>

namespace wxcc::webex {
namespace {

TEST(ErrorBody, IsParsedInEveryShape) {
  struct Row {
    const char* body;
    const char* text;
  };
  const Row rows[] = {
      {R"({"message":"No","errors":[{"description":"No"}],"trackingId":"ROUTER_1"})", "No; tracking id ROUTER_1"},
      {R"({"trackingId":"t1","error":{"key":"400","message":[{"description":"Invalid request"}]}})",
       "400; Invalid request; tracking id t1"},
      {R"({"error":{"key":429,"message":[{"description":"Slow"}]}})", "429; Slow"},
      {R"({"error":"invalid_grant","error_description":"The refresh token provided is expired"})",
       "invalid_grant; The refresh token provided is expired"},
      {R"({"errors":[{"message":"Missing field argument from"}],"data":null})", "Missing field argument from"},
      {"<html><body>Bad gateway</body></html>", "<html><body>Bad gateway</body></html>"},
      {"", "(empty body)"},
      {"{}", "(JSON without a message)"},
      {"[[[", "[[["},
  };
  for (const Row& row : rows) EXPECT_EQ(describe_error_body(row.body), row.text) << row.body;
}

TEST(ErrorBody, RedactsTokensAndSignedUrls) {
  const std::string token(64, 'a');
  const std::string text = describe_error_body("bad token " + token + " at https://s3/x.json?X-Amz-Signature=" + token);
  EXPECT_EQ(text.find(token), std::string::npos) << text;
  EXPECT_EQ(text.find("Signature"), std::string::npos) << text;
  const std::string json = describe_error_body(R"({"message":"code )" + token + R"( is expired"})");
  EXPECT_EQ(json.find(token), std::string::npos) << json;
}

TEST(ErrorBody, RedactsSentSecrets) {
  const KnownSecrets known = {base::Secret("s3cr3t/x"), base::Secret("no"), base::Secret()};
  EXPECT_EQ(describe_error_body(R"({"message":"no client_secret=s3cr3t/x, or s3cr3t%2Fx"})", known),
            "no client_secret=[redacted], or [redacted]");
  EXPECT_EQ(describe_error_body("s3cr3t/x is wrong", known), "[redacted] is wrong");
  EXPECT_EQ(describe_error_body("left", {base::Secret("left")}), "[redacted]");
}

}  // namespace
}  // namespace wxcc::webex
