// SPDX-License-Identifier: Apache-2.0
// Many transfers at once, and cancelling them at every moment.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "tests/net/raw_server.h"
#include "tests/net/transport_fixture.h"

namespace wxcc::net {
namespace {

using base::Millis;
using Kind = TransferFailure::Kind;

// Counts requests, and holds them until so many have come.
class Gate {
 public:
  explicit Gate(int wanted) : wanted_(wanted) {}
  // False when they do not come in time.
  bool arrive() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return arrived_ >= wanted_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const int wanted_;
  int arrived_ = 0;
};

class ConcurrencyTest : public TransportTest {
 protected:
  // Starts a GET whose outcome is kept under its number.
  void start(std::size_t number, const std::string& url) {
    if (transfers.size() <= number) transfers.resize(number + 1);
    transfers[number] = transport->start(request_for(url), [this, number](Outcome&& outcome) {
      EXPECT_EQ(std::this_thread::get_id(), thread);
      finished.push_back(number);
      if (outcome) bodies.push_back(outcome->body);
      if (on_finished) on_finished(number);
    });
  }
  void run_until_finished(std::size_t count) {
    on_finished = [this, count](std::size_t) {
      if (finished.size() == count) loop.exit(0);
    };
    run();
  }

  const std::thread::id thread = std::this_thread::get_id();
  std::vector<std::unique_ptr<Transfer>> transfers;
  std::vector<std::size_t> finished;
  std::vector<std::string> bodies;
  std::function<void(std::size_t)> on_finished;
};

TEST_F(ConcurrencyTest, RunsFiftyTransfersOnOneThread) {
  transport = transport_with({.connections_per_host = 50});
  Gate gate(50);
  const RawServer server([&](Peer& peer) {
    if (peer.read_request() && gate.arrive()) peer.send(http_response("200 OK", "together"));
  });
  for (std::size_t i = 0; i < 50; ++i) start(i, server.url());
  run_until_finished(50);
  EXPECT_EQ(bodies.size(), 50U);
}

TEST_F(ConcurrencyTest, LimitsConnectionsPerHost) {
  transport = transport_with({.connections_per_host = 4});
  const RawServer server(always(http_response("200 OK", "x")));
  for (std::size_t i = 0; i < 40; ++i) start(i, server.url());
  run_until_finished(40);
  EXPECT_EQ(bodies.size(), 40U);
  EXPECT_LE(server.connections(), 4);
}

// libcurl checks the limit of a waiting transfer when a connection becomes free.
TEST_F(ConcurrencyTest, AppliesTotalLimitWhileWaitingForConnection) {
  transport = transport_with({.connections_per_host = 1});
  const RawServer server([](Peer& peer) { peer.wait_for_close(); });
  Request busy = request_for(server.url());
  busy.limits.total = Millis(150);
  const auto transfer = transport->start(std::move(busy), [](const Outcome&) {});
  Request waiting = request_for(server.url());
  waiting.limits.total = Millis(100);
  message_of(fetch(std::move(waiting)), Kind::Timeout);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ConcurrencyTest, ReusesOneConnectionForSequentialTransfers) {
  const RawServer server(always(http_response("200 OK", std::string(1'000, 'x'))));
  on_finished = [&](std::size_t number) {
    if (number == 999)
      loop.exit(0);
    else
      start(number + 1, server.url());
  };
  start(0, server.url());
  run();
  EXPECT_EQ(bodies.size(), 1'000U);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(ConcurrencyTest, CallsNothingBackWhenCancelledAtOnce) {
  const RawServer server(always(http_response("200 OK", "x")));
  start(0, server.url());
  start(1, server.url());
  transfers[0].reset();
  run_until_finished(1);
  EXPECT_THAT(finished, testing::ElementsAre(1U));
}

TEST_F(ConcurrencyTest, CancelsInvalidRequestBeforeItsFailure) {
  start(0, "ftp://example.org/");
  transfers[0].reset();
  run_what_is_due();
  EXPECT_TRUE(finished.empty());
}

TEST_F(ConcurrencyTest, ClosesConnectionWhenCancelledWithinBody) {
  std::atomic<bool> sent = false;
  Gate closed(2);
  const RawServer server([&](Peer& peer) {
    peer.read_request();
    sent = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    peer.wait_for_close();
    closed.arrive();
  });
  start(0, server.url());
  run_until([&] { return sent.load(); });
  run_what_is_due();
  transfers[0].reset();
  EXPECT_TRUE(closed.arrive());
  run_what_is_due();
  EXPECT_TRUE(finished.empty());
}

TEST_F(ConcurrencyTest, CancelsWithoutWaitingForNameServer) {
  start(0, "https://slow.example.invalid/");
  const auto begin = std::chrono::steady_clock::now();
  loop.post([&] { loop.exit(0); });
  run();
  transfers[0].reset();
  transport.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(ConcurrencyTest, CallbackMayDestroyItsTransfer) {
  const RawServer server(always(http_response("200 OK", "x")));
  start(0, server.url());
  on_finished = [&](std::size_t number) {
    transfers[number].reset();
    loop.exit(0);
  };
  run();
  EXPECT_EQ(finished.size(), 1U);
}

TEST_F(ConcurrencyTest, CallbackMayCancelOtherTransfers) {
  Gate gate(10);
  const RawServer server([&](Peer& peer) {
    while (peer.read_request())
      if (!gate.arrive() || !peer.send(http_response("200 OK", "x"))) return;
  });
  for (std::size_t i = 0; i < 10; ++i) start(i, server.url());
  on_finished = [&](std::size_t) {
    transfers.clear();
    loop.exit(0);
  };
  run();
  run_what_is_due();
  EXPECT_EQ(finished.size(), 1U);
}

TEST_F(ConcurrencyTest, CancelsOnlyTheGivenTransfer) {
  Gate gate(10);
  const RawServer server([&](Peer& peer) {
    while (peer.read_request())
      if (!gate.arrive() || !peer.send(http_response("200 OK", "x"))) return;
  });
  for (std::size_t i = 0; i < 10; ++i) start(i, server.url());
  on_finished = [&](std::size_t first) {
    on_finished = [&](std::size_t) {
      if (finished.size() == 9) loop.exit(0);
    };
    transfers[first == 9 ? 8 : 9].reset();
  };
  run();
  EXPECT_EQ(finished.size(), 9U);
}

TEST_F(ConcurrencyTest, CancelsAllWhenTransportIsDestroyed) {
  const RawServer server(always(http_response("200 OK", "x")));
  for (std::size_t i = 0; i < 10; ++i) start(i, server.url());
  start(10, "ftp://example.org/");
  transport.reset();
  run_what_is_due();
  EXPECT_TRUE(finished.empty());
  transfers.clear();
}

TEST_F(ConcurrencyTest, CallbackMayDestroyTransport) {
  const RawServer server(always(http_response("200 OK", "x")));
  for (std::size_t i = 0; i < 10; ++i) start(i, server.url());
  on_finished = [&](std::size_t) {
    transport.reset();
    loop.exit(0);
  };
  run();
  run_what_is_due();
  EXPECT_EQ(finished.size(), 1U);
}

TEST_F(ConcurrencyTest, CallbackMayDestroyTransportAfterTimeout) {
  const RawServer server([](Peer& peer) { peer.wait_for_close(); });
  Request request = request_for(server.url());
  request.limits.total = Millis(50);
  start(0, server.url());
  const auto transfer = transport->start(std::move(request), [&](const Outcome& outcome) {
    message_of(outcome, Kind::Timeout);
    transport.reset();
    loop.exit(0);
  });
  run();
  EXPECT_TRUE(finished.empty());
}

TEST_F(ConcurrencyTest, RethrowsCallbackExceptionAndContinues) {
  const RawServer server(always(http_response("200 OK", "x")));
  for (std::size_t i = 0; i < 5; ++i) start(i, server.url());
  on_finished = [&](std::size_t) { throw std::logic_error("thrown by done"); };
  EXPECT_THROW(run(), std::logic_error);
  EXPECT_EQ(finished.size(), 1U);
  run_until_finished(5);
  EXPECT_EQ(bodies.size(), 5U);
}

TEST_F(ConcurrencyTest, CompletesMixedFailuresAndResponses) {
  const RawServer server(always(http_response("200 OK", "x")));
  const std::string closed = fmt::format("http://127.0.0.1:{}/", closed_port());
  for (std::size_t i = 0; i < 30; ++i) start(i, i % 3 == 0 ? closed : server.url());
  run_until_finished(30);
  EXPECT_EQ(bodies.size(), 20U);
}

}  // namespace
}  // namespace wxcc::net
