// SPDX-License-Identifier: Apache-2.0
#include "webex/call_state.h"

#include <utility>

#include "base/text.h"
#include "net/outcome_class.h"
#include "net/retry_delays.h"

namespace wxcc::webex {
namespace {

using Action = NextStep::Action;
using Kind = model::Failure::Kind;

constexpr int kNotFound = 404;

NextStep give_up(model::Failure failure, Kind kind) {
  failure.kind = kind;
  return {.action = Action::GiveUp, .failure = std::move(failure)};
}

}  // namespace

bool is_token_rejection(int status, std::string_view text) {
  if (status != 400 && status != 403) return false;
  const std::string lower = base::to_lower(text);
  return lower.find("invalid access token") != std::string::npos ||
         lower.find("fail_validate_token") != std::string::npos;
}

NextStep CallState::on_outcome(const net::Outcome& outcome, model::Failure failure, const BodyCheck& body,
                               const Moment& now) {
  if (outcome) circuit_.on_response(route_);
  failure.kind = Kind::Transient;
  switch (net::classify(outcome)) {
    case net::OutcomeClass::Success:
      return on_success(outcome, std::move(failure), body, now);
    case net::OutcomeClass::Unauthorized:
      if (route_ == Route::Download) break;
      return refresh_token(std::move(failure));
    case net::OutcomeClass::Throttled:
      return on_throttled(*outcome, std::move(failure), now);
    case net::OutcomeClass::Transient:
      return retry(std::move(failure), outcome ? net::retry_after(*outcome, now.wall) : std::nullopt, now);
    case net::OutcomeClass::Permanent:
      break;
  }
  return on_permanent(outcome, std::move(failure));
}

NextStep CallState::on_success(const net::Outcome& outcome, model::Failure failure, const BodyCheck& body,
                               const Moment& now) {
  const bool suspect = body.quality == BodyCheck::Quality::Suspect;
  if (body.quality == BodyCheck::Quality::Unusable || (suspect && !suspect_retried_)) {
    if (suspect) suspect_retried_ = true;
    failure.message = body.reason;
    return retry(std::move(failure), net::retry_after(*outcome, now.wall), now);
  }
  circuit_.on_success(route_);
  return {.action = Action::Done};
}

NextStep CallState::on_throttled(const net::Response& response, model::Failure failure, const Moment& now) {
  const base::Millis delay = net::retry_after(response, now.wall).value_or(net::kDefaultRetryAfter);
  const std::optional<base::Millis> queue_pause = route_ == Route::Download ? std::nullopt : std::optional(delay);
  const bool attempts_left = ++throttled_ <= net::kMaxThrottledRetries;
  NextStep next;
  if (circuit_.is_open(route_) || !attempts_left) {
    circuit_.on_give_up(route_);
    next = give_up(std::move(failure), Kind::Transient);
  } else if (route_ == Route::Download) {
    next = wait_for(delay, std::move(failure));
  }
  next.queue_pause = queue_pause;
  return next;
}

NextStep CallState::on_permanent(const net::Outcome& outcome, model::Failure failure) {
  if (route_ == Route::Download) {
    if (outcome && !outcome->redirect.empty() && redirects_ < net::kMaxRedirects) {
      ++redirects_;
      return {.action = Action::FollowRedirect, .target = outcome->redirect};
    }
    return give_up(std::move(failure), Kind::Permanent);
  }
  // For a refreshed token the same message has another cause, such as a missing right.
  if (outcome && !refreshed_once_ && is_token_rejection(outcome->status, outcome->body))
    return refresh_token(std::move(failure));
  if (route_ == Route::Captures && outcome && outcome->status == kNotFound && !not_found_retried_) {
    not_found_retried_ = suspect_retried_ = true;
    return {.action = Action::Send};
  }
  return give_up(std::move(failure), Kind::Permanent);
}

NextStep CallState::refresh_token(model::Failure failure) {
  rejection_ = std::move(failure);
  return {.action = Action::RefreshToken};
}

NextStep CallState::on_token(const std::optional<model::Failure>& failure, const Moment& now) {
  const auto rejection = std::exchange(rejection_, std::nullopt);
  if (failure && failure->kind == Kind::AuthRequired) return give_up(*failure, Kind::AuthRequired);
  if (!rejection) return failure ? retry(*failure, std::nullopt, now) : NextStep{};
  if (failure || refreshed_since_delay_) return retry(*rejection, std::nullopt, now);
  refreshed_since_delay_ = refreshed_once_ = true;
  return {.action = Action::Send};
}

NextStep CallState::retry(model::Failure failure, std::optional<base::Millis> server_delay, const Moment& now) {
  const auto delay = retries_.next_delay(++attempts_, now.jitter, server_delay);
  if (!circuit_.may_retry(route_, delay, now.monotonic - began_)) {
    const Kind kind = failure.kind;
    return give_up(std::move(failure), kind);
  }
  return wait_for(*delay, std::move(failure));
}

NextStep CallState::wait_for(base::Millis delay, model::Failure failure) {
  refreshed_since_delay_ = false;
  redirects_ = 0;
  return {.action = Action::WaitFor, .delay = delay, .failure = std::move(failure)};
}

}  // namespace wxcc::webex
