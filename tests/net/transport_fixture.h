// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/curl_transport.h"
#include "systemd/event_loop.h"

namespace wxcc::net {

// A loop, a transport on it, and a way to wait for one outcome.
class TransportTest : public testing::Test {
 protected:
  // Runs the loop until exit() is called; fails after a timeout.
  void run() {
    const auto alarm = loop.add_timer([] { throw std::runtime_error("the loop was not ended in time"); });
    alarm->start(std::chrono::seconds(30));
    loop.run();
  }
  // Lets everything that is due already happen.
  void run_what_is_due(base::Millis wait = base::Millis(50)) {
    const auto end = loop.add_timer([this] { loop.exit(0); });
    end->start(wait);
    run();
  }

  void run_until(const std::function<bool()>& condition) {
    std::unique_ptr<base::Timer> look = loop.add_timer([&] {
      if (condition())
        loop.exit(0);
      else
        look->start(base::Millis(2));
    });
    look->start(base::Millis(0));
    run();
  }

  Outcome fetch(Request request) { return fetch(*transport, std::move(request)); }
  Outcome fetch(Transport& by, Request request) {
    std::optional<Outcome> result;
    const auto transfer = by.start(std::move(request), [&](Outcome&& outcome) {
      EXPECT_FALSE(result) << "done is called once";
      result = std::move(outcome);
      loop.exit(0);
    });
    EXPECT_FALSE(result) << "done is never called from within start()";
    run();
    return std::move(*result);
  }
  Outcome get(const std::string& url) { return fetch(request_for(url)); }

  static Request request_for(const std::string& url) {
    Request request;
    request.url = url;
    return request;
  }
  std::unique_ptr<CurlTransport> transport_with(CurlTransport::Options options) {
    options.user_agent = "wxcc-test";
    return std::make_unique<CurlTransport>(loop, std::move(options));
  }

  systemd::EventLoop loop;
  std::unique_ptr<CurlTransport> transport = transport_with({});
};

inline void PrintTo(TransferFailure::Kind kind, std::ostream* out) {
  constexpr std::string_view kNames[] = {"Resolve", "Connect",  "Tls",         "Timeout",
                                         "Stalled", "TooLarge", "Interrupted", "BadRequest"};
  *out << kNames[static_cast<std::size_t>(kind)];
}

// Expects a failure of that kind, and returns its message.
inline std::string message_of(const Outcome& outcome, TransferFailure::Kind kind) {
  if (outcome) {
    ADD_FAILURE() << "a response with status " << outcome->status << " came";
    return {};
  }
  EXPECT_EQ(outcome.error().kind, kind) << outcome.error().message;
  return outcome.error().message;
}

}  // namespace wxcc::net
