// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "net/socket_address.h"
#include "systemd/event_loop.h"

namespace wxcc::net {

// Serves HTTP/1.1 on the event loop, without a thread. Bodies of requests are read and dropped.
class HttpListener {
 public:
  struct Request {
    std::string method;
    std::string path;   // as it was sent, percent-encoded
    std::string query;  // without the "?"; as it was sent
  };
  struct Response {
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
  };
  struct Limits {
    unsigned connections = 16;                     // further ones wait for one to close
    base::Millis idle = std::chrono::seconds{10};  // whole seconds; then a connection without traffic is closed
    std::size_t header_bytes = 16U << 10U;
    std::size_t body_bytes = 1U << 20U;  // a request with more is cut off
  };
  // Called from the loop, once the request is complete. std::nullopt holds the request: the handler is called with it
  // again after resume(). It must not destroy the listener. What it throws is logged and closes the connection.
  using Handler = std::function<std::optional<Response>(const Request&)>;

  // Throws base::Error, which names the address, when it cannot be bound. The loop must outlive the listener.
  HttpListener(const SocketAddress& address, systemd::EventLoop& loop, Limits limits, Handler handler);
  // Open connections are closed, also those of held requests.
  ~HttpListener();
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  // With the port that was found when the wanted one is 0.
  [[nodiscard]] const SocketAddress& address() const;
  // Calls the handler again for every held request, on a later turn of the loop.
  void resume();
  // Calls back once, on a later turn of the loop, when the response to every received request is sent. The listener
  // may be destroyed from there.
  void when_idle(std::function<void()> done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::net
