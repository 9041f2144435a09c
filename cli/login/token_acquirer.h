// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/file.h"
#include "cli/config/config.h"
#include "net/curl_transport.h"
#include "systemd/event_loop.h"
#include "webex/token_set.h"

namespace wxcc::cli {

// Gets tokens from the token host for one login, and checks that they belong to the configured organisation before they
// are stored. The configuration and the loop must outlive it.
class TokenAcquirer {
 public:
  TokenAcquirer(const Config& config, systemd::EventLoop& loop);

  struct Failure {
    enum class Kind { Rejected, Retryable } kind = Kind::Retryable;
    std::string message;  // one line
  };
  using Result = base::Expected<webex::TokenSet, Failure>;
  using Done = std::function<void(const Result&)>;

  // Sends a token request and verifies the organisation of the tokens. Calls back once, from the loop.
  void acquire(net::Request request, const webex::TokenSet& previous, const Done& done);
  // May call back at once.
  void verify_organisation(webex::TokenSet tokens, const Done& done);

 private:
  const Config& config_;
  net::CurlTransport transport_;
  std::unique_ptr<net::Transfer> transfer_;
};

// base::LoginRequired or base::TemporaryFailure.
[[noreturn]] void throw_error(const TokenAcquirer::Failure& failure);

// Writes the token file and prints its name. The caller holds the lock of the token file.
void save_tokens(const Config& config, const webex::TokenSet& tokens, const base::FileLock& lock);

}  // namespace wxcc::cli
