// SPDX-License-Identifier: Apache-2.0
#include "monitor/metrics_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace wxcc::monitor {
namespace {

constexpr unsigned kConnections = 16;
constexpr unsigned kPatienceSeconds = 10;
constexpr const char* kFormat = "text/plain; version=0.0.4; charset=utf-8";

struct Answer {
  unsigned status = MHD_HTTP_OK;
  std::string body;
};

Answer answer_to(std::string_view method, std::string_view path, const MetricsServer::Text& text) {
  if (method != "GET" && method != "HEAD") return {MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n"};
  if (path != "/metrics") return {MHD_HTTP_NOT_FOUND, "the metrics are at /metrics\n"};
  try {
    return {MHD_HTTP_OK, text()};
  } catch (const base::Error& error) {
    base::log::debug("metrics: {}", error.what());
    return {MHD_HTTP_SERVICE_UNAVAILABLE, std::string(error.what()) + "\n"};
  }
}

// Either kind of socket address, as libmicrohttpd wants it.
struct SocketAddress {
  explicit SocketAddress(const ListenAddress& address) {
    if (::inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(address.port);
    } else if (::inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) == 1) {
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(address.port);
      is_v6 = true;
    } else {
      throw base::Error("metrics_listen: " + address.host + " is no IP address");
    }
  }
  [[nodiscard]] const void* get() const { return is_v6 ? static_cast<const void*>(&v6) : &v4; }

  sockaddr_in v4{};
  sockaddr_in6 v6{};
  bool is_v6 = false;
};

struct Stop {
  void operator()(MHD_Daemon* daemon) const { MHD_stop_daemon(daemon); }
};

}  // namespace

struct MetricsServer::Impl {
  Text text;
  std::unique_ptr<MHD_Daemon, Stop> daemon;
  std::unique_ptr<base::Timer> timer;  // ends connections on which nothing comes
  std::unique_ptr<systemd::EventLoop::Source> source;

  void run() {
    MHD_run(daemon.get());
    MHD_UNSIGNED_LONG_LONG wait = 0;
    if (MHD_get_timeout(daemon.get(), &wait) == MHD_YES)
      timer->start(base::Millis(wait));
    else
      timer->stop();
  }

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path, const char* method,
                               const char*, const char*, size_t* upload_size, void** state) noexcept {
    // Called first with the headers alone; a body is passed over.
    static int begun = 0;
    if (*state == nullptr) {
      *state = &begun;
      return MHD_YES;
    }
    if (*upload_size != 0) {
      *upload_size = 0;
      return MHD_YES;
    }
    try {
      const Answer answer = answer_to(method, path, static_cast<Impl*>(self)->text);
      MHD_Response* const response = MHD_create_response_from_buffer(
          answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
      if (response == nullptr) return MHD_NO;
      MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, kFormat);
      const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
      MHD_destroy_response(response);
      return queued;
    } catch (const std::exception& error) {
      base::log::error("metrics: {}", error.what());
      return MHD_NO;
    }
  }
};

MetricsServer::MetricsServer(const ListenAddress& address, systemd::EventLoop& loop, Text text)
    : impl_(std::make_unique<Impl>()) {
  impl_->text = std::move(text);
  const SocketAddress where(address);
  const unsigned flags = MHD_USE_EPOLL | (where.is_v6 ? MHD_USE_IPv6 : MHD_NO_FLAG);
  errno = 0;
  impl_->daemon.reset(MHD_start_daemon(flags, address.port, nullptr, nullptr, &Impl::on_request, impl_.get(),
                                       MHD_OPTION_SOCK_ADDR, where.get(), MHD_OPTION_CONNECTION_LIMIT, kConnections,
                                       MHD_OPTION_CONNECTION_TIMEOUT, kPatienceSeconds, MHD_OPTION_END));
  if (!impl_->daemon)
    throw base::Error(fmt::format("metrics_listen: {} port {}: {}", address.host, address.port, std::strerror(errno)));
  const int epoll = MHD_get_daemon_info(impl_->daemon.get(), MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  impl_->timer = loop.add_timer([impl = impl_.get()] { impl->run(); });
  impl_->source = loop.watch_descriptor(epoll, EPOLLIN, [impl = impl_.get()](std::uint32_t) { impl->run(); });
}

MetricsServer::~MetricsServer() = default;

std::uint16_t MetricsServer::port() const {
  return MHD_get_daemon_info(impl_->daemon.get(), MHD_DAEMON_INFO_BIND_PORT)->port;
}

}  // namespace wxcc::monitor
