// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/file.h"
#include "base/secret.h"
#include "net/socket_address.h"

namespace wxcc::monitor {

// Where monitors get what the service publishes, by the names of the configuration keys.
struct Settings {
  std::optional<net::SocketAddress> metrics_listen;  // std::nullopt: no HTTP
  base::Path metrics_file;                           // empty: none
  base::Secret heartbeat_url;                        // has the monitor's key; empty: none
};

}  // namespace wxcc::monitor
