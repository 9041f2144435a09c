// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/url.h"

namespace wxcc::simulator {

// The parts of an HTTP request that the simulated services read.
struct Request {
  std::string method;
  std::string path;  // percent-decoded
  base::Form query;
  std::string body;
  std::string authorization;
  std::string tracking_id;
};

// The transmission of a response.
enum class Transmission {
  Whole,
  Reset,      // no byte, then a reset of the connection
  Truncated,  // half of the body, then the end of the connection
  Stall,      // half of the body, then no data
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

// The number of pieces of a slow body.
inline constexpr int kSlowPieces = 20;

// The error envelope of the regional hosts: {"trackingId", "error": {"key", "message": [{"description"}]}}.
Response contact_center_error(const Request& request, int status, const std::string& description);

// The error envelope of the token host: {"message", "errors": [{"description"}], "trackingId"}.
Response platform_error(const Request& request, int status, const std::string& message);

// The XML error of the object store.
Response storage_error(const Request& request, int status, const std::string& code, const std::string& message);

Response html_page(int status, const std::string& title, const std::string& body);

// Replaces the special characters of HTML by entities.
std::string escape_html(const std::string& text);

}  // namespace wxcc::simulator
