// SPDX-License-Identifier: Apache-2.0
#include "net/request_validation.h"

#include <gtest/gtest.h>

namespace wxcc::net {
namespace {

TEST(RequestValidation, RecognisesLoopbackHosts) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "0.0.0.0", "::"})
    EXPECT_TRUE(is_loopback_host(host)) << host;
  for (const char* host : {"", "localhost.example.org", "127.0.0.1.example.org", "127.1", "128.0.0.1", "::2", "0.0.0.1",
                           "::ffff:127.0.0.1", "example.org"})
    EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(RequestValidation, AcceptsHttpsAndLoopbackUrls) {
  for (const char* url :
       {"https://webexapis.com/v1/access_token", "https://example.org:8443", "http://127.0.0.1:8080/x",
        "http://localhost/", "http://[::1]:1/", "http://0.0.0.0:1/", "HTTPS://EXAMPLE.ORG/?a=b#c"}) {
    Request request;
    request.url = url;
    EXPECT_FALSE(validate(request)) << url;
  }
}

TEST(RequestValidation, RejectsOtherUrls) {
  for (const char* url : {"", "example.org", "ftp://example.org/", "file:///etc/passwd", "http://example.org/",
                          "http://127.0.0.1.example.org/", "https://user:word@example.org/", "https://", "https:///x",
                          "https://example.org/a b", "https://example.org/\r\nX: y", "http://127.0.0.1\\@example.org/",
                          "http://localhost@example.org/", "https://example.org:99999/"}) {
    Request request;
    request.url = url;
    EXPECT_TRUE(validate(request)) << url;
  }
}

TEST(RequestValidation, RejectsOverlongUrl) {
  Request request;
  request.url = "https://example.org/" + std::string(100'000, 'x');
  EXPECT_TRUE(validate(request));
}

TEST(RequestValidation, RejectsHeaderInjection) {
  struct Row {
    const char* name;
    std::string value;
    bool invalid;
  };
  const Row rows[] = {
      {"Accept", "application/json", false},
      {"X-Tab", "a\tb", false},
      {"X-Latin", "\xC3\xA9", false},
      {"X-Empty", "", false},
      {"", "x", true},
      {"X Y", "x", true},
      {"X:", "x", true},
      {"X\r\nY", "x", true},
      {"X-Line", "a\nb", true},
      {"X-Return", "a\rb", true},
      {"X-Nul", std::string("a\0b", 3), true},
      {"authorization", "Bearer x", true},
  };
  for (const auto& [name, value, invalid] : rows) {
    Request request;
    request.url = "https://example.org/";
    request.headers = {{name, value}};
    EXPECT_EQ(validate(request).has_value(), invalid) << name << ": " << value;
  }
}

TEST(RequestValidation, RejectsInvalidBearer) {
  for (const char* bearer : {"a b", "a\r\nX: y", "a\n"}) {
    Request request;
    request.url = "https://example.org/";
    request.bearer = base::Secret(bearer);
    const auto problem = validate(request);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->find('\n'), std::string::npos);
  }
}

TEST(RequestValidation, RejectsGetWithBody) {
  Request request;
  request.url = "https://example.org/";
  request.body = "x";
  EXPECT_TRUE(validate(request));
  request.method = Method::Post;
  EXPECT_FALSE(validate(request));
}

}  // namespace
}  // namespace wxcc::net
