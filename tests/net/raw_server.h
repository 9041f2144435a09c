// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/instant.h"

namespace wxcc::net {

// The server's end of one connection.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}

  // Head and body (by Content-Length) as they came; nothing once the client is gone.
  std::optional<std::string> read_request();
  // False once the client is gone.
  bool send(std::string_view bytes) const;
  // Reads and drops until the client closes.
  void wait_for_close() const;
  // Waits that long at most; true when the client closed meanwhile.
  [[nodiscard]] bool closes_within(base::Millis wait) const;
  // Closes with a TCP reset.
  void reset() const;

 private:
  int fd_;
  std::string buffer_;
};

// Whatever a server may do wrong: listens on a loopback port and runs the script on a thread for each connection. The
// connection is closed when the script returns; destroying the server closes all and waits for the scripts.
class RawServer {
 public:
  using Script = std::function<void(Peer&)>;
  explicit RawServer(Script script);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(std::string_view path = "/") const;
  [[nodiscard]] int connections() const;

 private:
  void accept_all();

  struct Connection {
    base::FileDescriptor fd;
    std::thread thread;
  };

  Script script_;
  base::FileDescriptor listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::list<Connection> connections_;
  std::thread acceptor_;
};

// "HTTP/1.1 200 OK" with a Content-Length, the given header lines ("Name: value\r\n") and the body.
std::string http_response(std::string_view status, std::string_view body, std::string_view headers = {});

// Answers every request of every connection with the same bytes.
RawServer::Script always(std::string bytes);

// A local port without a listener.
int closed_port();

}  // namespace wxcc::net
