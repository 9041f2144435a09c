// SPDX-License-Identifier: Apache-2.0
#include "net/request_validation.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>

#include "base/text.h"
#include "base/url.h"

namespace wxcc::net {
namespace {

constexpr std::size_t kMaxUrlLength = 64U << 10U;

// RFC 9110 5.6.2, token.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return base::is_alphanumeric(c) || kMarks.find(c) != std::string_view::npos;
  });
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

std::optional<std::string> validate_url(const std::string& text) {
  if (text.size() > kMaxUrlLength) return "the URL is too long";
  const auto url = base::parse_url(text);
  if (!url) return "not an http or https URL";
  if (url->scheme == "http" && !is_loopback_host(url->host))
    return "plain http is allowed for loopback hosts only; use an https URL";
  return std::nullopt;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text(host);
  in_addr four{};
  // Linux connects to the unspecified address by way of the loopback, and servers print it as theirs.
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1)
    return (ntohl(four.s_addr) >> 24U) == 127 || four.s_addr == htonl(INADDR_ANY);
  in6_addr six{};
  return ::inet_pton(AF_INET6, text.c_str(), &six) == 1 &&
         (IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_UNSPECIFIED(&six));
}

std::optional<std::string> validate(const Request& request) {
  if (auto error = validate_url(request.url)) return error;
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return fmt::format("invalid header name \"{}\"", base::excerpt(name, 40));
    if (base::equals_ignoring_case(name, "Authorization")) return "Authorization is set from the bearer token only";
    if (has_control_characters(value)) return fmt::format("header {} has control characters", name);
  }
  const std::string& bearer = request.bearer.reveal();
  if (has_control_characters(bearer) || bearer.find_first_of(" \t") != std::string::npos)
    return "the bearer token has blanks or control characters";
  if (request.method == Method::Get && !request.body.empty()) return "a GET request has no body";
  return std::nullopt;
}

}  // namespace wxcc::net
