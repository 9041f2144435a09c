// SPDX-License-Identifier: Apache-2.0
#include "webex/endpoints.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/url.h"

namespace wxcc::webex {
namespace {

std::string without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

std::string without_ending(std::string url, std::string_view ending) {
  if (url.ends_with(ending)) url.resize(url.size() - ending.size());
  return url;
}

// The REST root of Webex is versioned; a bare host means version 1.
std::string rest_root(std::string url) {
  const auto parsed = base::parse_url(url);
  return parsed && parsed->path == "/" ? url + "/v1" : url;
}

// A query that the configuration has ("?prompt=login") stays behind the path.
std::string rest_call(std::string_view configured, std::string_view call) {
  const auto path_end = std::min(configured.find('?'), configured.size());
  const std::string url = without_slash(configured.substr(0, path_end));
  const std::string_view query = configured.substr(path_end);
  return fmt::format("{}{}", url.ends_with(call) ? url : rest_root(url) + std::string(call), query);
}

}  // namespace

Endpoints endpoints_from(std::string_view base, std::string_view authorize, std::string_view contact_center) {
  const std::string region = without_ending(without_ending(without_slash(contact_center), "/search"), "/v1");
  return {rest_call(authorize, "/authorize"), rest_call(base, "/access_token"), region + "/search",
          region + "/v1/captures/query"};
}

}  // namespace wxcc::webex
