// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "net/http_listener.h"

namespace wxcc::cli {

// Listens on redirect_uri's host and port, loopback only, for the browser that comes back from the authorize page. The
// browser's request is held until the result of the login is known, which is the page that it gets.
class CallbackServer {
 public:
  // Whether this process can listen on that address: plain http, loopback.
  static bool can_listen(const std::string& redirect_uri);

  // Called once, from the loop, with the query of the first redirect that carries one.
  using OnRedirect = std::function<void(const std::string& query)>;

  // Throws base::Error that names the reason, such as a port in use.
  CallbackServer(systemd::EventLoop& loop, const std::string& redirect_uri, OnRedirect on_redirect);
  CallbackServer(const CallbackServer&) = delete;
  CallbackServer& operator=(const CallbackServer&) = delete;

  struct Page {
    std::string title;
    std::string text;
  };
  // For the browser that waits and for later requests; the first one given stays. Calls back, on a later turn of the
  // loop, when no browser waits for it any more.
  void finish(const Page& page, std::function<void()> done);

 private:
  std::optional<net::HttpListener::Response> respond(const net::HttpListener::Request& request);

  systemd::EventLoop& loop_;
  std::string path_;
  OnRedirect on_redirect_;  // empty: called already
  std::optional<Page> page_;
  net::HttpListener listener_;
};

}  // namespace wxcc::cli
