// SPDX-License-Identifier: Apache-2.0
#include "report/excel_time.h"

namespace wxcc::report {
namespace {

namespace ch = std::chrono;

constexpr std::int64_t kMillisPerDay = base::Millis{ch::days{1}}.count();

}  // namespace

std::optional<double> excel_serial(const base::LocalTime& local) {
  using namespace std::chrono_literals;
  if (local.date < 1900y / 3 / 1 || local.date > 9999y / 12 / 31) return std::nullopt;
  const auto days = (ch::sys_days{local.date} - ch::sys_days{1899y / 12 / 30}).count();
  // One division of whole milliseconds gives the double nearest to the true value.
  return static_cast<double>(days * kMillisPerDay + local.time_of_day.count()) / static_cast<double>(kMillisPerDay);
}

double excel_days(base::Millis duration) {
  return static_cast<double>(duration.count()) / static_cast<double>(kMillisPerDay);
}

}  // namespace wxcc::report
