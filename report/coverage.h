// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/zone.h"
#include "store/reader.h"

namespace wxcc::report {

// What became of the transcripts of some conversations.
struct TranscriptTally {
  std::int64_t conversations = 0;
  std::int64_t archived = 0;
  std::int64_t pending = 0;   // not there yet; still asked for
  std::int64_t unparsed = 0;  // kept, but of a format that could not be read
  std::int64_t absent = 0;    // the cloud never had one
  std::int64_t failed = 0;    // given up after errors

  void add(store::TranscriptState state);
  friend bool operator==(const TranscriptTally&, const TranscriptTally&) = default;
};

struct DayCoverage {
  std::chrono::year_month_day day;
  TranscriptTally tally;
  base::Millis never_scanned{};  // how much of the day no scan by end time has covered
  friend bool operator==(const DayCoverage&, const DayCoverage&) = default;
};

// Counts conversations by the days of a zone's calendar.
class Coverage {
 public:
  Coverage(const base::Zone& zone, store::TimeField by) : zone_(zone), by_(by) {}

  void add(const store::ConversationRow& row);
  [[nodiscard]] const TranscriptTally& total() const { return total_; }

  // The stamp of the earliest conversation whose transcript may still come or be read.
  [[nodiscard]] std::optional<base::Instant> first_missing() const { return first_missing_; }

  // Every day that the range touches, in order, also those without conversations. Of a range of more than ten years,
  // the last ten.
  [[nodiscard]] std::vector<DayCoverage> days(base::TimeRange range,
                                              const std::vector<base::TimeRange>& never_scanned) const;

 private:
  base::Zone zone_;
  store::TimeField by_;
  TranscriptTally total_;
  std::optional<base::Instant> first_missing_;
  std::map<std::chrono::sys_days, TranscriptTally> by_day_;
};

}  // namespace wxcc::report
