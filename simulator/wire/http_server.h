// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/file.h"
#include "simulator/cloud/message.h"
#include "simulator/cloud/options.h"

struct MHD_Connection;
struct MHD_Daemon;

namespace wxcc::simulator {

// One port of 127.0.0.1 that speaks HTTP/1.1, with a thread for each connection. The handler runs on several threads at
// once and must not throw. Like the Search API, compresses bodies above 1 MB with gzip if the client
// accepts it.
class HttpServer {
 public:
  using Handler = std::function<Response(Request)>;
  // Refers to the options, for the durations and the size of faulted transmissions.
  HttpServer(Handler handler, const Options& options) : handler_(std::move(handler)), options_(options) {}
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens on the port; 0: any free one. Returns the port. Throws base::Error.
  int start(int port);
  // Ends all connections, also during a response, and waits for the threads. May be called twice.
  void stop();

 private:
  // An MHD_Result.
  int respond(MHD_Connection* connection, const char* path, const char* method, std::string body) const;

  const Handler handler_;
  const Options& options_;
  base::FileDescriptor stopping_;  // readable when the server stops
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace wxcc::simulator
