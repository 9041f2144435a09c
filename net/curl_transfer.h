// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>

#include "base/timers.h"
#include "net/curl_handle.h"
#include "net/curl_transport.h"
#include "net/transport.h"

namespace wxcc::net {

// One request and the answer that is growing for it, on one easy handle. Collects, limits and measures; the transport
// moves it along. Must stay where it is while it has a handle, which refers to it.
class CurlTransfer {
 public:
  using Steady = std::chrono::steady_clock;

  CurlTransfer(Request request, Transport::Done done);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Sets every option of the request on a fresh handle. Throws base::Error.
  void attach(EasyHandle easy, const CurlTransport::Options& options);
  // The handle without any trace of the request, for the next one; empty when it has none.
  [[nodiscard]] EasyHandle detach();

  // Once libcurl says that the transfer is over. Rethrows what a callback threw (bad_alloc).
  [[nodiscard]] Outcome outcome(CURLcode code);

  // How long the total and the stall limit still allow; zero: out_of_patience() says which one is used up.
  [[nodiscard]] base::Millis patience_left(Steady::time_point now) const;
  [[nodiscard]] TransferFailure out_of_patience(Steady::time_point now) const;

  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] Transport::Done take_done() { return std::move(done_); }

  std::unique_ptr<base::Timer> patience;  // the transport's, to look at patience_left() again

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static int on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) noexcept;

  void set_connection_options(const CurlTransport::Options& options);
  void set_request_options();
  bool add_header_line(std::string_view line);
  bool add_body(std::string_view bytes);
  void reserve_body();
  [[nodiscard]] Steady::time_point deadline() const;

  Request request_;
  Transport::Done done_;
  EasyHandle easy_;
  HeaderList header_lines_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  Response response_;
  std::size_t header_bytes_ = 0;
  bool header_complete_ = false;
  std::string_view over_limit_;  // what was too large, if something was
  std::exception_ptr parked_;
  Steady::time_point started_;
  Steady::time_point last_byte_;
  curl_off_t bytes_moved_ = 0;
  bool sending_ = false;  // connected: from here on the stall limit counts
};

}  // namespace wxcc::net
