// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "simulator/message.h"

namespace wxcc::simulator {

// How long and how much the bad transmissions are.
struct TransmissionLimits {
  std::chrono::milliseconds stall_for;
  std::chrono::milliseconds slow_for;
  std::size_t endless_bytes;
};

// One port of 127.0.0.1 that speaks HTTP/1.1. The handler runs on several threads at once and must not throw.
// Compresses with gzip what is larger than 1 MB, when asked for, as the Search API does; never anything smaller.
class HttpServer {
 public:
  using Handler = std::function<Answer(const Request&)>;
  HttpServer(Handler handler, TransmissionLimits limits);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Afterwards the port accepts connections; 0 takes any free one. Returns the port. Throws base::Error.
  int start(int port);
  // Ends all connections, also the ones in the middle of an answer, and waits for the threads. May be called twice.
  void stop();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wxcc::simulator
