// SPDX-License-Identifier: Apache-2.0
#include "cli/config/value.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "base/error.h"
#include "base/json_text.h"
#include "base/text.h"
#include "base/url.h"
#include "net/request_validation.h"
#include "webex/search_query.h"

namespace wxcc::cli {

namespace ch = std::chrono;

void ConfigSource::fail(std::string_view key, std::string_view what) const {
  const auto line = base::line_of_json_member(text, key);
  throw base::ConfigurationError(
      fmt::format("{}:{}: \"{}\": {}", file.string(), line.value_or(1), base::excerpt(key, 60), what));
}

void ConfigValue::fail_expecting(std::string_view what, base::JsonNode found) const {
  const auto text = found.text();
  fail(fmt::format("expected {}, found {}", what,
                   text ? fmt::format("\"{}\"", base::excerpt(*text, 60)) : std::string(found.kind())));
}

std::string ConfigValue::text() const {
  const auto found = node_.text();
  if (!found) fail_expecting("a string");
  return std::string(*found);
}

base::Path ConfigValue::path() const {
  const std::string name = text();
  if (name.empty()) fail_expecting("a file name");
  return (source_.file.parent_path() / name).lexically_normal();
}

std::string ConfigValue::url() const {
  std::string found = text();
  if (!base::parse_url(found)) fail_expecting("a URL like https://webexapis.com/v1");
  return found;
}

std::string ConfigValue::api_url() const {
  std::string found = url();
  const auto parsed = base::parse_url(found);
  if (parsed->scheme != "https" && !net::is_loopback_host(parsed->host))
    fail_expecting("an https URL (http is accepted for loopback hosts only)");
  return found;
}

base::Millis ConfigValue::duration(base::Millis min) const {
  const auto found = node_.is_boolean() ? std::nullopt : base::parse_duration(node_.scalar_text().value_or(""));
  if (!found || *found < min)
    fail_expecting(fmt::format("a duration like \"90s\", \"15m\", \"6h\", \"3d\" or a number of seconds, at least {}",
                               base::humanize(ch::ceil<ch::seconds>(min))));
  return *found;
}

int ConfigValue::number(int min, int max) const {
  const auto found = node_.integer();
  if (!found || *found < min || *found > max) fail_expecting(fmt::format("a whole number from {} to {}", min, max));
  return static_cast<int>(*found);
}

base::Secret ConfigValue::secret() const {
  return base::Secret(text());
}

base::Secret ConfigValue::secret_url() const {
  const auto found = node_.text();
  const auto url = base::parse_url(found.value_or(""));
  // The message does not quote the value.
  if (!url || (url->scheme != "https" && !net::is_loopback_host(url->host))) fail("expected an https URL");
  return base::Secret(std::string(*found));
}

std::vector<std::string> ConfigValue::texts() const {
  if (!node_.is_array()) fail_expecting("a list of strings");
  std::vector<std::string> list;
  for (const base::JsonNode entry : node_) {
    if (!entry.is_string() || entry.text()->empty()) fail_expecting("a list of strings", entry);
    list.emplace_back(*entry.text());
  }
  return list;
}

std::vector<std::string> ConfigValue::channels() const {
  auto list = texts();
  if (list.empty() || !std::all_of(list.begin(), list.end(), webex::is_channel_literal))
    fail_expecting("a list like [\"chat\", \"email\"]: letters, digits and _");
  return list;
}

AuthMethod ConfigValue::auth_method() const {
  const auto method = kAuthMethodNames.parse(text());
  if (!method) fail_expecting("\"browser\", \"curl\" (headless) or \"service_app\"");
  return *method;
}

base::log::Level ConfigValue::log_level() const {
  const auto level = base::log::parse_level(text());
  if (!level) fail_expecting("trace, debug, info, warning or error");
  return *level;
}

std::optional<base::Path> ConfigValue::log_file() const {
  return node_.text() == "" ? std::nullopt : std::optional(path());
}

base::Path ConfigValue::metrics_file() const {
  base::Path file = path();
  if (file.extension() != ".prom") fail_expecting("a file name that ends with .prom");
  return file;
}

net::SocketAddress ConfigValue::listen_address() const {
  const auto address = net::SocketAddress::parse(node_.scalar_text().value_or(""));
  if (!address) fail_expecting("a port, or an IP address and a port like \"127.0.0.1:9464\"");
  return *address;
}

ch::minutes ConfigValue::url_expiration() const {
  return ch::ceil<ch::minutes>(std::min<base::Millis>(duration(ch::seconds{1}), ch::hours{1}));
}

model::BackfillStart ConfigValue::backfill_start() const {
  if (const auto date = base::parse_date(node_.text().value_or(""))) return {ch::sys_days{*date}, {}};
  const auto lookback = node_.is_boolean() ? std::nullopt : base::parse_duration(node_.scalar_text().value_or(""));
  if (!lookback) fail_expecting("a date like \"2026-01-01\" or a lookback like \"28d\"");
  return {std::nullopt, *lookback};
}

base::Zone ConfigValue::zone() const {
  auto zone = base::Zone::find(text());
  if (!zone) fail(zone.error());
  return *zone;
}

}  // namespace wxcc::cli
