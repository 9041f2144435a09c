// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::monitor {

// Reports to a monitor elsewhere (healthchecks.io and its like) that all is well, by a GET of its URL. The URL has the
// key of such a monitor's customer, so only its host is logged. Failures are logged when they begin and when they end.
class Heartbeat {
 public:
  // With an empty URL send() does nothing. The transport must outlive this.
  Heartbeat(base::Secret url, net::Transport& transport);

  // Cancels the one before when it is still under way.
  void send();

 private:
  void on_response(const net::Outcome& outcome);

  base::Secret url_;
  std::string host_;
  net::Transport& transport_;
  bool failing_ = false;
  std::unique_ptr<net::Transfer> transfer_;
};

}  // namespace wxcc::monitor
