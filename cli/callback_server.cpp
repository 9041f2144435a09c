// SPDX-License-Identifier: Apache-2.0
#include "cli/callback_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/url.h"

namespace wxcc::cli {
namespace {

constexpr std::string_view kPage = R"(<!doctype html><html lang="en"><meta charset="utf-8"><title>{0}</title>
<body style="font-family:sans-serif;max-width:40em;margin:4em auto"><h1>{0}</h1><p>{1}</p></body></html>
)";

std::string escape_html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string query_of(const httplib::Request& request) {
  const auto question = request.target.find('?');
  return question == std::string::npos ? "" : request.target.substr(question + 1);
}

}  // namespace

// The server's threads hand the first redirect over and wait for the loop's answer.
struct CallbackServer::Impl {
  Impl(systemd::EventLoop& loop, Arrived call)
      : arrived(std::move(call)), bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!bell.valid()) throw base::FileError("creating", "an eventfd", errno);
    source = loop.watch_descriptor(bell.get(), EPOLLIN, [this](std::uint32_t) { hand_over(); });
  }

  void hand_over() {
    std::uint64_t rings = 0;
    if (::read(bell.get(), &rings, sizeof rings) < 0) return;
    std::string redirect;
    {
      const std::lock_guard lock(mutex);
      if (!query || query->empty()) return;
      redirect = std::exchange(*query, "");
    }
    arrived(redirect);
  }

  void serve(const httplib::Request& request, httplib::Response& response) {
    const std::string found = query_of(request);
    Page shown{"Waiting", "This address waits for Webex to send you back."};
    // A probe, or a reload without parameters, does not count.
    if (!found.empty()) {
      std::unique_lock lock(mutex);
      if (!query) {
        query = found;
        constexpr std::uint64_t kRing = 1;
        if (::write(bell.get(), &kRing, sizeof kRing) < 0) page = Page{"Not logged in", "Start the login again."};
      }
      known.wait(lock, [this] { return page.has_value(); });
      shown = *page;
    }
    response.set_content(fmt::format(fmt::runtime(kPage), escape_html(shown.title), escape_html(shown.text)),
                         "text/html; charset=utf-8");
    // The address in the browser's bar holds the code.
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cache-Control", "no-store");
    response.set_header("Connection", "close");
  }

  void answer(const Page& said) {
    const std::lock_guard lock(mutex);
    if (!page) page = said;
    known.notify_all();
  }

  void listen() {
    thread = std::thread([this] {
      server.listen_after_bind();
      ended = true;
    });
    // Stopping a server that does not run yet would be forgotten.
    while (!server.is_running() && !ended) std::this_thread::yield();
  }

  Arrived arrived;
  base::FileDescriptor bell;
  std::unique_ptr<systemd::EventLoop::IoSource> source;
  httplib::Server server;
  std::thread thread;
  std::atomic<bool> ended = false;
  std::mutex mutex;  // guards what follows
  std::condition_variable known;
  std::optional<std::string> query;  // of the first redirect; empty once handed over
  std::optional<Page> page;
};

bool CallbackServer::serves(const std::string& redirect_uri) {
  const auto url = base::parse_url(redirect_uri);
  return url && url->scheme == "http" &&
         (url->host == "localhost" || url->host == "::1" || url->host.starts_with("127."));
}

CallbackServer::CallbackServer(systemd::EventLoop& loop, const std::string& redirect_uri, Arrived arrived)
    : impl_(std::make_unique<Impl>(loop, std::move(arrived))) {
  if (!serves(redirect_uri))
    throw base::Error(fmt::format("redirect_uri {} is not an http address of this machine", redirect_uri));
  const auto url = base::parse_url(redirect_uri);
  httplib::Server& server = impl_->server;
  // Browsers open connections ahead of need, each of which occupies a thread for a while.
  constexpr std::size_t kThreads = 6;
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_keep_alive_max_count(1);
  server.set_keep_alive_timeout(1);
  server.set_read_timeout(1);
  // Not SO_REUSEPORT, the library's default, with which two logins would share the port.
  server.set_socket_options([](int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.Get(".*", [this, wanted = url->path](const httplib::Request& request, httplib::Response& response) {
    if (request.path == wanted)
      impl_->serve(request, response);
    else
      response.status = 404;
  });
  const std::string host = url->host == "localhost" ? "127.0.0.1" : url->host;
  if (!server.bind_to_port(host, url->port))
    throw base::Error(
        fmt::format("cannot listen on port {} of redirect_uri; is another login or program using it?", url->port));
  impl_->listen();
}

CallbackServer::~CallbackServer() {
  impl_->answer({"Not logged in", "The login was ended."});
  impl_->server.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void CallbackServer::answer(const Page& page) {
  impl_->answer(page);
}

}  // namespace wxcc::cli
