// SPDX-License-Identifier: Apache-2.0
#include "simulator/wire/http_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "simulator/wire/http_connection.h"

namespace wxcc::simulator {
namespace {

constexpr std::size_t kThreads = 64;  // an idle connection keeps one
constexpr std::size_t kCompressFrom = 1'000'000;
constexpr std::chrono::milliseconds kIdleTime = std::chrono::seconds{60};
constexpr std::size_t kRequestsPerConnection = 100'000;
constexpr const char* kEncodings = "X-Accepted-Encodings";

std::string compress(const std::string& body) {
  std::string result;
  httplib::detail::gzip_compressor compressor;
  compressor.compress(body.data(), body.size(), true, [&](const char* bytes, std::size_t size) {
    result.append(bytes, size);
    return true;
  });
  return result;
}

void send_endless(httplib::Response& response, const std::string& type, std::size_t size) {
  response.set_content_provider(size, type, [](std::size_t, std::size_t length, httplib::DataSink& sink) {
    static const std::string kBlanks(64U << 10U, ' ');
    return sink.write(kBlanks.data(), std::min(length, kBlanks.size()));
  });
}

}  // namespace

class HttpServer::Implementation final : public httplib::Server {
 public:
  Implementation(HttpServer::Handler handler, TransmissionLimits limits)
      : handler_(std::move(handler)), limits_(limits) {
    new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(kIdleTime).count());
    set_keep_alive_max_count(kRequestsPerConnection);
    const auto respond = [this](const httplib::Request& request, httplib::Response& response) {
      serve(request, response);
    };
    Get(".*", respond);
    Post(".*", respond);
    Put(".*", respond);
    Patch(".*", respond);
    Delete(".*", respond);
  }

  int start(int port) {
    const bool bound = port == 0 ? (port = bind_to_any_port("127.0.0.1")) > 0 : bind_to_port("127.0.0.1", port);
    if (!bound)
      throw base::Error(
          fmt::format("listening on port {} of 127.0.0.1 failed; is another program there?", std::max(port, 0)));
    // The library's own backlog of 5 makes a client wait that opens more connections at once.
    ::listen(svr_sock_, SOMAXCONN);
    thread_ = std::thread([this] { listen_after_bind(); });
    while (!is_running()) std::this_thread::yield();
    return port;
  }

  void end() {
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
      ending_ = true;
      for (const socket_t socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    }
    stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    HttpConnection connection(socket, limits_);
    if (!enter(socket)) return false;
    bool good = true;
    bool closed = false;
    while (good && !closed && connection.wait_for_request(kIdleTime))
      good = process_request(connection, false, closed, [](httplib::Request& request) { hide_encodings(request); });
    leave(socket);
    return good;
  }

  // From the library's eyes: it would compress everything.
  static void hide_encodings(httplib::Request& request) {
    const std::string encodings = request.get_header_value("Accept-Encoding");
    request.headers.erase("Accept-Encoding");
    request.headers.emplace(kEncodings, encodings);
  }

  bool enter(socket_t socket) {
    const std::lock_guard lock(mutex_);
    if (ending_) return false;
    sockets_.insert(socket);
    return true;
  }
  // Before the socket is closed, so that its number cannot belong to another one yet.
  void leave(socket_t socket) {
    const std::lock_guard lock(mutex_);
    sockets_.erase(socket);
  }

  void serve(const httplib::Request& from, httplib::Response& to) {
    Request request;
    request.method = from.method;
    request.path = from.path;
    if (const auto question = from.target.find('?'); question != std::string::npos)
      request.query = base::form_decode(std::string_view(from.target).substr(question + 1));
    request.body = from.body;
    request.authorization = from.get_header_value("Authorization");
    request.tracking_id = from.get_header_value("TrackingId");
    const bool accepts_gzip = base::to_lower(from.get_header_value(kEncodings)).find("gzip") != std::string::npos;

    Response response = handler_(std::move(request));
    to.status = response.status;
    for (const auto& [name, value] : response.headers) to.set_header(name, value);
    if (response.transmission == Transmission::Endless) {
      send_endless(to, response.content_type, limits_.endless_bytes);
    } else {
      if (accepts_gzip && response.body.size() > kCompressFrom) {
        response.body = compress(response.body);
        to.set_header("Content-Encoding", "gzip");
      }
      to.set_content(response.body, response.content_type);
    }
    HttpConnection::current()->plan(response.transmission, to.body.size());
  }

  HttpServer::Handler handler_;
  TransmissionLimits limits_;
  std::thread thread_;
  std::mutex mutex_;
  std::set<socket_t> sockets_;
  bool ending_ = false;
};

HttpServer::HttpServer(Handler handler, TransmissionLimits limits)
    : implementation_(std::make_unique<Implementation>(std::move(handler), limits)) {}

HttpServer::~HttpServer() {
  stop();
}

int HttpServer::start(int port) {
  return implementation_->start(port);
}

void HttpServer::stop() {
  implementation_->end();
}

}  // namespace wxcc::simulator
