// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/zone.h"
#include "model/conversation_metrics.h"
#include "report/output.h"
#include "store/reader.h"

namespace wxcc::report {

// Durations for quantiles; four bytes each. Negative durations are ignored, those beyond 49 days count as 49 days.
class DurationSample {
 public:
  void add(base::Millis length);
  [[nodiscard]] std::size_t count() const { return values_.size(); }
  // Between the two nearest by linear interpolation, as PERCENTILE.INC of spreadsheets does it: 0.5 is the median.
  // std::nullopt without durations.
  [[nodiscard]] std::optional<base::Millis> quantile(double share);

 private:
  std::vector<std::uint32_t> values_;
  std::size_t sorted_ = 0;  // number of values at the last sort
};

struct GroupStats {
  std::int64_t conversations = 0;
  std::int64_t messages = 0;
  std::int64_t with_transcript = 0;
  std::int64_t rated = 0;
  std::int64_t ratings = 0;  // their sum
  DurationSample durations;
  DurationSample first_responses;

  void add(const store::StoredTask& row, const model::ConversationMetrics& metrics);
};

// The figures of the Summary sheet.
class Statistics : public Output {
 public:
  Statistics(const base::Zone& zone, model::TimeField by) : zone_(zone), by_(by) {}

  void add(const ConversationRecord& record) override { add(record.row, record.metrics); }
  void add(const store::StoredTask& row, const model::ConversationMetrics& metrics);

  GroupStats total;
  std::map<std::string, GroupStats> by_queue;  // "": without one
  std::map<std::string, GroupStats> by_agent;
  // By the days of the zone's calendar, of the timestamp by which the extract selects.
  std::map<std::chrono::sys_days, std::int64_t> by_day;
  // By the start's hour of the day and day of the week on the zone's clock: [hour][0 Monday to 6 Sunday].
  std::array<std::array<std::int64_t, 7>, 24> by_hour{};

 private:
  base::Zone zone_;
  model::TimeField by_;
};

// The names of the largest groups, at most that many, largest first, then by name.
std::vector<std::string> largest_groups(const std::map<std::string, GroupStats>& groups, std::size_t limit);

}  // namespace wxcc::report
