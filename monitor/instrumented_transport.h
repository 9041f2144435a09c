// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/secret.h"
#include "base/timers.h"
#include "monitor/metrics.h"
#include "net/transport.h"

namespace wxcc::monitor {

// A transport whose requests are counted and timed on their way to another one. A request belongs to the first route
// whose URL it begins with; any other is a download.
class InstrumentedTransport final : public net::Transport {
 public:
  struct RoutePrefix {
    base::Secret url;  // that of a heartbeat has a key; an empty one matches nothing
    Route route;
  };
  // metrics and timers must outlive this and its transfers.
  InstrumentedTransport(std::unique_ptr<net::Transport> transport, std::vector<RoutePrefix> routes, Metrics& metrics,
                        const base::Timers& timers);

  [[nodiscard]] std::unique_ptr<net::Transfer> start(net::Request request, Done done) override;

 private:
  [[nodiscard]] Route route_of(const std::string& url) const;

  std::unique_ptr<net::Transport> transport_;
  std::vector<RoutePrefix> routes_;
  Metrics& metrics_;
  const base::Timers& timers_;
};

}  // namespace wxcc::monitor
