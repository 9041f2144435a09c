// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/secret.h"
#include "net/transport.h"

namespace wxcc::monitor {

// Tells a monitor elsewhere (healthchecks.io and its like) that all is well, by a GET of its URL. The URL is what such
// a monitor knows its customer by, so only its host is logged. Failures are logged when they begin and when they end.
class Heartbeat {
 public:
  // An empty URL: nobody is told. The transport must outlive this.
  Heartbeat(base::Secret url, net::Transport& transport);

  // One that is still under way is given up.
  void beat();

 private:
  void answered(const net::Outcome& outcome);

  base::Secret url_;
  std::string host_;
  net::Transport& transport_;
  bool failing_ = false;
  std::unique_ptr<net::Transfer> transfer_;
};

}  // namespace wxcc::monitor
