// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::monitor {

// Reports to an external monitor (such as healthchecks.io) that all is well, by a GET of its URL. The URL contains the
// customer's key, so only its host is logged. Failures are logged when they begin and when they end.
class Heartbeat {
 public:
  // With an empty URL send() does nothing. The transport must outlive this.
  Heartbeat(base::Secret url, net::Transport& transport);

  // Cancels the previous request when it is still under way.
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
