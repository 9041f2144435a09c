// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics_server.h"

#include <gmock/gmock.h>
#include <httplib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <thread>

#include "base/error.h"

namespace wxcc::monitor {
namespace {

using testing::HasSubstr;

class MetricsServerTest : public testing::Test {
 protected:
  // What a client in another thread gets, while the loop serves it.
  httplib::Result fetch(const std::function<httplib::Result(httplib::Client&)>& request) {
    httplib::Result response(nullptr, httplib::Error::Unknown);
    std::thread client([&] {
      httplib::Client http("127.0.0.1", server_.address().port());
      response = request(http);
      ::eventfd_write(done_, 1);
    });
    loop_.run();
    client.join();
    return response;
  }
  MetricsServerTest() {
    source_ = loop_.watch_descriptor(done_, EPOLLIN, [this](std::uint32_t) {
      eventfd_t value = 0;
      ::eventfd_read(done_, &value);
      loop_.exit(0);
    });
  }
  ~MetricsServerTest() override { ::close(done_); }

  int done_ = ::eventfd(0, EFD_CLOEXEC);
  systemd::EventLoop loop_;
  std::unique_ptr<systemd::EventLoop::Source> source_;
  std::function<std::string()> text_ = [] { return std::string("wxcc_archive_state 1\n"); };
  MetricsServer server_{*net::SocketAddress::parse("0"), loop_, [this] { return text_(); }};
};

TEST_F(MetricsServerTest, ServesMetrics) {
  const auto response = fetch([](httplib::Client& http) { return http.Get("/metrics"); });
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "wxcc_archive_state 1\n");
  EXPECT_THAT(response->get_header_value("Content-Type"), HasSubstr("version=0.0.4"));
}

TEST_F(MetricsServerTest, RejectsOtherRequests) {
  EXPECT_EQ(fetch([](httplib::Client& http) { return http.Get("/"); })->status, 404);
  EXPECT_EQ(fetch([](httplib::Client& http) {
              return http.Post("/metrics", std::string(100'000, 'x'), "text/plain");
            })->status,
            405);
}

TEST_F(MetricsServerTest, Returns503WhenArchiveIsUnreadable) {
  text_ = []() -> std::string { throw base::Error("the archive is unreadable"); };
  const auto response = fetch([](httplib::Client& http) { return http.Get("/metrics"); });
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->body, "the archive is unreadable\n");
}

TEST_F(MetricsServerTest, NamesAddressInUse) {
  try {
    const MetricsServer second(server_.address(), loop_, text_);
    FAIL() << "two servers on one port";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot listen on " + server_.address().text() + ": Address already in use"));
  }
}

TEST_F(MetricsServerTest, ListensOnIpv6) {
  const MetricsServer v6(*net::SocketAddress::parse("[::1]:0"), loop_, text_);
  EXPECT_NE(v6.address().port(), 0);
}

}  // namespace
}  // namespace wxcc::monitor
