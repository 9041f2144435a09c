// SPDX-License-Identifier: Apache-2.0
#include "simulator/wire/http_server.h"

#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace wxcc::simulator {
namespace {

constexpr std::size_t kMinCompressedBytes = 1'000'000;
constexpr unsigned kIdleTimeoutSeconds = 60;
constexpr std::size_t kBlockBytes = 64U << 10U;

std::string gzip(const std::string& body) {
  constexpr int kGzipFormat = 16;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipFormat, MAX_MEM_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
    return body;
  std::string result(::deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  ::deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  ::deflateEnd(&stream);
  return result;
}

std::string header_of(MHD_Connection* connection, const char* name) {
  const char* value = ::MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? "" : value;
}

int socket_of(MHD_Connection* connection) {
  return ::MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

// A slow, incomplete or oversized body. A connection's own thread reads it, and may therefore wait.
struct FaultedBody {
  Transmission transmission;
  std::string body;
  const Options& options;
  int socket;
  int stopping;  // readable when the server stops

  // False if the client or the server ends the connection.
  [[nodiscard]] bool wait(std::chrono::milliseconds time) const {
    pollfd ends[] = {{socket, POLLRDHUP, 0}, {stopping, POLLIN, 0}};
    int ready = 0;
    do ready = ::poll(ends, std::size(ends), static_cast<int>(time.count()));
    while (ready < 0 && errno == EINTR);
    return ready == 0;
  }

  [[nodiscard]] std::size_t size() const {
    return transmission == Transmission::Endless ? options.huge_body_bytes : body.size();
  }

  ssize_t read(std::size_t position, char* buffer, std::size_t most) const {
    if (transmission == Transmission::Endless) {
      std::memset(buffer, ' ', most);
      return static_cast<ssize_t>(most);
    }
    std::size_t count = std::max<std::size_t>(1, body.size() / kSlowPieces);
    if (transmission == Transmission::Slow) {
      if (!wait(options.slow_for / kSlowPieces)) return MHD_CONTENT_READER_END_WITH_ERROR;
    } else {
      count = body.size() / 2 - std::min(position, body.size() / 2);
      if (count == 0 && transmission == Transmission::Stall) static_cast<void>(wait(options.stall_for));
      if (count == 0) return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    return static_cast<ssize_t>(body.copy(buffer, std::min(count, most), position));
  }
};

MHD_Response* faulted(FaultedBody body) {
  auto* const owned = new FaultedBody(std::move(body));
  return ::MHD_create_response_from_callback(
      owned->size(), kBlockBytes,
      [](void* given, std::uint64_t position, char* buffer, std::size_t most) {
        return static_cast<const FaultedBody*>(given)->read(position, buffer, most);
      },
      owned, [](void* given) { delete static_cast<FaultedBody*>(given); });
}

// Appends a piece of the body. libmicrohttpd calls it first with the header and last without a piece: true then.
bool is_received(const char* bytes, std::size_t* size, void** body) {
  if (*body == nullptr) {
    *body = new std::string;
    return false;
  }
  if (*size == 0) return true;
  static_cast<std::string*>(*body)->append(bytes, *size);
  *size = 0;
  return false;
}

void delete_body(void* /*server*/, MHD_Connection* /*connection*/, void** body,
                 MHD_RequestTerminationCode /*code*/) noexcept {
  delete static_cast<std::string*>(*body);
  *body = nullptr;
}

}  // namespace

int HttpServer::start(int port) {
  stopping_ = base::FileDescriptor(::eventfd(0, EFD_CLOEXEC));
  const MHD_AccessHandlerCallback on_access = [](void* server, MHD_Connection* connection, const char* path,
                                                 const char* method, const char* /*version*/, const char* bytes,
                                                 std::size_t* size, void** body) noexcept {
    if (!is_received(bytes, size, body)) return MHD_YES;
    auto& received = *static_cast<std::string*>(*body);
    const bool is_queued =
        static_cast<HttpServer*>(server)->respond(connection, path, method, std::move(received)) == MHD_YES;
    return is_queued ? MHD_YES : MHD_NO;
  };
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  constexpr unsigned kFlags =
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
  daemon_ = ::MHD_start_daemon(kFlags, 0, nullptr, nullptr, on_access, this, MHD_OPTION_SOCK_ADDR, &address,
                               MHD_OPTION_CONNECTION_TIMEOUT, kIdleTimeoutSeconds, MHD_OPTION_NOTIFY_COMPLETED,
                               delete_body, nullptr, MHD_OPTION_END);
  if (daemon_ == nullptr)
    throw base::Error(fmt::format("cannot listen on 127.0.0.1:{}; check whether another program uses the port", port));
  return ::MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void HttpServer::stop() {
  if (daemon_ == nullptr) return;
  ::eventfd_write(stopping_.get(), 1);
  ::MHD_stop_daemon(std::exchange(daemon_, nullptr));
}

int HttpServer::respond(MHD_Connection* connection, const char* path, const char* method, std::string body) const {
  Request request{
      method, path, {}, std::move(body), header_of(connection, "Authorization"), header_of(connection, "TrackingId")};
  ::MHD_get_connection_values(
      connection, MHD_GET_ARGUMENT_KIND,
      [](void* query, MHD_ValueKind, const char* name, const char* value) {
        static_cast<base::Form*>(query)->emplace_back(name, value == nullptr ? "" : value);
        return MHD_YES;
      },
      &request.query);
  Response response = handler_(std::move(request));
  if (response.transmission == Transmission::Reset) {
    const linger hard{1, 0};
    ::setsockopt(socket_of(connection), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    return MHD_NO;
  }
  if (response.body.size() > kMinCompressedBytes &&
      base::to_lower(header_of(connection, "Accept-Encoding")).find("gzip") != std::string::npos) {
    response.body = gzip(response.body);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  MHD_Response* message =
      response.transmission == Transmission::Whole
          ? ::MHD_create_response_from_buffer(response.body.size(), response.body.data(), MHD_RESPMEM_MUST_COPY)
          : faulted(
                {response.transmission, std::move(response.body), options_, socket_of(connection), stopping_.get()});
  ::MHD_add_response_header(message, "Content-Type", response.content_type.c_str());
  for (const auto& [name, value] : response.headers) ::MHD_add_response_header(message, name.c_str(), value.c_str());
  const int result = ::MHD_queue_response(connection, static_cast<unsigned>(response.status), message);
  ::MHD_destroy_response(message);
  return result;
}

}  // namespace wxcc::simulator
