// SPDX-License-Identifier: Apache-2.0
#include "cli/callback_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/url.h"

namespace wxcc::cli {
namespace {

constexpr std::string_view kPage = R"(<!doctype html><html lang="en"><meta charset="utf-8"><title>wxcc-archive</title>
<body style="font-family:sans-serif;max-width:40em;margin:4em auto"><h1>{}</h1><p>{}</p></body></html>
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

// The server's thread hands each request over and waits for the loop's answer.
struct CallbackServer::Impl {
  Impl(systemd::EventLoop& loop, Arrived call)
      : arrived(std::move(call)), bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!bell.valid()) throw base::FileError("creating", "an eventfd", errno);
    source = loop.watch_descriptor(bell.get(), EPOLLIN, [this](std::uint32_t) { answer(); });
  }

  void answer() {
    std::uint64_t rings = 0;
    if (::read(bell.get(), &rings, sizeof rings) < 0) return;
    const std::unique_lock lock(mutex);
    if (!query) return;
    page.set_value(arrived(*query));
    query.reset();
  }

  void serve(const httplib::Request& request, httplib::Response& response) {
    std::future<Page> answered;
    {
      const std::unique_lock lock(mutex);
      if (stopping) return;
      page = {};
      answered = page.get_future();
      query = query_of(request);
    }
    constexpr std::uint64_t kRing = 1;
    if (::write(bell.get(), &kRing, sizeof kRing) < 0) return;
    const Page result = answered.get();
    response.set_content(
        fmt::format(fmt::runtime(kPage), result.good ? "Logged in" : "Not logged in", escape_html(result.text)),
        "text/html; charset=utf-8");
    response.set_header("Connection", "close");
  }

  void stop() {
    {
      const std::unique_lock lock(mutex);
      stopping = true;
      if (query) page.set_value({false, "The login was ended."});
      query.reset();
    }
    server.stop();
    if (thread.joinable()) thread.join();
  }

  Arrived arrived;
  base::FileDescriptor bell;
  std::unique_ptr<systemd::EventLoop::IoSource> source;
  httplib::Server server;
  std::thread thread;
  std::mutex mutex;  // guards what follows
  std::optional<std::string> query;
  std::promise<Page> page;
  bool stopping = false;
};

CallbackServer::CallbackServer(systemd::EventLoop& loop, const std::string& redirect_uri, Arrived arrived)
    : impl_(std::make_unique<Impl>(loop, std::move(arrived))) {
  const auto url = base::parse_url(redirect_uri);
  const bool loopback =
      url && url->scheme == "http" && (url->host == "localhost" || url->host == "::1" || url->host.starts_with("127."));
  if (!loopback) throw base::Error(fmt::format("redirect_uri {} is not an http address of this machine", redirect_uri));
  httplib::Server& server = impl_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(1); };
  server.set_keep_alive_max_count(1);
  const std::string& wanted = url->path;
  server.Get(".*", [this, wanted](const httplib::Request& request, httplib::Response& response) {
    if (request.path == wanted)
      impl_->serve(request, response);
    else
      response.status = 404;
  });
  const std::string host = url->host == "localhost" ? "127.0.0.1" : url->host;
  if (!server.bind_to_port(host, url->port))
    throw base::Error(
        fmt::format("cannot listen on port {} of redirect_uri: is another login or program using it?", url->port));
  impl_->thread = std::thread([this] { impl_->server.listen_after_bind(); });
}

CallbackServer::~CallbackServer() {
  impl_->stop();
}

}  // namespace wxcc::cli
