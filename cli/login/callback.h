// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "net/http_listener.h"

namespace wxcc::cli {

// Listens on redirect_uri's host and port, loopback only, for the redirect from the authorization page. The browser's
// request is held until the result of the login is known; the response is a page with that result.
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
  // Responds to the held request and to later ones; only the first page given counts. Calls back, on a later turn of
  // the loop, when no request is held any more.
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
