// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/instant.h"
#include "base/secret.h"
#include "model/failure.h"
#include "net/retry_policy.h"
#include "net/transport.h"
#include "webex/circuit_breaker.h"

namespace wxcc::webex {

// The quality of the body of a 2xx response. A suspect one may be damaged: the request is repeated once, and the
// second response accepted.
struct BodyCheck {
  enum class Quality { Good, Suspect, Unusable } quality = Quality::Good;
  std::string reason = {};  // of Suspect and Unusable
};

// The next step of ApiClient::Call.
struct NextStep {
  enum class Action {
    Send,            // wait for the request budget, get a token, send; a download: at once
    WaitFor,         // wait for `delay`, then the same
    RefreshToken,    // refresh the token that was sent, then on_token()
    FollowRedirect,  // send to `target`
    GiveUp,          // end with `failure`
    Done,            // the response is accepted
  };
  Action action = Action::Send;
  base::Millis delay{};
  base::Secret target{};
  model::Failure failure{};                   // of GiveUp, and the reason of WaitFor
  std::optional<base::Millis> queue_pause{};  // besides: no call sends anything for this long (429)
};

// The state of one call of the API or of one download: an outcome in, the next step out. Pure but for the circuit
// breaker, which all calls share.
//
//                                          2xx, good, or suspect for the second time
//     Send ------------> response --------------------------------------------------------> Done
//      ^ ^ ^ ^              |
//      | | | |              +-- 2xx suspect or unusable, 408, 5xx, no response --+
//      | | | +-- WaitFor <--|   (attempts left, circuit closed)                  +--------> GiveUp, circuit open
//      | | |     (backoff   |                                                    |
//      | | |      or Retry- +-- 429 (at most kMaxThrottledRetries) --------------+
//      | | +---- After) <---|   API: the queue pauses, Send; download: WaitFor
//      | |                  +-- 404 of captures, the first time: Send at once
//      | +-- RefreshToken <-+-- 401, or 400/403 that reject the token (once per call)
//      |     (once between  |
//      |      two delays)   |
//      +-- FollowRedirect <-+-- 3xx of a download (kMaxRedirects between two delays)
//                           |
//                           +-- any other status -------------------------------------------> GiveUp
//
// A delay resets whether the token was refreshed and how many redirects were followed. The attempts, the 429s, and
// whether the token was ever refreshed count for the whole call.
class CallState {
 public:
  // The breaker must outlive it. now: on the monotonic clock.
  CallState(Route route, net::RetryPolicy retries, CircuitBreaker& circuit, base::Millis now)
      : route_(route), retries_(retries), circuit_(circuit), began_(now) {}

  struct Moment {
    base::Millis monotonic{};
    base::Instant wall{};
    double jitter = 0;  // in [0, 1)
  };
  // `failure` describes the outcome, for GiveUp; its kind is set here. `body` counts for 2xx only.
  NextStep on_outcome(const net::Outcome& outcome, model::Failure failure, const BodyCheck& body, const Moment& now);
  // The token could not be obtained; std::nullopt: it was refreshed, after RefreshToken.
  NextStep on_token(const std::optional<model::Failure>& failure, const Moment& now);

  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  NextStep on_success(const net::Outcome& outcome, model::Failure failure, const BodyCheck& body, const Moment& now);
  NextStep on_throttled(const net::Response& response, model::Failure failure, const Moment& now);
  NextStep on_permanent(const net::Outcome& outcome, model::Failure failure);
  NextStep refresh_token(model::Failure failure);
  NextStep retry(model::Failure failure, std::optional<base::Millis> server_delay, const Moment& now);
  NextStep wait_for(base::Millis delay, model::Failure failure);

  Route route_;
  net::RetryPolicy retries_;
  CircuitBreaker& circuit_;
  base::Millis began_;

  // For the whole call.
  int attempts_ = 0;   // that failed
  int throttled_ = 0;  // responses 429
  bool suspect_retried_ = false;
  bool not_found_retried_ = false;  // a 404 of captures may come from a gateway
  bool refreshed_once_ = false;
  // Since the last delay.
  bool refreshed_since_delay_ = false;
  int redirects_ = 0;
  // Between RefreshToken and on_token(): why the token was rejected.
  std::optional<model::Failure> rejection_;
};

// Whether a response rejects the access token with another status than 401: the API reports a revoked one with 400 or
// 403 too.
bool is_token_rejection(int status, std::string_view text);

}  // namespace wxcc::webex
