// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/url.h"

namespace wxcc::simulator {

// An HTTP request, as far as the simulated services read it.
struct Request {
  std::string method;
  std::string path;  // percent-decoded
  base::Form query;
  std::string body;
  std::string authorization;
  std::string tracking_id;
};

// How a response's bytes travel.
enum class Transmission {
  Whole,
  Reset,      // not a byte, and the connection is reset
  Truncated,  // half of the body, then the connection ends although more was announced
  Stall,      // half of the body, then silence
  Slow,       // in small pieces
  Endless,    // a body of blanks, far larger than any client should accept
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json;charset=UTF-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
  Transmission transmission = Transmission::Whole;
};

// A slow body comes in this many pieces.
inline constexpr int kSlowPieces = 20;

// How long and how much the faulted transmissions are.
struct TransmissionLimits {
  std::chrono::milliseconds stall_for;
  std::chrono::milliseconds slow_for;
  std::size_t endless_bytes;
};

// The error envelope of the regional hosts: {"trackingId", "error": {"key", "message": [{"description"}]}}.
Response contact_center_error(const Request& request, int status, const std::string& description);

// The error envelope of the token host: {"message", "errors": [{"description"}], "trackingId"}.
Response platform_error(const Request& request, int status, const std::string& message);

// The XML error of the object store.
Response storage_error(const Request& request, int status, const std::string& code, const std::string& message);

Response html_page(int status, const std::string& title, const std::string& body);

// With the characters replaced that HTML gives a meaning to.
std::string escape_html(const std::string& text);

}  // namespace wxcc::simulator
