// SPDX-License-Identifier: Apache-2.0
#include "base/url.h"

#include <fmt/format.h>

#include "base/text.h"

namespace wxcc::base {
namespace {

bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Url::origin() const {
  return host.find(':') == std::string::npos ? fmt::format("{}://{}:{}", scheme, host, port)
                                             : fmt::format("{}://[{}]:{}", scheme, host, port);
}

std::optional<Url> parse_url(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return std::nullopt;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Url url;
  url.scheme = to_lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.port = url.scheme == "http" ? 80 : 443;
  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto authority_end = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, authority_end);
  rest = authority_end == std::string_view::npos ? std::string_view{} : rest.substr(authority_end);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;

  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    url.host = to_lower(authority.substr(1, close - 1));
    port = authority.substr(close + 1);
    if (!port.empty() && port.front() != ':') return std::nullopt;
  } else {
    const auto separator = authority.find(':');
    url.host = to_lower(authority.substr(0, separator));
    if (separator != std::string_view::npos) port = authority.substr(separator);
  }
  if (url.host.empty()) return std::nullopt;
  if (port.size() > 1) {
    const auto number = parse_unsigned(port.substr(1));
    if (!number || *number == 0 || *number > 65535) return std::nullopt;
    url.port = static_cast<int>(*number);
  }
  const auto question = rest.find('?');
  url.path = rest.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = rest.substr(question + 1);
  return url;
}

std::string strip_credentials(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return excerpt(url);
  const std::string_view scheme = url.substr(0, scheme_end + 3);
  std::string_view rest = url.substr(scheme_end + 3);
  const auto authority = rest.substr(0, rest.find('/'));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  return excerpt(fmt::format("{}{}", scheme, rest));
}

std::string percent_encode(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c))
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

std::string percent_decode(std::string_view text, Plus plus) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else if (text[i] == '+' && plus == Plus::Blank) {
      result += ' ';
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string form_encode(const Form& form) {
  std::string result;
  for (const auto& [name, value] : form) {
    if (!result.empty()) result += '&';
    result += percent_encode(name);
    result += '=';
    result += percent_encode(value);
  }
  return result;
}

Form form_decode(std::string_view text) {
  Form form;
  for (const std::string_view field : split(text, '&')) {
    if (field.empty()) continue;
    const auto equals = field.find('=');
    form.emplace_back(percent_decode(field.substr(0, equals), Plus::Blank),
                      equals == std::string_view::npos ? "" : percent_decode(field.substr(equals + 1), Plus::Blank));
  }
  return form;
}

std::optional<std::string> find_parameter(const Form& form, std::string_view name) {
  for (const auto& [key, value] : form)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace wxcc::base
