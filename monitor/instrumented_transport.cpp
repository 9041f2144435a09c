// SPDX-License-Identifier: Apache-2.0
#include "monitor/instrumented_transport.h"

#include <algorithm>
#include <utility>

namespace wxcc::monitor {

InstrumentedTransport::InstrumentedTransport(std::unique_ptr<net::Transport> transport, std::vector<RoutePrefix> routes,
                                             Metrics& metrics, const base::Timers& timers)
    : transport_(std::move(transport)), routes_(std::move(routes)), metrics_(metrics), timers_(timers) {}

std::unique_ptr<net::Transfer> InstrumentedTransport::start(net::Request request, Done done) {
  const Route route = route_of(request.url);
  const base::Millis sent_at = timers_.monotonic_now();
  metrics_.on_request_sent(route, sent_at);
  // The callback holds all it needs: its receiver may destroy this transport.
  auto measure = [&metrics = metrics_, &timers = timers_, route, sent_at,
                  done = std::move(done)](net::Outcome&& outcome) {
    metrics.on_response(route, outcome, timers.monotonic_now() - sent_at);
    done(std::move(outcome));
  };
  return transport_->start(std::move(request), std::move(measure));
}

Route InstrumentedTransport::route_of(const std::string& url) const {
  const auto prefix = std::find_if(routes_.begin(), routes_.end(), [&](const RoutePrefix& candidate) {
    return !candidate.url.empty() && url.starts_with(candidate.url.reveal());
  });
  return prefix == routes_.end() ? Route::Download : prefix->route;
}

}  // namespace wxcc::monitor
