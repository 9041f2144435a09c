// SPDX-License-Identifier: Apache-2.0
#include "net/retry_policy.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace wxcc::net {
namespace {

constexpr base::Millis kLongestRetryAfter = std::chrono::hours(1);

Verdict verdict_of_status(int status) {
  if (status >= 200 && status < 300) return Verdict::Success;
  if (status == 401) return Verdict::Unauthorized;
  if (status == 429) return Verdict::Throttled;
  if (status == 408 || status >= 500) return Verdict::Transient;
  return Verdict::Permanent;
}

Verdict verdict_of_failure(TransferFailure::Kind kind) {
  switch (kind) {
    case TransferFailure::Kind::TooLarge:
    case TransferFailure::Kind::BadRequest:
      return Verdict::Permanent;
    case TransferFailure::Kind::Resolve:
    case TransferFailure::Kind::Connect:
    case TransferFailure::Kind::Tls:
    case TransferFailure::Kind::Timeout:
    case TransferFailure::Kind::Stalled:
    case TransferFailure::Kind::Interrupted:
      return Verdict::Transient;
  }
  return Verdict::Transient;
}

}  // namespace

Verdict verdict_of(const Outcome& outcome) {
  return outcome ? verdict_of_status(outcome->status) : verdict_of_failure(outcome.error().kind);
}

std::optional<base::Millis> retry_after(const Response& response, base::Instant now) {
  const auto header = response.header("Retry-After");
  if (!header) return std::nullopt;
  const std::string_view text = base::trim(*header);
  if (const auto seconds = base::parse_unsigned(text)) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::chrono::seconds(std::chrono::hours(1)).count());
    return std::chrono::seconds(std::min(*seconds, kMost));
  }
  if (const auto date = base::parse_http_date(text))
    return std::clamp(base::Millis(*date - now), base::Millis(0), kLongestRetryAfter);
  return std::nullopt;
}

base::Millis RetryPolicy::pause(int tries, double dice) const {
  base::Millis step = std::min(first, longest);
  for (int i = 1; i < tries && step < longest; ++i) step = std::min(step * 2, longest);
  const double share = 0.5 + std::clamp(dice, 0.0, 1.0) / 2;
  return base::Millis(static_cast<base::Millis::rep>(static_cast<double>(step.count()) * share));
}

std::optional<base::Millis> RetryPolicy::next_pause(int tries, double dice,
                                                    std::optional<base::Millis> asked_for) const {
  if (tries >= max_tries) return std::nullopt;
  const base::Millis own = pause(tries, dice);
  return std::max(own, asked_for.value_or(own));
}

}  // namespace wxcc::net
