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
  httplib::Result ask(const std::function<httplib::Result(httplib::Client&)>& question) {
    httplib::Result answer(nullptr, httplib::Error::Unknown);
    std::thread client([&] {
      httplib::Client http("127.0.0.1", server_.address().port());
      answer = question(http);
      ::eventfd_write(done_, 1);
    });
    loop_.run();
    client.join();
    return answer;
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

TEST_F(MetricsServerTest, AnswersPrometheus) {
  const auto answer = ask([](httplib::Client& http) { return http.Get("/metrics"); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "wxcc_archive_state 1\n");
  EXPECT_THAT(answer->get_header_value("Content-Type"), HasSubstr("version=0.0.4"));
}

TEST_F(MetricsServerTest, RefusesEverythingElse) {
  EXPECT_EQ(ask([](httplib::Client& http) { return http.Get("/"); })->status, 404);
  EXPECT_EQ(
      ask([](httplib::Client& http) { return http.Post("/metrics", std::string(100'000, 'x'), "text/plain"); })->status,
      405);
}

TEST_F(MetricsServerTest, SaysWhenTheArchiveCannotBeAsked) {
  text_ = []() -> std::string { throw base::Error("the archive is away"); };
  const auto answer = ask([](httplib::Client& http) { return http.Get("/metrics"); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "the archive is away\n");
}

TEST_F(MetricsServerTest, AnAddressInUseIsNamed) {
  try {
    const MetricsServer second(server_.address(), loop_, text_);
    FAIL() << "two servers on one port";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot listen on " + server_.address().text() + ": Address already in use"));
  }
}

TEST_F(MetricsServerTest, ListensOnTheOtherFamilyToo) {
  const MetricsServer v6(*net::SocketAddress::parse("[::1]:0"), loop_, text_);
  EXPECT_NE(v6.address().port(), 0);
}

}  // namespace
}  // namespace wxcc::monitor
