// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "monitor/status_snapshot.h"

namespace wxcc::monitor {

// What a monitor of the Nagios family is told; the numbers are its exit codes.
enum class Severity { Ok = 0, Warning = 1, Critical = 2, Unknown = 3 };

struct HealthCheck {
  Severity severity = Severity::Unknown;
  std::string line;  // "OK - archived until ...| 'lag'=31s;...", one line (Monitoring Plugins' guidelines)
};

// stale_after: how old the last success may be; also the bound of the lag's performance data.
HealthCheck check_health(const Facts& facts, base::Millis stale_after);

// The line for a check that could not look; the reason is a message for the operator.
HealthCheck unknown_health(std::string_view reason);

}  // namespace wxcc::monitor
