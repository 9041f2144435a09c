// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "monitor/status_snapshot.h"

namespace wxcc::monitor {

// The service states of Nagios and its kin; the numbers are the plugin's exit codes.
enum class Severity { Ok = 0, Warning = 1, Critical = 2, Unknown = 3 };

struct NagiosCheck {
  Severity severity = Severity::Unknown;
  std::string line;  // "OK - ok: archived until ... | lag=31s;...", one line (Monitoring Plugins' guidelines)
};

// The snapshot has Detail::Figures at least. Its stale_after is also the bound of the lag's performance data.
[[nodiscard]] NagiosCheck nagios_check(const StatusSnapshot& snapshot);

// For a check that could not be made; the reason is a message for the operator.
[[nodiscard]] NagiosCheck nagios_unknown(std::string_view reason);

}  // namespace wxcc::monitor
