// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  base::Millis total{120'000};              // from start() to the last byte
  base::Millis stall{30'000};               // without any byte
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

// Any HTTP answer, whatever its status.
struct Response {
  int status = 0;
  Headers headers;  // in order of arrival, of the final answer
  // Content codings removed. Complete as far as HTTP can tell; a packed stream that ends early within a complete
  // message is for the body's parser to notice, libcurl does not.
  std::string body;
  base::Millis took{};
  // Where a 301, 302, 303, 307 or 308 points, absolute; may be pre-signed. Empty: nowhere.
  base::Secret redirect{};

  // The first of that name, in any case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// No HTTP answer arrived, or not all of it.
struct TransferFailure {
  enum class Kind { Resolve, Connect, Tls, Timeout, Stalled, TooLarge, Interrupted, BadRequest };
  Kind kind = Kind::Interrupted;
  std::string message;  // what failed and why, safe to log: the URL without its query, no body, no header
};

using Outcome = base::Expected<Response, TransferFailure>;

// A transfer under way; destroying it cancels it, and its callback is then never called.
class Transfer {
 public:
  virtual ~Transfer() = default;
};

// Starts HTTP transfers that run concurrently on the event loop. Redirects are not followed: an answer of 3xx is an
// answer, whose receiver may start a transfer to where it points.
class Transport {
 public:
  virtual ~Transport() = default;
  using Done = std::function<void(Outcome)>;
  // done is called exactly once, from the loop, never from within start(); it may destroy the Transfer and start
  // others.
  [[nodiscard]] virtual std::unique_ptr<Transfer> start(Request request, Done done) = 0;
};

}  // namespace wxcc::net
