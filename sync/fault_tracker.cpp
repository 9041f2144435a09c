// SPDX-License-Identifier: Apache-2.0
#include "sync/fault_tracker.h"

#include <algorithm>

#include "net/retry_delays.h"

namespace wxcc::sync {
namespace {

constexpr int kDownloadFailureThreshold = 8;
constexpr int kSingleTaskFailureThreshold = 4;
// After so many pauses in a row a pass no longer waits for the next attempt.
constexpr int kMaxPauseCount = 4;
constexpr int kMaxDoublings = 5;

}  // namespace

void FaultTracker::on_captures_ok(const std::vector<std::string>& task_ids) {
  consecutive_failures_ = 0;
  consecutive_single_task_failures_ = 0;
  captures_ever_ok_ = true;
  last_systemic_error_.reset();
  for (const std::string& id : task_ids) isolated_task_ids_.erase(id);
}

std::optional<FaultTracker::Pause> FaultTracker::on_captures_failure(const std::vector<std::string>& task_ids,
                                                                     const model::Failure& failure, base::Millis now) {
  const bool permanent = failure.kind == model::Failure::Kind::Permanent;
  const bool task_at_fault = task_ids.size() == 1 && failure.kind == model::Failure::Kind::Transient &&
                             captures_ever_ok_ && consecutive_failures_ == 0 &&
                             ++consecutive_single_task_failures_ < kSingleTaskFailureThreshold;
  const bool service_at_fault = !permanent && !task_at_fault;
  if (service_at_fault) ++consecutive_failures_;
  if (failure.kind != model::Failure::Kind::AuthRequired && (!service_at_fault || consecutive_failures_ == 1))
    isolated_task_ids_.insert(task_ids.begin(), task_ids.end());
  return service_at_fault ? std::optional(pause(failure, now)) : std::nullopt;
}

std::optional<FaultTracker::Pause> FaultTracker::on_download_failure(const model::Failure& failure, base::Millis now) {
  if (++consecutive_download_failures_ % kDownloadFailureThreshold != 0) return std::nullopt;
  return pause(failure, now);
}

FaultTracker::Pause FaultTracker::on_commit_failure(const model::Failure& failure, base::Millis now) {
  ++consecutive_failures_;
  return on_read_failure(failure, now);
}

FaultTracker::Pause FaultTracker::on_read_failure(const model::Failure& failure, base::Millis now) {
  archive_failing_ = true;
  return pause(failure, now);
}

void FaultTracker::clear() {
  paused_until_.reset();
  consecutive_failures_ = 0;
}

std::optional<base::Millis> FaultTracker::remaining_pause(base::Millis now) const {
  if (!paused_until_ || now >= *paused_until_) return std::nullopt;
  return *paused_until_ - now;
}

bool FaultTracker::is_probing() const {
  return consecutive_failures_ > 0 || consecutive_download_failures_ >= kDownloadFailureThreshold;
}

bool FaultTracker::may_recover_soon(base::Millis now) const {
  if (archive_failing_ || !remaining_pause(now)) return false;
  const bool needs_login = last_systemic_error_ && last_systemic_error_->kind == model::Failure::Kind::AuthRequired;
  return !needs_login && consecutive_failures_ < kMaxPauseCount &&
         consecutive_download_failures_ < kMaxPauseCount * kDownloadFailureThreshold;
}

FaultTracker::Pause FaultTracker::pause(const model::Failure& failure, base::Millis now) {
  const int pause_count = std::max(consecutive_failures_, consecutive_download_failures_ / kDownloadFailureThreshold);
  const base::Millis length =
      std::min(net::kMaxFetchPause, net::kInitialFetchPause * (1 << std::clamp(pause_count - 1, 0, kMaxDoublings)));
  const bool is_first = !last_systemic_error_;
  paused_until_ = now + length;
  last_systemic_error_ = failure;
  return {length, is_first};
}

}  // namespace wxcc::sync
