// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxcc::base {

// The parts of an absolute http or https URL that this project uses (RFC 3986).
struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case; an IPv6 literal without its brackets
  int port = 0;        // the scheme's default when the URL has none
  std::string path;    // at least "/"
  std::string query;   // without the "?"

  // scheme, host and port: what decides where a bearer token may go.
  [[nodiscard]] std::string origin() const;
};

// std::nullopt for other schemes, user information in front of the host, or anything else that is not such a URL.
std::optional<Url> parse_url(std::string_view text);

// The URL without query, fragment and user information, for logs and messages: a pre-signed query is a credential.
std::string strip_credentials(std::string_view url);

// RFC 3986 percent-encoding of everything but unreserved characters; decoding reads "+" as a blank with Plus::Blank.
std::string percent_encode(std::string_view text);
enum class Plus { Literal, Blank };
std::string percent_decode(std::string_view text, Plus plus);

using Form = std::vector<std::pair<std::string, std::string>>;

// application/x-www-form-urlencoded, in the given order; also right as a URL's query.
std::string form_encode(const Form& form);
Form form_decode(std::string_view text);
// The first value of that name.
std::optional<std::string> find_parameter(const Form& form, std::string_view name);

}  // namespace wxcc::base
