// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "base/instant.h"
#include "base/secret.h"

namespace wxcc::net {

enum class Method { Get, Post };

struct Limits {
  base::Millis connect{15'000};
  base::Millis total{120'000};              // from start() to the last byte; while waiting for a free connection of a
                                            // host with all connections in use it is checked when one becomes free
  std::chrono::seconds idle_timeout{30};    // of a connected transfer with less than a byte per second; at least 1 s
  std::size_t response_bytes = 64U << 20U;  // of the decoded body
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::Get;
  std::string url;
  Headers headers;      // besides Authorization
  base::Secret bearer;  // sent as "Authorization: Bearer ..." to this URL's origin only; empty: no such header
  std::string body;     // Post
  Limits limits;
};

// Any HTTP response, whatever its status.
struct Response {
  int status = 0;
  Headers headers;  // in order of arrival, of the final response
  // Content codings removed. Complete as far as HTTP can tell; a compressed stream that ends early within a complete
  // message is for the body's parser to notice, libcurl does not.
  std::string body;
  // The absolute target of a 301, 302, 303, 307 or 308; may be pre-signed. Empty: no redirect.
  base::Secret redirect{};

  // The first of that name, in any case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// No HTTP response arrived, or not all of it.
struct TransferFailure {
  enum class Kind {
    Resolve,
    Connect,
    Tls,
    Timeout,      // limits.connect or limits.total
    Stalled,      // limits.idle_timeout
    TooLarge,     // limits.response_bytes
    Interrupted,  // the connection closed, or the response is not valid HTTP
    BadRequest,   // never sent
  };
  Kind kind = Kind::Interrupted;
  std::string message;  // what failed and why, safe to log: the URL without its query, no body, no header
};

// A summary of the kind without any part of the URL, and a hint for the operator (empty: none).
std::string_view summary_of(TransferFailure::Kind kind);
std::string_view hint_for(TransferFailure::Kind kind);

using Outcome = base::Expected<Response, TransferFailure>;

// A transfer under way; destroying it cancels it, and its callback is then never called.
class Transfer {
 public:
  virtual ~Transfer() = default;
};

// Starts HTTP transfers that run concurrently on the event loop. Redirects are not followed: a 3xx is a
// response like any other.
class Transport {
 public:
  virtual ~Transport() = default;
  using Done = std::function<void(Outcome&&)>;
  // done is called exactly once, from the loop, never from within start(); it may destroy the Transfer and start
  // others. The outcome is the receiver's: its body may be moved from.
  [[nodiscard]] virtual std::unique_ptr<Transfer> start(Request request, Done done) = 0;
};

}  // namespace wxcc::net
