// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "systemd/event_loop.h"

namespace wxcc::cli {

// Waits on redirect_uri's host and port for the browser that comes back from the authorize page, and shows it a page
// that says how the login went. Listens on loopback only. The HTTP server has threads of its own; everything here runs
// on the loop.
class CallbackServer {
 public:
  // What the browser brought: the redirect's query. Returns what its page is to say.
  struct Page {
    bool good = false;
    std::string text;
  };
  using Arrived = std::function<Page(const std::string& query)>;

  // Throws base::Error naming what is in the way: a redirect_uri that is not of this machine, a port in use.
  CallbackServer(systemd::EventLoop& loop, const std::string& redirect_uri, Arrived arrived);
  ~CallbackServer();
  CallbackServer(const CallbackServer&) = delete;
  CallbackServer& operator=(const CallbackServer&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::cli
