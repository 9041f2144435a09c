// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "base/zone.h"

namespace wxcc::report {

// The serial number of a local time in spreadsheets: days since 1899-12-30, the time of day as
// fraction. Exact to the millisecond. std::nullopt outside the range of a date cell: before 1900-03-01, where programs
// disagree, and after 9999.
std::optional<double> excel_serial(const base::LocalTime& local);

// A duration as fraction of a day, for [h]:mm:ss.
double excel_days(base::Millis duration);

}  // namespace wxcc::report
