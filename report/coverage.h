// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time_range.h"
#include "base/zone.h"
#include "report/output.h"
#include "store/reader.h"

namespace wxcc::report {

struct DayCoverage {
  std::chrono::year_month_day day;
  model::StateCounts transcripts;
  base::Millis uncovered{};  // part of the day that no scan by end time has covered
  friend bool operator==(const DayCoverage&, const DayCoverage&) = default;
};

// Counts conversations by the days of a zone's calendar.
class Coverage : public Output {
 public:
  Coverage(const base::Zone& zone, model::TimeField by) : zone_(zone), by_(by) {}

  void add(const ConversationRecord& record) override { add(record.row); }
  void add(const store::StoredTask& row);
  [[nodiscard]] const model::StateCounts& total() const { return total_; }

  // The timestamp of the earliest conversation whose transcript is pending, failed or unparsed.
  [[nodiscard]] std::optional<base::Instant> first_missing() const { return first_missing_; }

  // Every day that the range touches, in order, also those without conversations. Of a range of more than ten years,
  // the last ten.
  [[nodiscard]] std::vector<DayCoverage> days(base::TimeRange range,
                                              const std::vector<base::TimeRange>& coverage_gaps) const;

 private:
  base::Zone zone_;
  model::TimeField by_;
  model::StateCounts total_;
  std::optional<base::Instant> first_missing_;
  std::map<std::chrono::sys_days, model::StateCounts> by_day_;
};

}  // namespace wxcc::report
