// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics_server.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace wxcc::monitor {
namespace {

using net::HttpListener;

HttpListener::Response respond(const HttpListener::Request& request, const MetricsServer::Text& text) {
  constexpr unsigned kNotFound = 404;
  constexpr unsigned kMethodNotAllowed = 405;
  constexpr unsigned kServiceUnavailable = 503;
  const std::string type = "text/plain; version=0.0.4; charset=utf-8";
  if (request.method != "GET" && request.method != "HEAD") return {kMethodNotAllowed, type, "only GET\n", {}};
  if (request.path != "/metrics") return {kNotFound, type, "the metrics are at /metrics\n", {}};
  try {
    return {200, type, text(), {}};
  } catch (const base::Error& error) {
    base::log::debug("metrics: {}", error.what());
    return {kServiceUnavailable, type, std::string(error.what()) + "\n", {}};
  }
}

}  // namespace

MetricsServer::MetricsServer(const net::SocketAddress& address, systemd::EventLoop& loop, Text text)
    : listener_(address, loop, {},
                [text = std::move(text)](const HttpListener::Request& request) { return respond(request, text); }) {}

}  // namespace wxcc::monitor
