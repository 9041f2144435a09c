// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/name_suggestions.h"
#include "base/text.h"
#include "cli/config/config.h"
#include "cli/config/keys.h"
#include "cli/config/places.h"
#include "cli/config/trust.h"
#include "systemd/credentials.h"

namespace wxcc::cli {
namespace {

using base::ConfigurationError;
using base::JsonNode;
using base::Path;

constexpr std::string_view kApiUrls = "api_urls";

// "; similar: "poll_interval"", if a key has a similar name.
std::string suggestion(std::string_view name) {
  std::string folded = base::to_lower(name);
  std::replace(folded.begin(), folded.end(), '-', '_');
  std::vector<std::string> names;
  for (const Key& key : config_keys()) names.emplace_back(key.name);
  const std::vector<std::string> similar = base::suggest_names(folded, names, 1);
  return similar.empty() ? "" : fmt::format("; similar: \"{}\"", similar.front());
}

class ConfigParser {
 public:
  ConfigParser(const ConfigSource& source, Config& config) : source_(source), config_(config) {}

  void parse(JsonNode root) const {
    if (!root.is_object())
      throw ConfigurationError(fmt::format("{}: expected a JSON object, found {}", source_.file.string(), root.kind()));
    for_each_member(root, "", [this](const std::string& name, JsonNode value) {
      if (name == kApiUrls) return parse_api_urls(value);
      if (name.find('.') != std::string::npos || !parse_key(name, name, value))
        source_.fail(name, fmt::format("unknown key{}", suggestion(name)));
    });
  }

 private:
  // Calls back with the path of each member.
  template <typename Visit>
  void for_each_member(JsonNode object, std::string_view prefix, Visit visit) const {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < object.size(); ++i) {
      const std::string_view name = object.name_at(i);
      const std::string path = fmt::format("{}{}", prefix, name);
      if (!seen.insert(name).second) source_.fail(path, "duplicate key");
      visit(path, object.at(i));
    }
  }

  void parse_api_urls(JsonNode value) const {
    if (value.is_null()) return;
    if (!value.is_object())
      ConfigValue(source_, std::string(kApiUrls), value).fail_expecting("an object with base, auth and contact_center");
    for_each_member(value, "api_urls.", [this](const std::string& path, JsonNode member) {
      // The name of the original Python script.
      const std::string key = path == "api_urls.eu" ? "api_urls.contact_center" : path;
      if (!parse_key(key, path, member)) source_.fail(path, "unknown key; expected base, auth or contact_center");
    });
  }

  // False if the key does not exist.
  [[nodiscard]] bool parse_key(std::string_view name, const std::string& path, JsonNode value) const {
    const auto& keys = config_keys();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& row) { return row.name == name; });
    if (key == keys.end()) return false;
    // null means that the key is not set.
    if (!value.is_null()) key->read(ConfigValue(source_, path, value), config_);
    return true;
  }

  const ConfigSource& source_;
  Config& config_;
};

void derive_endpoints(Config& config) {
  const Config::ApiUrls& urls = config.api_urls;
  config.webex.endpoints =
      webex::endpoints_from(urls.base, urls.auth.empty() ? urls.base : urls.auth, urls.contact_center);
  if (urls.contact_center.empty()) config.webex.endpoints.search.clear();
}

void load_secrets(const ConfigSource& source, Config& config) {
  if (!config.client_secret_file.empty()) {
    if (!config.webex.client.secret.empty())
      source.fail("client_secret_file", "client_secret is set too; set only one of them");
    config.webex.client.secret = read_secret_file(config);
  }
  if (auto secret = systemd::credential("client_secret")) {
    config.webex.client.secret = std::move(*secret);
    config.secret_error.clear();
  }
  if (config.auth_method == AuthMethod::ServiceApp)
    config.webex.login_remedy = "give a new refresh token to \"wxcc-archive login --refresh-token-file\"";
  config.webex.initial_refresh_token = systemd::credential("refresh_token");
}

}  // namespace

Config load_config(const Path& file) {
  std::string text;
  try {
    text = base::read_file(file, 1U << 20U);
  } catch (const base::FileError& error) {
    throw ConfigurationError(fmt::format("configuration: {}", error.what()));
  }
  Config config = parse_config(text, std::filesystem::absolute(file));
  const bool has_secret = config.client_secret_file.empty() && text.find("\"client_secret\"") != std::string::npos;
  base::wipe(text);
  if (has_secret && base::read_access(file) == base::ReadAccess::World)
    config.warnings.push_back(
        fmt::format("{} contains client_secret and is readable by all users; run chmod 640", file.string()));
  return config;
}

Config parse_config(std::string_view text, const Path& file) {
  const auto document = base::JsonDocument::parse(text, base::JsonDocument::Dialect::Relaxed);
  if (!document)
    throw ConfigurationError(fmt::format("{}:{}: {}", file.string(), document.error().line, document.error().message));
  Config config;
  config.file = file;
  config.webex.token_file = default_state_dir(file) / "access_token.json";
  config.archive = default_state_dir(file) / "archive.db";
  const ConfigSource source{text, file};
  ConfigParser(source, config).parse(document->root());
  derive_endpoints(config);
  load_secrets(source, config);
  return config;
}

}  // namespace wxcc::cli
