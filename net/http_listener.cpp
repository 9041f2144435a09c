// SPDX-License-Identifier: Apache-2.0
#include "net/http_listener.h"

#include <fmt/format.h>
#include <microhttpd.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace wxcc::net {
namespace {

base::FileDescriptor listening_socket(const SocketAddress& address) {
  base::FileDescriptor fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Not SO_REUSEPORT, with which two programs would share the port.
  const int yes = 1;
  if (!fd.valid() || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(fd.get(), address.get(), address.size()) != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
    throw base::Error(fmt::format("cannot listen on {}: {}", address.text(), std::strerror(errno)));
  return fd;
}

struct Exchange {
  HttpListener::Request request;
  std::size_t body_bytes = 0;
  bool header_complete = false;
};

struct StopDaemon {
  void operator()(MHD_Daemon* daemon) const { MHD_stop_daemon(daemon); }
};

}  // namespace

// One request: on_target (first line), on_request (headers), on_request (each part of the body), on_request (complete;
// again after a resume), on_completed (sent, or the connection is gone).
struct HttpListener::Impl {
  Limits limits;
  Handler handler;
  SocketAddress address;
  std::size_t open_requests = 0;  // between on_target and on_completed
  std::set<MHD_Connection*> held;
  std::function<void()> idle;
  std::unique_ptr<MHD_Daemon, StopDaemon> daemon;
  std::unique_ptr<base::Timer> timer;  // the library's own timeouts, and a requested turn
  std::unique_ptr<systemd::EventLoop::Source> source;

  void run() {
    MHD_run(daemon.get());
    MHD_UNSIGNED_LONG_LONG wait = 0;
    if (MHD_get_timeout(daemon.get(), &wait) == MHD_YES)
      timer->start(base::Millis(wait));
    else
      timer->stop();
    // Last: it may destroy this.
    if (idle && open_requests == 0) std::exchange(idle, nullptr)();
  }

  void resume_held() {
    for (MHD_Connection* const connection : std::exchange(held, {})) MHD_resume_connection(connection);
  }

  MHD_Result respond(MHD_Connection* connection, const Request& request) {
    const std::optional<Response> response = handler(request);
    if (!response) {
      held.insert(connection);
      MHD_suspend_connection(connection);
      return MHD_YES;
    }
    MHD_Response* const message = MHD_create_response_from_buffer(
        response->body.size(), const_cast<char*>(response->body.data()), MHD_RESPMEM_MUST_COPY);
    if (message == nullptr) return MHD_NO;
    MHD_add_response_header(message, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type.c_str());
    for (const auto& [name, value] : response->headers) MHD_add_response_header(message, name.c_str(), value.c_str());
    const MHD_Result queued = MHD_queue_response(connection, response->status, message);
    MHD_destroy_response(message);
    return queued;
  }

  static void* on_target(void* self, const char* target, MHD_Connection*) noexcept {
    auto exchange = std::make_unique<Exchange>();
    const std::string_view text = target;
    const auto question = text.find('?');
    exchange->request.path = text.substr(0, question);
    if (question != std::string_view::npos) exchange->request.query = text.substr(question + 1);
    ++static_cast<Impl*>(self)->open_requests;
    return exchange.release();
  }

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char*, const char* method, const char*,
                               const char*, size_t* upload_size, void** state) noexcept {
    auto* const impl = static_cast<Impl*>(self);
    auto* const exchange = static_cast<Exchange*>(*state);
    try {
      if (!exchange->header_complete) {
        exchange->header_complete = true;
        exchange->request.method = method;
        return MHD_YES;
      }
      if (*upload_size != 0) {
        exchange->body_bytes += std::exchange(*upload_size, 0);
        return exchange->body_bytes > impl->limits.body_bytes ? MHD_NO : MHD_YES;
      }
      return impl->respond(connection, exchange->request);
    } catch (const std::exception& error) {
      base::log::error("HTTP request to {}: {}", impl->address.text(), error.what());
      return MHD_NO;
    }
  }

  static void on_completed(void* self, MHD_Connection* connection, void** state, MHD_RequestTerminationCode) noexcept {
    auto* const impl = static_cast<Impl*>(self);
    impl->held.erase(connection);
    delete static_cast<Exchange*>(std::exchange(*state, nullptr));
    --impl->open_requests;
  }
};

HttpListener::HttpListener(const SocketAddress& address, systemd::EventLoop& loop, Limits limits, Handler handler)
    : impl_(std::make_unique<Impl>()) {
  Impl* const impl = impl_.get();
  impl->limits = limits;
  impl->handler = std::move(handler);
  base::FileDescriptor socket = listening_socket(address);
  impl->address = SocketAddress::of_socket(socket.get());
  const auto idle_seconds = std::chrono::ceil<std::chrono::seconds>(limits.idle).count();
  impl->daemon.reset(MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &Impl::on_request,
                                      impl,                                                                //
                                      MHD_OPTION_LISTEN_SOCKET, socket.get(),                              //
                                      MHD_OPTION_CONNECTION_LIMIT, limits.connections,                     //
                                      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(idle_seconds),  //
                                      MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.header_bytes,             //
                                      MHD_OPTION_URI_LOG_CALLBACK, &Impl::on_target, impl,                 //
                                      MHD_OPTION_NOTIFY_COMPLETED, &Impl::on_completed, impl, MHD_OPTION_END));
  if (!impl->daemon)
    throw base::Error(fmt::format("cannot listen on {}: libmicrohttpd does not start", address.text()));
  socket.release();  // the daemon closes it
  const int epoll = MHD_get_daemon_info(impl->daemon.get(), MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  impl->timer = loop.add_timer([impl] { impl->run(); });
  impl->source = loop.watch_descriptor(epoll, EPOLLIN, [impl](std::uint32_t) { impl->run(); });
}

HttpListener::~HttpListener() {
  // The library does not stop with a suspended connection. What is resumed here is closed without a response.
  impl_->resume_held();
}

const SocketAddress& HttpListener::address() const {
  return impl_->address;
}

void HttpListener::resume() {
  impl_->resume_held();
  impl_->timer->start(base::Millis{0});
}

void HttpListener::when_idle(std::function<void()> done) {
  impl_->idle = std::move(done);
  impl_->timer->start(base::Millis{0});
}

}  // namespace wxcc::net
