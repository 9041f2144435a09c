// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/exception_trap.h"
#include "net/curl_handle.h"
#include "net/curl_transport.h"
#include "net/transport.h"

namespace wxcc::net {

// One request and the part of its response that has arrived, on one easy handle. Collects and limits; the transport
// drives it. Must not be moved while it has a handle, which refers to it.
class CurlTransfer {
 public:
  CurlTransfer(Request request, Transport::Done done);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Makes a handle with every option of the request. Throws base::Error.
  void attach(const CurlTransport::Options& options);
  void detach() noexcept { easy_.reset(); }

  // Once libcurl reports the transfer as over. Rethrows an exception of a callback (bad_alloc).
  [[nodiscard]] Outcome outcome(CURLcode code);

  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] Transport::Done take_done() { return std::move(done_); }

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  void set_connection_options(const CurlTransport::Options& options);
  void set_request_options();
  bool add_header_line(std::string_view line);
  bool add_body(std::string_view bytes);
  void reserve_body();
  [[nodiscard]] TransferFailure failure(CURLcode code) const;
  [[nodiscard]] TransferFailure timeout_failure() const;

  Request request_;
  Transport::Done done_;
  std::chrono::steady_clock::time_point started_;

  HeaderList header_lines_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  EasyHandle easy_;  // refers to the members above: goes first

  Response response_;
  std::size_t header_bytes_ = 0;
  bool header_complete_ = false;
  std::string_view exceeded_limit_;  // "header" or "body"; empty: neither
  base::ExceptionTrap trap_;         // of the callbacks
};

}  // namespace wxcc::net
