// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "monitor/listen_address.h"
#include "systemd/event_loop.h"

namespace wxcc::monitor {

// Answers GET /metrics on the event loop, for Prometheus. No thread, and nothing to do while nobody is connected.
class MetricsServer {
 public:
  using Text = std::function<std::string()>;
  // Asks for the text at each request; one that throws base::Error is answered with 503. Throws base::Error when the
  // address cannot be listened at. The loop must outlive the server.
  MetricsServer(const ListenAddress& address, systemd::EventLoop& loop, Text text);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::monitor
