// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"

namespace wxcc::systemd {

// Whether standard error goes to the journal (systemd.exec(5), JOURNAL_STREAM): then structured lines may go there too.
bool stderr_is_journal();

// The fields of a line's entry, NAME=value each: MESSAGE, PRIORITY (syslog(3)) and the given ones, of which empty ones
// are left out.
std::vector<std::string> journal_entry(base::log::Level level, std::string_view line, const base::log::Fields& fields);

// Sends a line to the journal, sd_journal_sendv(3); false when it could not be sent.
bool write_to_journal(base::log::Level level, std::string_view line, const base::log::Fields& fields);

}  // namespace wxcc::systemd
