// SPDX-License-Identifier: Apache-2.0
#include "monitor/instrumented_transport.h"

#include <algorithm>
#include <utility>

namespace wxcc::monitor {

MeasuredTransport::MeasuredTransport(std::unique_ptr<net::Transport> transport, std::vector<Place> places,
                                     Metrics& metrics, const base::Timers& timers)
    : transport_(std::move(transport)), places_(std::move(places)), metrics_(metrics), timers_(timers) {}

std::unique_ptr<net::Transfer> MeasuredTransport::start(net::Request request, Done done) {
  const Route route = route_of(request.url);
  const base::Millis began = timers_.monotonic_now();
  metrics_.left(route, began);
  // What the callback needs it holds itself: its receiver may destroy this transport.
  auto measure = [&metrics = metrics_, &timers = timers_, route, began,
                  done = std::move(done)](net::Outcome&& outcome) {
    metrics.answered(route, outcome, timers.monotonic_now() - began);
    done(std::move(outcome));
  };
  return transport_->start(std::move(request), std::move(measure));
}

Route MeasuredTransport::route_of(const std::string& url) const {
  const auto place = std::find_if(places_.begin(), places_.end(), [&](const Place& candidate) {
    return !candidate.url.empty() && url.starts_with(candidate.url);
  });
  return place == places_.end() ? Route::Download : place->route;
}

}  // namespace wxcc::monitor
