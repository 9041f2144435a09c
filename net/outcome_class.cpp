// SPDX-License-Identifier: Apache-2.0
#include "net/outcome_class.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "net/retry_delays.h"

namespace wxcc::net {
namespace {

OutcomeClass classify_status(int status) {
  if (status >= 200 && status < 300) return OutcomeClass::Success;
  if (status == 401) return OutcomeClass::Unauthorized;
  if (status == 429) return OutcomeClass::Throttled;
  if (status == 408 || status >= 500) return OutcomeClass::Transient;
  return OutcomeClass::Permanent;
}

OutcomeClass classify_failure(TransferFailure::Kind kind) {
  switch (kind) {
    case TransferFailure::Kind::TooLarge:
    case TransferFailure::Kind::BadRequest:
      return OutcomeClass::Permanent;
    case TransferFailure::Kind::Resolve:
    case TransferFailure::Kind::Connect:
    case TransferFailure::Kind::Tls:
    case TransferFailure::Kind::Timeout:
    case TransferFailure::Kind::Stalled:
    case TransferFailure::Kind::Interrupted:
      return OutcomeClass::Transient;
  }
  return OutcomeClass::Transient;
}

}  // namespace

OutcomeClass classify(const Outcome& outcome) {
  return outcome ? classify_status(outcome->status) : classify_failure(outcome.error().kind);
}

std::optional<base::Millis> retry_after(const Response& response, base::Instant now) {
  const auto header = response.header("Retry-After");
  if (!header) return std::nullopt;
  const std::string_view text = base::trim(*header);
  if (const auto seconds = base::parse_unsigned(text)) {
    constexpr auto kMaxSeconds =
        static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(kMaxRetryAfter).count());
    return std::chrono::seconds(std::min(*seconds, kMaxSeconds));
  }
  if (const auto date = base::parse_http_date(text))
    return std::clamp(base::Millis(*date - now), base::Millis(0), kMaxRetryAfter);
  return std::nullopt;
}

}  // namespace wxcc::net
