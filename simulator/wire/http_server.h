// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "simulator/cloud/message.h"

namespace wxcc::simulator {

// One port of 127.0.0.1 that speaks HTTP/1.1, with a thread for each connection. The handler runs on several threads at
// once and must not throw. Like the Search API, compresses with gzip what is larger than 1 MB when the client accepts
// it, and never anything smaller.
class HttpServer {
 public:
  using Handler = std::function<Response(Request)>;
  HttpServer(Handler handler, TransmissionLimits limits);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Afterwards the port accepts connections; 0 takes any free one. Returns the port. Throws base::Error.
  int start(int port);
  // Ends all connections, also in the middle of a response, and waits for the threads. May be called twice.
  void stop();

 private:
  class Daemon;
  const Handler handler_;
  const TransmissionLimits limits_;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace wxcc::simulator
