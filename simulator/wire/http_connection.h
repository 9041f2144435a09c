// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "simulator/wire/http_server.h"

namespace wxcc::simulator {

// One accepted socket, as cpp-httplib reads and writes it; the place where an response is held up or cut off. Closes
// the socket.
class HttpConnection final : public httplib::Stream {
 public:
  HttpConnection(socket_t socket, const TransmissionLimits& limits);
  ~HttpConnection() override;
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // True when a request may be read within that time; false when the peer, or stop(), ended the connection.
  [[nodiscard]] bool wait_for_request(std::chrono::milliseconds at_most) const;

  // How the response that is written next travels; in force until the next call.
  void plan(Transmission transmission, std::size_t body_size);

  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override;
  ssize_t read(char* bytes, std::size_t size) override;
  ssize_t write(const char* bytes, std::size_t size) override;
  using httplib::Stream::write;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return socket_; }

  // The connection that the calling thread serves.
  static HttpConnection* current();

 private:
  [[nodiscard]] ssize_t send_all(std::string_view bytes) const;
  ssize_t send_faulted(std::string_view bytes);
  // False when the peer, or stop(), ended the connection in the meantime.
  [[nodiscard]] bool hold(std::chrono::milliseconds time) const;

  socket_t socket_;
  const TransmissionLimits& limits_;
  Transmission transmission_ = Transmission::Whole;
  std::size_t body_size_ = 0;
  std::size_t body_sent_ = 0;
  bool header_sent_ = false;
};

}  // namespace wxcc::simulator
