// SPDX-License-Identifier: Apache-2.0
#include "report/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wxcc::report {

namespace ch = std::chrono;

void DurationSample::add(base::Millis length) {
  if (length < base::Millis{0}) return;
  constexpr base::Millis kMaxLength{std::numeric_limits<std::uint32_t>::max()};
  values_.push_back(static_cast<std::uint32_t>(std::min(length, kMaxLength).count()));
}

std::optional<base::Millis> DurationSample::quantile(double share) {
  if (values_.empty()) return std::nullopt;
  if (sorted_ != values_.size()) std::sort(values_.begin(), values_.end());
  sorted_ = values_.size();
  const double place = share * static_cast<double>(values_.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values_.size() - 1);
  const double part = place - static_cast<double>(below);
  return base::Millis{std::llround(values_[below] * (1 - part) + values_[above] * part)};
}

void GroupStats::add(const store::StoredTask& row, const model::ConversationMetrics& metrics) {
  ++conversations;
  messages += metrics.customer_messages + metrics.agent_messages + metrics.other_messages;
  if (row.transcript_state == model::TranscriptState::Archived) ++with_transcript;
  // The Webex API has 0 for conversations without a rating.
  if (row.task.csat_score.value_or(0) > 0) {
    ++rated;
    ratings += *row.task.csat_score;
  }
  if (row.task.duration) durations.add(*row.task.duration);
  if (metrics.first_response) first_responses.add(*metrics.first_response);
}

void Statistics::add(const store::StoredTask& row, const model::ConversationMetrics& metrics) {
  total.add(row, metrics);
  by_queue[row.task.queue.name].add(row, metrics);
  by_agent[row.task.agent.name].add(row, metrics);
  const auto timestamp = by_ == model::TimeField::Ended ? row.task.ended : row.task.created;
  if (timestamp) ++by_day[ch::sys_days{zone_.at(*timestamp).date}];
  if (!row.task.created) return;
  const base::LocalTime start = zone_.at(*row.task.created);
  const auto hour = static_cast<std::size_t>(ch::floor<ch::hours>(start.time_of_day).count());
  const std::size_t weekday = ch::weekday{ch::sys_days{start.date}}.iso_encoding() - 1;
  ++by_hour.at(hour).at(weekday);
}

std::vector<std::string> largest_groups(const std::map<std::string, GroupStats>& groups, std::size_t limit) {
  std::vector<std::string> names;
  for (const auto& [name, figures] : groups) names.push_back(name);
  // A stable sort keeps the map's order among equals.
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return groups.at(a).conversations > groups.at(b).conversations;
  });
  names.resize(std::min(limit, names.size()));
  return names;
}

}  // namespace wxcc::report
