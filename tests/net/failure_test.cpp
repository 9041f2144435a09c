// SPDX-License-Identifier: Apache-2.0
// Servers that misbehave, and the limits that end it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <stdio.h>
#include <sys/resource.h>

#include "tests/net/raw_server.h"
#include "tests/net/transport_fixture.h"

namespace wxcc::net {
namespace {

using base::Millis;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Kind = TransferFailure::Kind;

// Reads the request, sends these bytes, and then does what `then` says.
RawServer::Script sends(std::string bytes, std::function<void(Peer&)> then) {
  return [bytes = std::move(bytes), then = std::move(then)](Peer& peer) {
    peer.read_request();
    peer.send(bytes);
    then(peer);
  };
}

const auto kHangs = [](Peer& peer) { peer.wait_for_close(); };
const auto kCloses = [](Peer&) {};
const auto kResets = [](Peer& peer) { peer.reset(); };

// A byte every so often until the client goes.
RawServer::Script drips(Millis every) {
  return [every](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (!peer.closes_within(every))
      if (!peer.send("x")) return;
  };
}

TEST_F(TransportTest, ReportsConnectFailureWhenConnectionIsRefused) {
  const std::string url = fmt::format("http://127.0.0.1:{}/a/b?sig=hidden", closed_port());
  const std::string message = message_of(get(url), Kind::Connect);
  EXPECT_THAT(message, StartsWith("GET http://127.0.0.1:"));
  EXPECT_THAT(message, AllOf(HasSubstr("/a/b: could not connect: "), HasSubstr("refused"), Not(HasSubstr("hidden"))));
}

TEST_F(TransportTest, ReportsResolveFailureForInvalidHost) {
  // A label of more than 63 characters: no name server is asked.
  const std::string message = message_of(get("https://" + std::string(64, 'a') + ".invalid/x"), Kind::Resolve);
  EXPECT_THAT(message, HasSubstr("could not resolve"));
}

TEST_F(TransportTest, ReportsTimeoutWhenConnectingTakesTooLong) {
  const RawServer server(kHangs);  // never answers the TLS greeting
  Request request = request_for(fmt::format("https://127.0.0.1:{}/", server.port()));
  request.limits.connect = Millis(100);
  EXPECT_THAT(message_of(fetch(std::move(request)), Kind::Timeout), HasSubstr("could not connect within 100 ms"));
}

TEST_F(TransportTest, AppliesTotalLimitWhileConnecting) {
  const RawServer server(kHangs);
  Request request = request_for(fmt::format("https://127.0.0.1:{}/", server.port()));
  request.limits.total = Millis(100);
  EXPECT_THAT(message_of(fetch(std::move(request)), Kind::Timeout), HasSubstr("after 100 ms"));
}

// Concurrently, since libcurl counts the idle time in whole seconds.
TEST_F(TransportTest, ReportsStallOnlyWithoutAnyData) {
  const RawServer silent(sends("", kHangs));
  const RawServer stops(sends("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n#", kHangs));
  const RawServer slow(drips(Millis(10)));
  std::vector<std::unique_ptr<Transfer>> transfers;
  std::vector<std::optional<Outcome>> outcomes(3);
  for (const RawServer* server : {&silent, &stops, &slow}) {
    Request request = request_for(server->url());
    request.limits.idle_timeout = std::chrono::seconds(3);
    request.limits.total = server == &slow ? Millis(6'000) : Millis(20'000);
    transfers.push_back(transport->start(std::move(request), [&, i = transfers.size()](Outcome&& outcome) {
      outcomes[i] = std::move(outcome);
      if (outcomes[0] && outcomes[1] && outcomes[2]) loop.exit(0);
    }));
  }
  run();
  EXPECT_THAT(message_of(*outcomes[0], Kind::Stalled), HasSubstr("no data from the server for 3 s"));
  EXPECT_THAT(message_of(*outcomes[1], Kind::Stalled), Not(HasSubstr("#")));
  EXPECT_THAT(message_of(*outcomes[2], Kind::Timeout), HasSubstr("after 6000 ms"));
}

TEST_F(TransportTest, ReportsInterruptedForIncompleteResponse) {
  struct Row {
    const char* name;
    std::string bytes;
    std::function<void(Peer&)> then;
  };
  const Row rows[] = {
      {"closes without a response", "", kCloses},
      {"resets without a response", "", kResets},
      {"closes within the header", "HTTP/1.1 200 OK\r\nContent-Le", kCloses},
      {"closes within the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", kCloses},
      {"resets within the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", kResets},
      {"closes within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf", kCloses},
      {"misses the last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", kCloses},
      {"sends a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhalf\r\n", kCloses},
      {"speaks something else", "SSH-2.0-half\r\n", kCloses},
  };
  for (const auto& [name, bytes, then] : rows) {
    SCOPED_TRACE(name);
    const RawServer server(sends(bytes, then));
    const std::string message = message_of(get(server.url("/path?sig=hidden")), Kind::Interrupted);
    EXPECT_THAT(message, StartsWith("GET " + server.url("/path") + ": "));
    EXPECT_THAT(message, AllOf(Not(HasSubstr("hidden")), Not(HasSubstr("half"))));
  }
}

TEST_F(TransportTest, AcceptsBodyOfExactlyTheLimit) {
  const RawServer server(always(http_response("200 OK", std::string(1'000, 'x'))));
  Request request = request_for(server.url());
  request.limits.response_bytes = 1'000;
  const auto outcome = fetch(std::move(request));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->body.size(), 1'000U);
}

TEST_F(TransportTest, RejectsAnnouncedBodyOverLimitBeforeTransfer) {
  const RawServer server(sends("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", kHangs));
  Request request = request_for(server.url());
  request.limits.response_bytes = 1'000;
  EXPECT_THAT(message_of(fetch(std::move(request)), Kind::TooLarge), HasSubstr("body is larger than 1000 bytes"));
}

TEST_F(TransportTest, RejectsBodyThatExceedsLimit) {
  const RawServer server(sends("HTTP/1.1 200 OK\r\n\r\n" + std::string(1'001, 'x'), kHangs));
  Request request = request_for(server.url());
  request.limits.response_bytes = 1'000;
  message_of(fetch(std::move(request)), Kind::TooLarge);
}

TEST_F(TransportTest, RejectsHeaderOverLimit) {
  const RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n");
    while (peer.send("X-Filler: " + std::string(1'000, 'x') + "\r\n")) {
    }
  });
  const auto outcome = get(server.url());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Kind::TooLarge) << outcome.error().message;
}

long peak_kilobytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_F(TransportTest, StopsGzipBombAtLimit) {
  std::string bomb;
  FILE* const pipe = ::popen("head -c 268435456 /dev/zero | gzip -1", "r");
  ASSERT_NE(pipe, nullptr);
  char buffer[65536];
  for (std::size_t count = 0; (count = ::fread(buffer, 1, sizeof(buffer), pipe)) > 0;) bomb.append(buffer, count);
  ASSERT_EQ(::pclose(pipe), 0);
  ASSERT_LT(bomb.size(), 2'000'000U);

  const RawServer server(always(http_response("200 OK", bomb, "Content-Encoding: gzip\r\n")));
  Request request = request_for(server.url());
  request.limits.response_bytes = 2'000'000;
  const long before = peak_kilobytes();
  message_of(fetch(std::move(request)), Kind::TooLarge);
  EXPECT_LT(peak_kilobytes() - before, 64L * 1024);
}

TEST_F(TransportTest, ReservesNoMoreThanLimit) {
  const RawServer server(sends("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nx", kHangs));
  Request request = request_for(server.url());
  request.limits.response_bytes = 1'000;
  message_of(fetch(std::move(request)), Kind::TooLarge);
}

TEST_F(TransportTest, FailsInvalidRequestWithoutConnecting) {
  const RawServer server(always(http_response("200 OK", "")));
  Request request = request_for(server.url());
  request.headers = {{"X-Injected", "a\r\nAuthorization: Bearer other"}};
  EXPECT_THAT(message_of(fetch(std::move(request)), Kind::BadRequest), Not(HasSubstr("other")));
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(TransportTest, RejectsPlainHttpToRemoteHost) {
  Request request = request_for("http://api.example.invalid/search?x=hidden");
  request.bearer = base::Secret("s3cret");
  const std::string message = message_of(fetch(std::move(request)), Kind::BadRequest);
  EXPECT_THAT(message, StartsWith("GET http://api.example.invalid/search: plain http"));
}

TEST_F(TransportTest, OmitsBodyFromFailureOfPost) {
  Request request = request_for(fmt::format("http://127.0.0.1:{}/token", closed_port()));
  request.method = Method::Post;
  request.body = "client_secret=s3cret";
  request.bearer = base::Secret("t0ken");
  EXPECT_THAT(message_of(fetch(std::move(request)), Kind::Connect),
              AllOf(StartsWith("POST "), Not(HasSubstr("s3cret")), Not(HasSubstr("t0ken"))));
}

}  // namespace
}  // namespace wxcc::net
