// SPDX-License-Identifier: Apache-2.0
#include "monitor/heartbeat.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/url.h"

namespace wxcc::monitor {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kAnswer = 64U << 10U;

// Not the transfer's own message, which has the URL's path: there such monitors keep their key.
std::string describe(const net::Outcome& outcome) {
  return outcome ? fmt::format("answered {}", outcome->status) : std::string(net::summary_of(outcome.error().kind));
}

bool is_success(const net::Outcome& outcome) {
  return outcome && outcome->status >= 200 && outcome->status < 300;
}

}  // namespace

Heartbeat::Heartbeat(base::Secret url, net::Transport& transport) : url_(std::move(url)), transport_(transport) {
  if (const auto parsed = base::parse_url(url_.reveal())) host_ = parsed->host;
}

void Heartbeat::beat() {
  if (url_.empty()) return;
  net::Request request;
  request.url = url_.reveal();
  request.limits.connect = kPatience;
  request.limits.total = kPatience;
  request.limits.response_bytes = kAnswer;
  transfer_ = transport_.start(std::move(request), [this](const net::Outcome& outcome) { answered(outcome); });
}

void Heartbeat::answered(const net::Outcome& outcome) {
  const bool failed = !is_success(outcome);
  if (failed == std::exchange(failing_, failed)) return;
  if (failed)
    base::log::warning("heartbeat to {}: {}", host_, describe(outcome));
  else
    base::log::info("heartbeat to {}: works again", host_);
}

}  // namespace wxcc::monitor
