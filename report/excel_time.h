// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "base/zone.h"

namespace wxcc::report {

// The serial number by which spreadsheets know a wall clock reading: days since 1899-12-30, the time of day as
// fraction. Exact to the millisecond. Nothing for what a date cell cannot hold: before 1900-03-01, where programs
// disagree, and after 9999.
std::optional<double> excel_serial(const base::LocalTime& local);

// A length of time as fraction of a day, for [h]:mm:ss.
double excel_days(base::Millis duration);

}  // namespace wxcc::report
