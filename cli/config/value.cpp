// SPDX-License-Identifier: Apache-2.0
#include "cli/config/value.h"

#include <fmt/format.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/json_text.h"
#include "base/text.h"
#include "base/url.h"
#include "net/request_validation.h"

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
    fail_expecting("an https URL (http is for a stand-in on this machine only)");
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

std::vector<std::string> ConfigValue::texts() const {
  if (!node_.is_array()) fail_expecting("a list of strings");
  std::vector<std::string> list;
  for (const base::JsonNode entry : node_) {
    if (!entry.is_string() || entry.text()->empty()) fail_expecting("a list of strings", entry);
    list.emplace_back(*entry.text());
  }
  return list;
}

}  // namespace wxcc::cli
