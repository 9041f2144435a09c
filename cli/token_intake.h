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

// Gets tokens from the token host for one login, and makes sure that they are of the configured organisation before
// anybody stores them. The configuration and the loop must outlive it.
class TokenIntake {
 public:
  TokenIntake(const Config& config, systemd::EventLoop& loop);

  struct Failure {
    enum class Kind { Refused, Later } kind = Kind::Later;
    std::string message;  // one line
  };
  using Result = base::Expected<webex::TokenSet, Failure>;
  using Done = std::function<void(const Result&)>;

  // Sends a token request and compares the organisation of what comes back. Calls back once, from the loop.
  void ask(net::Request request, const webex::TokenSet& previous, const Done& done);
  // Only compares; may call back at once.
  void compare(webex::TokenSet tokens, const Done& done);

 private:
  const Config& config_;
  net::CurlTransport transport_;
  std::unique_ptr<net::Transfer> transfer_;
};

// base::LoginNeeded or base::TryAgainLater.
[[noreturn]] void raise(const TokenIntake::Failure& failure);

// Writes the token file and tells the person. The lock is that of the token file, held by the caller.
void store(const Config& config, const webex::TokenSet& tokens, const base::FileLock& lock);

}  // namespace wxcc::cli
