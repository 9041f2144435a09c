// SPDX-License-Identifier: Apache-2.0
#include "cli/login/callback.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/url.h"

namespace wxcc::cli {
namespace {

using net::HttpListener;

constexpr std::string_view kPage = R"(<!doctype html><html lang="en"><meta charset="utf-8"><title>{0}</title>
<body style="font-family:sans-serif;max-width:40em;margin:4em auto"><h1>{0}</h1><p>{1}</p></body></html>
)";

std::string escape_html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else
      result += c;
  }
  return result;
}

std::optional<net::SocketAddress> loopback_address(const std::optional<base::Url>& url) {
  if (!url || url->scheme != "http") return std::nullopt;
  auto address = net::SocketAddress::of(url->host, static_cast<std::uint16_t>(url->port));
  if (!address || !address->is_loopback()) return std::nullopt;
  return address;
}

net::SocketAddress address_of(const std::string& redirect_uri) {
  const auto address = loopback_address(base::parse_url(redirect_uri));
  if (!address) throw base::Error(fmt::format("redirect_uri {} is not an http URL of a loopback host", redirect_uri));
  return *address;
}

HttpListener::Response html(const CallbackServer::Page& page) {
  return {200,
          "text/html; charset=utf-8",
          fmt::format(fmt::runtime(kPage), escape_html(page.title), escape_html(page.text)),
          // The URL of the page contains the code.
          {{"Referrer-Policy", "no-referrer"}, {"Cache-Control", "no-store"}, {"Connection", "close"}}};
}

}  // namespace

bool CallbackServer::can_listen(const std::string& redirect_uri) {
  return loopback_address(base::parse_url(redirect_uri)).has_value();
}

CallbackServer::CallbackServer(systemd::EventLoop& loop, const std::string& redirect_uri, OnRedirect on_redirect)
    : loop_(loop),
      path_(base::parse_url(redirect_uri).value_or(base::Url{}).path),
      on_redirect_(std::move(on_redirect)),
      listener_(address_of(redirect_uri), loop, {},
                [this](const HttpListener::Request& request) { return respond(request); }) {}

std::optional<HttpListener::Response> CallbackServer::respond(const HttpListener::Request& request) {
  constexpr unsigned kNotFound = 404;
  if (request.path != path_ || (request.method != "GET" && request.method != "HEAD"))
    return HttpListener::Response{kNotFound, "text/plain", "", {{"Connection", "close"}}};
  // A probe, or a reload without parameters.
  if (request.query.empty()) return html({"Waiting for the login", "This page receives the redirect from Webex."});
  if (page_) return html(*page_);
  if (on_redirect_)
    loop_.post([on_redirect = std::exchange(on_redirect_, nullptr), query = request.query] { on_redirect(query); });
  return std::nullopt;
}

void CallbackServer::finish(const Page& page, std::function<void()> done) {
  if (!page_) page_ = page;
  listener_.resume();
  listener_.when_idle(std::move(done));
}

}  // namespace wxcc::cli
