// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <string_view>

#include "base/enum_names.h"

namespace wxcc::base {
class JsonWriter;
}

namespace wxcc::model {

// What has become of a task's transcript.
enum class TranscriptState {
  Archived,
  Pending,   // not there yet; requested again when it is due
  Unparsed,  // the bytes are kept, but nothing of them could be parsed
  Absent,    // the API had none until the deadline
  Failed,    // given up after errors
};
// In the order in which the states are reported.
inline constexpr auto kTranscriptStateNames =
    base::enum_names<TranscriptState>({{TranscriptState::Archived, "archived"},
                                       {TranscriptState::Pending, "pending"},
                                       {TranscriptState::Unparsed, "unparsed"},
                                       {TranscriptState::Absent, "absent"},
                                       {TranscriptState::Failed, "failed"}});
[[nodiscard]] constexpr std::string_view to_text(TranscriptState state) {
  return kTranscriptStateNames.text_of(state);
}

// Whether nothing more is expected of a task in that state, so that it is no gap.
[[nodiscard]] constexpr bool is_settled(TranscriptState state) {
  return state == TranscriptState::Archived || state == TranscriptState::Absent;
}

// How many tasks are in each state.
class StateCounts {
 public:
  StateCounts() = default;
  // Of these tasks, each given by its state.
  StateCounts(std::initializer_list<TranscriptState> tasks) {
    for (const TranscriptState state : tasks) ++(*this)[state];
  }
  [[nodiscard]] std::int64_t& operator[](TranscriptState state) { return counts_[static_cast<std::size_t>(state)]; }
  [[nodiscard]] std::int64_t operator[](TranscriptState state) const {
    return counts_[static_cast<std::size_t>(state)];
  }
  [[nodiscard]] std::int64_t total() const { return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}); }
  // Of these, the tasks that are a gap: see is_settled().
  [[nodiscard]] std::int64_t unsettled() const {
    std::int64_t sum = 0;
    for (const auto& row : kTranscriptStateNames)
      if (!is_settled(row.value)) sum += (*this)[row.value];
    return sum;
  }
  friend bool operator==(const StateCounts&, const StateCounts&) = default;

 private:
  std::array<std::int64_t, kTranscriptStateNames.size()> counts_{};
};

// "12 archived, 3 pending, 0 unparsed, 0 absent, 1 failed".
[[nodiscard]] std::string describe(const StateCounts& counts);
// Each state as a member of the object that is being written.
void write_json(base::JsonWriter& out, const StateCounts& counts);

}  // namespace wxcc::model
