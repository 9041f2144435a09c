// SPDX-License-Identifier: Apache-2.0
#include "webex/api_call.h"

#include <fmt/format.h>

#include <utility>

#include "base/log.h"
#include "net/outcome_class.h"
#include "webex/error_response.h"

namespace wxcc::webex {

ApiClient::Call::Call(ApiClient& api, Route route, std::string name, net::Request request, Priority priority,
                      std::unique_ptr<Exchange> exchange)
    : api_(api),
      route_(route),
      name_(std::move(name)),
      request_(std::move(request)),
      priority_(priority),
      exchange_(std::move(exchange)),
      state_(route, api.settings_.retries, api.circuit_, api.timers_.monotonic_now()) {}

void ApiClient::Call::send() {
  if (route_ == Route::Download) return transmit({}, {});
  api_.queue_.submit(priority_, weak_from_this(), [this] { authorize(); });
}

void ApiClient::Call::authorize() {
  api_.tokens_.get_token([weak = weak_from_this()](const model::Result<base::Secret>& token) {
    const auto self = weak.lock();
    if (!self) return;
    if (token) return self->transmit(*token, {});
    self->carry_out(self->state_.on_token(token.error(), self->now()));
  });
}

void ApiClient::Call::refresh_token() {
  api_.tokens_.refresh_rejected(token_, [weak = weak_from_this()](const model::Result<base::Secret>& token) {
    const auto self = weak.lock();
    if (!self) return;
    self->carry_out(self->state_.on_token(token ? std::nullopt : std::optional(token.error()), self->now()));
  });
}

// The transport rejects a redirect that is neither https nor to a loopback host.
void ApiClient::Call::transmit(const base::Secret& token, const base::Secret& redirect) {
  token_ = token;
  net::Request request = request_;
  request.bearer = token;
  if (!redirect.empty()) request.url = redirect.reveal();
  if (route_ != Route::Download) request.headers.emplace_back("TrackingId", tracking_id_ = api_.random_.uuid());
  ++api_.counter_of(route_);
  transfer_ =
      api_.transport_.start(std::move(request), [this](net::Outcome&& outcome) { on_outcome(std::move(outcome)); });
}

void ApiClient::Call::on_outcome(net::Outcome&& outcome) {
  const auto self = shared_from_this();
  if (net::classify(outcome) == net::OutcomeClass::Success) {
    const model::Failure unread{.message = {}, .http_status = outcome->status, .tracking_id = tracking_id_};
    const BodyCheck body = exchange_->read(std::move(*outcome));
    return carry_out(state_.on_outcome(outcome, unread, body, now()));
  }
  if (outcome && outcome->status == 429) ++api_.request_counts_.throttled;
  carry_out(state_.on_outcome(outcome, describe_outcome(outcome), {}, now()));
}

void ApiClient::Call::carry_out(NextStep next) {
  if (next.queue_pause) api_.queue_.pause_for(*next.queue_pause);
  switch (next.action) {
    case NextStep::Action::Send:
      return send();
    case NextStep::Action::WaitFor:
      return wait_for(next);
    case NextStep::Action::RefreshToken:
      return refresh_token();
    case NextStep::Action::FollowRedirect:
      return transmit({}, next.target);
    case NextStep::Action::GiveUp: {
      const auto self = shared_from_this();
      api_.forget(this);
      return exchange_->fail(next.failure);
    }
    case NextStep::Action::Done: {
      const auto self = shared_from_this();
      api_.forget(this);
      return exchange_->accept();
    }
  }
}

void ApiClient::Call::wait_for(const NextStep& next) {
  const model::Failure& failure = next.failure;
  if (!api_.circuit_.ever_reached() && route_ != Route::Download && !std::exchange(api_.unreachable_logged_, true))
    base::log::warning("{}; retrying", failure.message);
  base::log::write(base::log::Level::Debug,
                   fmt::format("{}; attempt {} in {} ms", failure.message, state_.attempts() + 1, next.delay.count()),
                   model::log_fields(failure));
  if (!timer_) timer_ = api_.timers_.add_timer([this] { send(); });
  timer_->start(next.delay);
}

CallState::Moment ApiClient::Call::now() const {
  return {api_.timers_.monotonic_now(), api_.clock_.now(), api_.random_.unit()};
}

model::Failure ApiClient::Call::describe_outcome(const net::Outcome& outcome) const {
  return {.message = fmt::format("{}: {}", name_, describe(outcome, {token_})),
          .http_status = outcome ? outcome->status : 0,
          .tracking_id = tracking_id_};
}

}  // namespace wxcc::webex
