// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/instant.h"
#include "net/retry_policy.h"

// Every delay and limit of what the program attempts again, in one table. Includes base only, besides the policy type.
namespace wxcc::net {

// -- one call of the Webex API, or one download -----------------------------------------------------------------------
inline constexpr RetryPolicy kCallRetries{
    .initial_delay = std::chrono::seconds{1}, .max_delay = std::chrono::seconds{60}, .max_attempts = 7};
// While a person waits for the result: one repetition.
inline constexpr RetryPolicy kInteractiveCallRetries{
    .initial_delay = std::chrono::milliseconds{500}, .max_delay = std::chrono::milliseconds{500}, .max_attempts = 2};
// A 429 without Retry-After.
inline constexpr base::Millis kDefaultRetryAfter = std::chrono::seconds{5};
inline constexpr base::Millis kMaxRetryAfter = std::chrono::hours{1};
// A call that gets more 429s than this fails.
inline constexpr int kMaxThrottledRetries = 20;
// Object stores redirect to another host or region; a longer chain is a loop.
inline constexpr int kMaxRedirects = 5;
// Until the API has responded to anything, a call is not repeated for longer than this: a wrong address or a machine
// without a network is reported soon.
inline constexpr base::Millis kInitialContactTimeout = std::chrono::seconds{10};
// Task fields and request members that the API rejected are requested again after this.
inline constexpr base::Millis kFieldRetryInterval = std::chrono::hours{24};

// -- the token --------------------------------------------------------------------------------------------------------
inline constexpr RetryPolicy kRefreshRetries{.initial_delay = std::chrono::seconds{5},
                                             .max_delay = std::chrono::minutes{5},
                                             .max_attempts = RetryPolicy::kUnlimitedAttempts};
// After a 429 of the token host Retry-After counts as it is, but not less than this.
inline constexpr base::Millis kMinThrottledRefreshDelay = std::chrono::seconds{1};
// A rejected grant is sent again after this, in case the rejection was the server's error.
inline constexpr base::Millis kRejectedGrantRetry = std::chrono::hours{1};
// A token granted more recently than this is not the reason for a 401.
inline constexpr base::Millis kJustGrantedAge = std::chrono::seconds{30};
// The token file's lock, while another process holds it.
inline constexpr base::Millis kTokenLockRetryDelay = std::chrono::milliseconds{50};
inline constexpr int kMaxTokenLockAttempts = 1200;

// -- the transcript of one task ---------------------------------------------------------------------------------------
// Not available: checked again when the task is twice as old, within these bounds.
inline constexpr base::Millis kMinAvailabilityDelay = std::chrono::seconds{30};
inline constexpr base::Millis kMaxAvailabilityDelay = std::chrono::hours{6};
// Fetching failed: doubling from the one to the other.
inline constexpr base::Millis kInitialFetchRetry = std::chrono::minutes{1};
inline constexpr base::Millis kMaxFetchRetry = std::chrono::hours{6};
// All fetching is suspended while the API or the object store is down: doubling from the one to the other.
inline constexpr base::Millis kInitialFetchPause = std::chrono::seconds{15};
inline constexpr base::Millis kMaxFetchPause = std::chrono::minutes{5};

// -- the service ------------------------------------------------------------------------------------------------------
// A start waits this often and this long for a token before the service reports ready without one: an unreachable
// network is no reason for systemd to restart it.
inline constexpr int kStartTokenAttempts = 12;
inline constexpr base::Millis kStartTokenDelay = std::chrono::seconds{5};
// A retention run that failed.
inline constexpr base::Millis kRetentionRetryDelay = std::chrono::hours{1};

}  // namespace wxcc::net
