// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "net/http_listener.h"

namespace wxcc::monitor {

// Serves GET /metrics on the event loop, for Prometheus.
class MetricsServer {
 public:
  // Called at each request; a base::Error that it throws becomes a response 503.
  using Text = std::function<std::string()>;
  // Throws base::Error when listening on the address fails. The loop must outlive the server.
  MetricsServer(const net::SocketAddress& address, systemd::EventLoop& loop, Text text);

  [[nodiscard]] const net::SocketAddress& address() const { return listener_.address(); }

 private:
  net::HttpListener listener_;
};

}  // namespace wxcc::monitor
