// SPDX-License-Identifier: Apache-2.0
#include "systemd/notify.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <string>
#include <system_error>

#include "base/log.h"
#include "base/text.h"

namespace wxcc::systemd {
namespace {

void send(const std::string& state) {
  const int result = sd_notify(0, state.c_str());
  if (result < 0) base::log::warning("cannot notify the service manager: {}", std::generic_category().message(-result));
}

// On one line: a line end would begin the next assignment of the datagram.
std::string status_line(std::string_view status) {
  return fmt::format("STATUS={}", base::excerpt(status, 1'000));
}

}  // namespace

void notify_ready(std::string_view status) {
  send("READY=1\n" + status_line(status));
}

void notify_status(std::string_view status) {
  send(status_line(status));
}

void notify_reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto monotonic = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::seconds(now.tv_sec) +
                                                                               std::chrono::nanoseconds(now.tv_nsec));
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic.count()));
}

void notify_stopping(std::string_view status) {
  send("STOPPING=1\n" + status_line(status));
}

void notify_extend_timeout(std::chrono::seconds by) {
  send(fmt::format("EXTEND_TIMEOUT_USEC={}", std::chrono::microseconds(by).count()));
}

}  // namespace wxcc::systemd
