// SPDX-License-Identifier: Apache-2.0
#include "net/http_listener.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "base/error.h"
#include "base/file.h"

namespace wxcc::net {
namespace {

// A client on the listener's own loop: the text that comes back until the connection is closed.
class HttpListenerTest : public testing::Test {
 protected:
  base::FileDescriptor connect() {
    base::FileDescriptor fd(::socket(listener_->address().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd.get(), listener_->address().get(), listener_->address().size()) != 0)
      throw std::runtime_error("no connection");
    return fd;
  }
  static void send(const base::FileDescriptor& fd, const std::string& text) {
    ASSERT_EQ(::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  // Runs the loop until the connection has this text, or is closed.
  std::string read(const base::FileDescriptor& fd, const std::string& until = "\n no such text") {
    std::string text;
    const auto source = loop_.watch_descriptor(fd.get(), 1, [&](std::uint32_t) {
      char buffer[4096];
      const ssize_t got = ::recv(fd.get(), buffer, sizeof buffer, 0);
      if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
      if (got <= 0 || text.find(until) != std::string::npos) loop_.exit(0);
    });
    const auto alarm = loop_.add_timer([] { throw std::runtime_error("no response"); });
    alarm->start(std::chrono::seconds{20});
    loop_.run();
    return text;
  }
  std::string request(const std::string& text) {
    const base::FileDescriptor fd = connect();
    send(fd, text);
    return read(fd);
  }
  // Whether everything that has come is answered within one or several turns of the loop.
  bool becomes_idle(base::Millis within) {
    bool idle = false;
    const auto alarm = loop_.add_timer([&] { loop_.exit(0); });
    alarm->start(within);
    listener_->when_idle([&] {
      idle = true;
      loop_.exit(0);
    });
    loop_.run();
    listener_->when_idle(nullptr);
    return idle;
  }
  void restart(HttpListener::Limits limits) {
    listener_.reset();
    listener_.emplace(*SocketAddress::parse("0"), loop_, limits, [this](const HttpListener::Request& got) {
      requests_.push_back(got);
      return handler_(got);
    });
  }
  HttpListenerTest() { restart({}); }

  systemd::EventLoop loop_;
  std::vector<HttpListener::Request> requests_;
  std::function<std::optional<HttpListener::Response>(const HttpListener::Request&)> handler_ = [](const auto&) {
    return HttpListener::Response{200, "text/html", "hello", {{"X-Own", "1"}, {"Connection", "close"}}};
  };
  std::optional<HttpListener> listener_;
};

TEST_F(HttpListenerTest, PassesTargetUnchangedAndSendsResponse) {
  const std::string response = request("GET /a%20b?code=1%2B2&x HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].method, "GET");
  EXPECT_EQ(requests_[0].path, "/a%20b");
  EXPECT_EQ(requests_[0].query, "code=1%2B2&x");
  EXPECT_EQ(response.find("HTTP/1.1 200"), 0U) << response;
  EXPECT_NE(response.find("Content-Type: text/html"), std::string::npos) << response;
  EXPECT_NE(response.find("X-Own: 1"), std::string::npos) << response;
  EXPECT_EQ(response.substr(response.size() - 5), "hello");
}

TEST_F(HttpListenerTest, HoldsRequestUntilResumed) {
  std::optional<HttpListener::Response> result;
  handler_ = [&](const auto&) {
    loop_.exit(0);
    return result;
  };
  const base::FileDescriptor fd = connect();
  send(fd, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  loop_.run();
  EXPECT_FALSE(becomes_idle(base::Millis{20}));
  result = HttpListener::Response{200, "text/plain", "now", {}};
  handler_ = [&](const auto&) { return result; };
  listener_->resume();
  const std::string response = read(fd);
  EXPECT_EQ(response.substr(response.size() - 3), "now");
  EXPECT_EQ(requests_.size(), 2U) << "called again for the held request";
  EXPECT_TRUE(becomes_idle(std::chrono::seconds{20}));
}

TEST_F(HttpListenerTest, IsIdleAfterResponseIsSent) {
  handler_ = [&](const auto&) {
    loop_.exit(0);
    return std::optional<HttpListener::Response>();
  };
  const base::FileDescriptor fd = connect();
  send(fd, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  loop_.run();
  handler_ = [](const auto&) { return HttpListener::Response{200, "text/plain", "late", {{"Connection", "close"}}}; };
  listener_->resume();
  EXPECT_TRUE(becomes_idle(std::chrono::seconds{20}));
  listener_.reset();
  const std::string response = read(fd);
  EXPECT_EQ(response.substr(response.size() - 4), "late");
}

TEST_F(HttpListenerTest, IsDestroyedWithHeldAndIncompleteRequests) {
  handler_ = [&](const auto&) {
    loop_.exit(0);
    return std::optional<HttpListener::Response>();
  };
  const base::FileDescriptor half = connect();
  send(half, "GET /half HTTP/1.1\r\n");
  const base::FileDescriptor held = connect();
  send(held, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  loop_.run();
  listener_.reset();
  EXPECT_EQ(read(held), "");
  EXPECT_EQ(read(half), "");
}

TEST_F(HttpListenerTest, IsIdleAfterRequestIsCutOff) {
  restart({16, std::chrono::seconds{1}, 4096, 1000});
  { send(connect(), "GET /half HTTP/1.1\r\nHost:"); }
  request("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(becomes_idle(std::chrono::seconds{20}));
}

TEST_F(HttpListenerTest, LimitsHeadersBodiesAndIdleTime) {
  restart({16, std::chrono::seconds{1}, 4096, 1000});
  EXPECT_EQ(request("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(10'000, 'x') + "\r\n\r\n").find("HTTP/1.1 4"), 0U);
  const auto post = [&](std::size_t bytes) {
    return request("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
                   std::string(bytes, 'x'));
  };
  EXPECT_EQ(post(1000).find("HTTP/1.1 200"), 0U);
  EXPECT_EQ(post(1001).find("HTTP/1.1 200"), std::string::npos);
  const std::size_t handled = requests_.size();
  EXPECT_EQ(request("GET / HTTP/1.1\r\n").find("HTTP/1.1 200"), std::string::npos) << "closed by the idle time";
  EXPECT_EQ(requests_.size(), handled);
}

TEST_F(HttpListenerTest, ClosesOnlyTheConnectionWhenHandlerThrows) {
  handler_ = [](const auto&) -> std::optional<HttpListener::Response> { throw base::Error("no"); };
  EXPECT_EQ(request("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), "");
  handler_ = [](const auto&) { return HttpListener::Response{204, "text/plain", "", {{"Connection", "close"}}}; };
  EXPECT_EQ(request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").find("HTTP/1.1 204"), 0U);
}

}  // namespace
}  // namespace wxcc::net
