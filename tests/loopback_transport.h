// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "base/timers.h"
#include "base/url.h"
#include "net/request_validation.h"
#include "net/transport.h"
#include "simulator/cloud/services.h"

namespace wxcc::tests {

// Connects a client to the simulator without a socket. Requests go to the simulator's addresses in start(); the outcome
// follows from a timer, after the time that the wire would take. A faulted transmission ends as libcurl would report
// it, with the request's limits: a stall of ten minutes takes ten minutes of the timers' time and none of the
// machine's. Refers to its arguments.
class LoopbackTransport final : public net::Transport {
 public:
  LoopbackTransport(simulator::Services& cloud, base::Timers& timers) : cloud_(cloud), timers_(timers) {}

  // Is given each request first, and may decide its outcome in place of the simulator: a failed TLS handshake, a
  // response that the simulator does not produce.
  std::function<std::optional<net::Outcome>(const net::Request&)> intercept;
  // From start() to the first byte of the response.
  base::Millis latency{0};

  [[nodiscard]] std::unique_ptr<net::Transfer> start(net::Request request, Done done) override {
    auto [outcome, duration] = outcome_of(request);
    auto transfer = std::make_unique<TimedTransfer>();
    auto arrival = std::make_shared<Arrival>(Arrival{std::move(outcome), std::move(done)});
    transfer->timer = timers_.add_timer([arrival = std::move(arrival)]() mutable {
      // done() may destroy the transfer, and with it this function.
      const std::shared_ptr<Arrival> held = std::move(arrival);
      held->done(std::move(held->outcome));
    });
    transfer->timer->start(latency + duration);
    return transfer;
  }

 private:
  using Kind = net::TransferFailure::Kind;
  struct Arrival {
    net::Outcome outcome;
    Done done;
  };
  struct TimedTransfer final : net::Transfer {
    std::unique_ptr<base::Timer> timer;
  };
  struct Timed {
    net::Outcome outcome;
    base::Millis duration{0};
  };

  static net::Outcome failure(const net::Request& request, Kind kind, std::string_view reason) {
    const std::string_view method = request.method == net::Method::Get ? "GET" : "POST";
    return base::make_unexpected(
        net::TransferFailure{kind, fmt::format("{} {}: {}", method, base::strip_credentials(request.url), reason)});
  }

  Timed outcome_of(const net::Request& request) {
    if (intercept)
      if (auto outcome = intercept(request)) return {std::move(*outcome)};
    if (const auto objection = net::validate(request)) return {failure(request, Kind::BadRequest, *objection)};
    const auto url = base::parse_url(request.url);
    if (leads_to(*url, cloud_.contact_center_url()))
      return transmit(request, cloud_.handle_api(seen_by_cloud(request, *url)));
    if (leads_to(*url, cloud_.store_url())) return transmit(request, cloud_.handle_store(seen_by_cloud(request, *url)));
    return {failure(request, Kind::Resolve, "could not resolve: no such host in this test")};
  }

  static bool leads_to(const base::Url& url, const std::string& address) {
    const auto service = base::parse_url(address);
    return service && service->origin() == url.origin();
  }

  static simulator::Request seen_by_cloud(const net::Request& request, const base::Url& url) {
    simulator::Request seen;
    seen.method = request.method == net::Method::Get ? "GET" : "POST";
    seen.path = base::percent_decode(url.path, base::Plus::Literal);
    seen.query = base::form_decode(url.query);
    seen.body = request.body;
    if (!request.bearer.empty()) seen.authorization = "Bearer " + request.bearer.reveal();
    for (const auto& [name, value] : request.headers)
      if (base::to_lower(name) == "trackingid") seen.tracking_id = value;
    return seen;
  }

  Timed transmit(const net::Request& request, simulator::Response response) const {
    using simulator::Transmission;
    const simulator::Options& options = cloud_.options();
    switch (response.transmission) {
      case Transmission::Whole:
        break;
      case Transmission::Reset:
        return {failure(request, Kind::Interrupted, "the connection was reset")};
      case Transmission::Truncated:
        return {failure(request, Kind::Interrupted, "incomplete response")};
      case Transmission::Stall:
        if (options.stall_for < std::min<base::Millis>(request.limits.idle_timeout, request.limits.total))
          return {failure(request, Kind::Interrupted, "incomplete response"), options.stall_for};
        return timed_out(request);
      case Transmission::Slow:
        if (options.slow_for / simulator::kSlowPieces >= request.limits.idle_timeout ||
            options.slow_for >= request.limits.total)
          return timed_out(request);
        return {whole(request, std::move(response)), options.slow_for};
      case Transmission::Endless:
        response.body.assign(std::min(options.huge_body_bytes, request.limits.response_bytes + 1), ' ');
        break;
    }
    return {whole(request, std::move(response))};
  }

  static Timed timed_out(const net::Request& request) {
    const net::Limits& limits = request.limits;
    if (limits.idle_timeout < limits.total)
      return {failure(request, Kind::Stalled, "no data received"), limits.idle_timeout};
    return {failure(request, Kind::Timeout, "timed out"), limits.total};
  }

  static net::Outcome whole(const net::Request& request, simulator::Response response) {
    if (response.body.size() > request.limits.response_bytes)
      return failure(request, Kind::TooLarge, "the response is too large");
    net::Response result;
    result.status = response.status;
    result.headers = std::move(response.headers);
    result.headers.emplace_back("Content-Type", std::move(response.content_type));
    result.body = std::move(response.body);
    if (const auto target = result.header("Location"); target && result.status / 100 == 3)
      result.redirect = base::Secret(std::string(*target));
    return result;
  }

  simulator::Services& cloud_;
  base::Timers& timers_;
};

}  // namespace wxcc::tests
