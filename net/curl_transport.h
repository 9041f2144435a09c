// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/file.h"
#include "net/transport.h"
#include "systemd/event_loop.h"

namespace wxcc::net {

// Transport over libcurl's multi interface, driven by the event loop (curl_multi_socket_action). HTTP/2 where the
// server offers it over TLS, connections reused, gzip accepted, certificates and host names always verified (TLS 1.2 or
// newer). Only http and https URLs; plain http is for loopback hosts only, anything else fails as BadRequest. The
// environment's https_proxy and no_proxy apply, but not to loopback hosts; the bearer token goes to the server, never
// to a proxy. No cookies, no .netrc. The first transport of a process ignores SIGPIPE unless the program handles it.
class CurlTransport final : public Transport {
 public:
  struct Options {
    base::Path ca_file{};  // PEM file of a private authority, used instead of the system's; empty: the system's
    std::string user_agent{};
    int connections_per_host = 32;
  };
  // The loop must outlive the transport. Destroying the transport cancels what is under way, also from within a
  // callback of its own; a Transfer that is left over then does nothing. An exception that a callback throws ends the
  // loop's run().
  CurlTransport(systemd::EventLoop& loop, Options options);
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  [[nodiscard]] std::unique_ptr<Transfer> start(Request request, Done done) override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wxcc::net
