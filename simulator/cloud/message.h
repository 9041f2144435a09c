// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/url.h"

namespace wxcc::simulator {

// What the parts of the cloud see of an HTTP request.
struct Request {
  std::string method;
  std::string path;  // percent-decoded
  base::Form query;
  std::string body;
  std::string authorization;
  std::string tracking_id;
  bool accepts_gzip = false;
};

// How an answer's bytes travel.
enum class Transmission {
  Whole,
  Reset,      // not a byte, and the connection is reset
  Truncated,  // half of the body, then the connection ends although more was announced
  Stall,      // half of the body, then silence
  Slow,       // in small pieces
  Endless,    // a body far larger than anybody should accept
};

struct Answer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json;charset=UTF-8";
  std::vector<std::pair<std::string, std::string>> headers;
  Transmission transmission = Transmission::Whole;
};

// The error envelope of the regional hosts: {"trackingId", "error": {"key", "message": [{"description"}]}}. Echoes the
// request's tracking id, or makes one.
Answer contact_center_error(int status, const std::string& description, const std::string& tracking_id);

// The error envelope of the token host: {"message", "errors": [{"description"}], "trackingId"}.
Answer platform_error(int status, const std::string& message);

// What the object store says instead.
Answer storage_error(int status, const std::string& code, const std::string& message);

Answer html_page(int status, const std::string& title, const std::string& body);

// With what HTML gives a meaning to replaced.
std::string escape_html(const std::string& text);

}  // namespace wxcc::simulator
