// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "webex/api_client.h"

namespace wxcc::webex {

// Handles the responses of one call.
class ApiClient::Exchange {
 public:
  virtual ~Exchange() = default;
  // Parses the response of a 2xx status and stores the result; may be called once per attempt.
  virtual BodyCheck read(net::Response&& response) = 0;
  // Passes on the result of the last read().
  virtual void accept() = 0;
  virtual void fail(const model::Failure& failure) = 0;
};

// Carries out the steps of a CallState: budget, token, transfer, delays.
class ApiClient::Call : public std::enable_shared_from_this<Call> {
 public:
  Call(ApiClient& api, Route route, std::string name, net::Request request, Priority priority,
       std::unique_ptr<Exchange> exchange);
  void send();

 private:
  void authorize();
  void refresh_token();
  void transmit(const base::Secret& token, const base::Secret& redirect);
  void on_outcome(net::Outcome&& outcome);
  void carry_out(NextStep next);
  void wait_for(const NextStep& next);
  [[nodiscard]] CallState::Moment now() const;
  [[nodiscard]] model::Failure describe_outcome(const net::Outcome& outcome) const;

  ApiClient& api_;
  const Route route_;
  const std::string name_;
  const net::Request request_;  // without token, tracking id and redirect
  const Priority priority_;
  const std::unique_ptr<Exchange> exchange_;
  CallState state_;

  // Of the request that was sent last.
  base::Secret token_;
  std::string tracking_id_;
  std::unique_ptr<net::Transfer> transfer_;

  std::unique_ptr<base::Timer> timer_;
};

}  // namespace wxcc::webex
