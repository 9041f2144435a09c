// SPDX-License-Identifier: Apache-2.0
// What goes over the wire in one exchange.
#include <gmock/gmock.h>
#include <stdio.h>
#include <stdlib.h>

#include <mutex>

#include "tests/net/raw_server.h"
#include "tests/net/transport_fixture.h"

namespace wxcc::net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Answers everything alike and keeps the last request.
class RecordingServer {
 public:
  explicit RecordingServer(std::string bytes)
      : server([this, bytes = std::move(bytes)](Peer& peer) {
          while (auto request = peer.read_request()) {
            {
              const std::lock_guard lock(mutex_);
              last_ = *request;
            }
            if (!peer.send(bytes)) return;
          }
        }) {}
  [[nodiscard]] std::string last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  std::string last_;

 public:
  RawServer server;
};

TEST_F(TransportTest, ReturnsStatusHeadersAndBody) {
  const RawServer server(
      always(http_response("200 OK", "hello", "X-One: 1\r\nx-two:  two words \r\nX-One: again\r\n")));
  const auto outcome = get(server.url("/path?query=1"));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->status, 200);
  EXPECT_EQ(outcome->body, "hello");
  EXPECT_EQ(outcome->header("x-one"), "1");
  EXPECT_EQ(outcome->header("X-TWO"), "two words");
  EXPECT_FALSE(outcome->header("X-Three"));
  EXPECT_EQ(outcome->headers.size(), 4U);
}

TEST_F(TransportTest, SendsPathQueryHeadersAndBearerOfGet) {
  const RecordingServer recorder(http_response("200 OK", ""));
  Request request = request_for(recorder.server.url("/path?query=a%20b"));
  request.headers = {{"X-Tracking", "abc"}, {"X-Empty", ""}};
  request.bearer = base::Secret("s3cret");
  ASSERT_TRUE(fetch(std::move(request)));
  const std::string sent = recorder.last();
  EXPECT_THAT(sent, StartsWith("GET /path?query=a%20b HTTP/1.1\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nAuthorization: Bearer s3cret\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nX-Tracking: abc\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nUser-Agent: wxcc-test\r\n"));
  EXPECT_THAT(sent, HasSubstr("gzip"));
}

TEST_F(TransportTest, SendsNoAuthorizationWithoutBearerOnReusedConnection) {
  const RecordingServer recorder(http_response("200 OK", ""));
  Request with_bearer = request_for(recorder.server.url());
  with_bearer.bearer = base::Secret("s3cret");
  ASSERT_TRUE(fetch(std::move(with_bearer)));
  ASSERT_TRUE(get(recorder.server.url()));
  EXPECT_THAT(recorder.last(), Not(HasSubstr("Authorization")));
  EXPECT_THAT(recorder.last(), Not(HasSubstr("s3cret")));
  EXPECT_EQ(recorder.server.connections(), 1);
}

TEST_F(TransportTest, SendsWholeBodyOfPost) {
  const RecordingServer recorder(http_response("201 Created", ""));
  Request request = request_for(recorder.server.url("/search"));
  request.method = Method::Post;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::string(3'000'000, 'x') + '\0' + "end";
  const std::string body = request.body;
  const auto outcome = fetch(std::move(request));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->status, 201);
  const std::string sent = recorder.last();
  EXPECT_THAT(sent.substr(0, 300), StartsWith("POST /search HTTP/1.1\r\n"));
  EXPECT_THAT(sent.substr(0, 300), HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(sent.substr(0, 300), Not(HasSubstr("Expect")));
  EXPECT_TRUE(sent.ends_with("\r\n\r\n" + body));
}

TEST_F(TransportTest, SendsEmptyPost) {
  const RecordingServer recorder(http_response("200 OK", ""));
  Request request = request_for(recorder.server.url());
  request.method = Method::Post;
  ASSERT_TRUE(fetch(std::move(request)));
  EXPECT_THAT(recorder.last(), HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST_F(TransportTest, IsolatesRequestsOnOneConnection) {
  const RecordingServer recorder(http_response("200 OK", ""));
  Request post = request_for(recorder.server.url());
  post.method = Method::Post;
  post.headers = {{"X-Tracking", "abc"}};
  post.body = "body";
  ASSERT_TRUE(fetch(std::move(post)));
  ASSERT_TRUE(get(recorder.server.url("/next")));
  EXPECT_THAT(recorder.last(), StartsWith("GET /next "));
  EXPECT_THAT(recorder.last(), Not(HasSubstr("X-Tracking")));
  EXPECT_THAT(recorder.last(), Not(HasSubstr("Content-Length")));
}

TEST_F(TransportTest, ReturnsResponseForEveryStatus) {
  for (const char* status : {"204 No Content", "400 Bad Request", "401 Unauthorized", "429 Too Many", "500 Error",
                             "503 Service Unavailable"}) {
    const RawServer server(
        always(http_response(status, std::string_view(status).starts_with("204") ? "" : "<html>no</html>",
                             "Retry-After: 4\r\nContent-Type: text/html\r\n")));
    const auto outcome = get(server.url());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->status, std::atoi(status));
    EXPECT_EQ(outcome->header("retry-after"), "4");
  }
}

TEST_F(TransportTest, DoesNotFollowRedirects) {
  const RawServer other(always(http_response("200 OK", "other")));
  const RawServer server(always(http_response("302 Found", "moved", "Location: " + other.url() + "\r\n")));
  Request request = request_for(server.url());
  request.bearer = base::Secret("s3cret");
  const auto outcome = fetch(std::move(request));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->status, 302);
  EXPECT_EQ(outcome->header("Location"), other.url());
  EXPECT_EQ(other.connections(), 0);
}

