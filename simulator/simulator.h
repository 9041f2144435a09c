// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulator/cloud/services.h"
#include "simulator/wire/http_server.h"

namespace wxcc::simulator {

// The simulated services on two ports of 127.0.0.1. All times are the clock's, which must outlive this
// and is read from several threads. Only faulted transmissions take real time.
class Simulator : public Services {
 public:
  Simulator(Options options, const base::Clock& clock);
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  // Both ports accept requests afterwards, and the URLs are set. Throws base::Error when a port is not available.
  void start();
  // Ends all connections and threads; the destructor does so too.
  void stop();

 private:
  HttpServer api_;
  HttpServer store_;
};

}  // namespace wxcc::simulator
