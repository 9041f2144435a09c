// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "systemd/event_loop.h"

namespace wxcc::cli {

// Waits on redirect_uri's host and port for the browser that comes back from the authorize page, holds it until it is
// known how the login went, and shows it a page that says so. Listens on loopback only. The HTTP server has threads of
// its own; the callback runs on the loop.
class CallbackServer {
 public:
  // Whether this process can listen on that address: plain http, of this machine.
  static bool serves(const std::string& redirect_uri);

  // Called once, with the query of the first redirect that carries one.
  using Arrived = std::function<void(const std::string& query)>;

  // Throws base::Error that names what is in the way, such as a port in use.
  CallbackServer(systemd::EventLoop& loop, const std::string& redirect_uri, Arrived arrived);
  // Returns after the browser has its page.
  ~CallbackServer();
  CallbackServer(const CallbackServer&) = delete;
  CallbackServer& operator=(const CallbackServer&) = delete;

  // What the page says, for the browser that waits and for those that come later.
  struct Page {
    std::string title;
    std::string text;
  };
  void answer(const Page& page);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wxcc::cli