TEST_F(TransportTest, SendsNoCookies) {
  const RecordingServer recorder(http_response("200 OK", "", "Set-Cookie: session=1; Path=/\r\n"));
  ASSERT_TRUE(get(recorder.server.url()));
  ASSERT_TRUE(get(recorder.server.url()));
  EXPECT_THAT(recorder.last(), Not(HasSubstr("Cookie")));
}

TEST_F(TransportTest, ReturnsHeadersOfFinalResponseOnly) {
  const RawServer server(always("HTTP/1.1 103 Early Hints\r\nLink: </early>\r\n\r\n" +
                                http_response("200 OK", "x", "Link: </final>\r\n")));
  const auto outcome = get(server.url());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->status, 200);
  EXPECT_EQ(outcome->header("Link"), "</final>");
}

TEST_F(TransportTest, JoinsFoldedHeader) {
  const RawServer server(always("HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nContent-Length: 0\r\n\r\n"));
  const auto outcome = get(server.url());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->header("X-Long"), "one two");
}

TEST_F(TransportTest, JoinsChunkedBody) {
  const RawServer server(
      always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"));
  const auto outcome = get(server.url());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->body, "abcdefg");
}

TEST_F(TransportTest, EndsBodyWithoutLengthAtConnectionClose) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nall of it");
  });
  const auto outcome = get(server.url());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->body, "all of it");
}

std::string output_of(const char* command) {
  std::string output;
  FILE* const pipe = ::popen(command, "r");
  if (pipe == nullptr) throw std::runtime_error("no pipe");
  char buffer[65536];
  for (std::size_t count = 0; (count = ::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.append(buffer, count);
  if (::pclose(pipe) != 0) throw std::runtime_error(std::string("failed: ") + command);
  return output;
}

TEST_F(TransportTest, DecodesGzipBody) {
  const RawServer server(
      always(http_response("200 OK", output_of("printf 'a transcript' | gzip"), "Content-Encoding: gzip\r\n")));
  const auto outcome = get(server.url());
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->body, "a transcript");
}

TEST_F(TransportTest, FailsOnInvalidGzipBody) {
  const RawServer server(always(http_response("200 OK", "not gzip at all", "Content-Encoding: gzip\r\n")));
  message_of(get(server.url()), TransferFailure::Kind::Interrupted);
}

TEST_F(TransportTest, ConnectsToLoopbackWithoutProxy) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  const RawServer server(always(http_response("200 OK", "direct")));
  const auto outcome = get(server.url());
  ::unsetenv("http_proxy");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->body, "direct");
}

TEST_F(TransportTest, SendsBearerToServerNotToProxy) {
  const RecordingServer proxy(http_response("403 Forbidden", ""));
  ::setenv("https_proxy", proxy.server.url().c_str(), 1);
  Request request = request_for("https://api.example.invalid/search?x=1");
  request.bearer = base::Secret("s3cret");
  request.headers = {{"X-Tracking", "abc"}};
  const auto outcome = fetch(std::move(request));
  ::unsetenv("https_proxy");
  EXPECT_FALSE(outcome);
  EXPECT_THAT(proxy.last(), StartsWith("CONNECT api.example.invalid:443 HTTP/1.1\r\n"));
  EXPECT_THAT(proxy.last(), Not(HasSubstr("s3cret")));
  EXPECT_THAT(proxy.last(), Not(HasSubstr("X-Tracking")));
}

TEST_F(TransportTest, ReturnsRedirectTarget) {
  const RawServer server(always(http_response("302 Found", "", "Location: /other?sig=1\r\n")));
  const auto outcome = get(server.url("/path"));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->status, 302);
  EXPECT_EQ(outcome->redirect.reveal(), server.url("/other?sig=1"));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(TransportTest, ReturnsNoRedirectTargetForOtherResponses) {
  for (const char* status : {"200 OK", "201 Created", "300 Multiple Choices", "304 Not Modified"}) {
    const RawServer server(always(http_response(status, "", "Location: https://example.org/\r\n")));
    const auto outcome = get(server.url("/path"));
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_TRUE(outcome->redirect.empty()) << status;
  }
}

}  // namespace
}  // namespace wxcc::net
