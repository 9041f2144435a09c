// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

namespace wxcc::systemd {

// Messages to the service manager, sd_notify(3). All do nothing when the process was not started by one.

void notify_ready(std::string_view status);
void notify_status(std::string_view status);
// RELOADING=1 and MONOTONIC_USEC in one datagram; notify_ready() ends the reload.
void notify_reloading();
// Only when the process really ends.
void notify_stopping(std::string_view status);
// Requests more time while starting or stopping.
void notify_extend_timeout(std::chrono::seconds by);

}  // namespace wxcc::systemd
