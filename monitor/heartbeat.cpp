// SPDX-License-Identifier: Apache-2.0
#include "monitor/heartbeat.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/url.h"

namespace wxcc::monitor {
namespace {

constexpr std::chrono::seconds kTimeout{10};
constexpr std::size_t kMaxResponseBytes = 64U << 10U;

// The transfer's own message has the URL's path, in which such monitors have their key.
std::string describe(const net::Outcome& outcome) {
  return outcome ? fmt::format("HTTP {}", outcome->status) : std::string(net::summary_of(outcome.error().kind));
}

bool is_success(const net::Outcome& outcome) {
  return outcome && outcome->status >= 200 && outcome->status < 300;
}

}  // namespace

Heartbeat::Heartbeat(base::Secret url, net::Transport& transport) : url_(std::move(url)), transport_(transport) {
  if (const auto parsed = base::parse_url(url_.reveal())) host_ = parsed->host;
}

void Heartbeat::send() {
  if (url_.empty()) return;
  net::Request request;
  request.url = url_.reveal();
  request.limits.connect = kTimeout;
  request.limits.total = kTimeout;
  request.limits.response_bytes = kMaxResponseBytes;
  transfer_ = transport_.start(std::move(request), [this](const net::Outcome& outcome) { on_response(outcome); });
}

void Heartbeat::on_response(const net::Outcome& outcome) {
  const bool failed = !is_success(outcome);
  if (failed == std::exchange(failing_, failed)) return;
  if (failed)
    base::log::warning("heartbeat to {}: {}", host_, describe(outcome));
  else
    base::log::info("heartbeat to {}: recovered", host_);
}

}  // namespace wxcc::monitor
