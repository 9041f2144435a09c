// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <set>
#include <utility>

#include "base/duration.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "net/request_validation.h"
#include "sync/windows.h"
#include "systemd/credentials.h"
#include "webex/search_query.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using base::ConfigurationError;
using base::JsonNode;
using base::Millis;
using base::Path;

constexpr std::string_view kSystemFolder = "/etc/wxcc-archive";
constexpr std::string_view kSystemState = "/var/lib/wxcc-archive";

Path user_config_folder() {
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg != nullptr && *xdg != '\0')
    return Path(xdg) / "wxcc-archive";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return Path(home) / ".config" / "wxcc-archive";
  return {};
}

bool is_within(const Path& path, const Path& folder) {
  const Path below = path.lexically_relative(folder);
  return !below.empty() && *below.begin() != "..";
}

// Where the token file and the archive live unless the configuration says otherwise: what systemd gives the service,
// the system's place for a system-wide configuration (and the same folder below it for that of one of several
// organisations, as the unit wxcc-archive@ has it), else beside the configuration, as the Python script had it.
Path data_folder(const Path& config_file) {
  if (const char* state = std::getenv("STATE_DIRECTORY"); state != nullptr && *state != '\0')
    return std::string(base::split(state, ':').front());
  Path folder = config_file.parent_path();
  if (!is_within(folder, kSystemFolder)) return folder;
  const Path below = folder.lexically_relative(kSystemFolder);
  return below == "." ? Path(kSystemState) : Path(kSystemState) / below;
}

// Reads the values of one object and complains with their place in the file.
class Reader {
 public:
  Reader(std::string_view text, const Path& file, Config& config) : text_(text), file_(file), config_(config) {}

  void read(JsonNode root) {
    if (!root.is_object())
      throw ConfigurationError(fmt::format("{}: expected a JSON object, found {}", file_.string(), root.kind()));
    const auto& keys = known_keys();
    each_member(root, "", [&](std::string_view name, JsonNode value) {
      const auto key =
          std::find_if(keys.begin(), keys.end(), [&](const Key& candidate) { return candidate.name == name; });
      if (key == keys.end()) complain(name, fmt::format("unknown key{}", near(name, keys)));
      // What a program wrote that has no value for it.
      if (value.is_null()) return;
      (this->*key->read)(value);
    });
  }

  [[noreturn]] void complain(std::string_view path, std::string_view what) const {
    const auto line = base::line_of_json_member(text_, path);
    throw ConfigurationError(
        fmt::format("{}:{}: \"{}\": {}", file_.string(), line.value_or(1), base::excerpt(path, 60), what));
  }

  // What the URLs amount to; after read().
  [[nodiscard]] webex::Endpoints endpoints() const {
    webex::Endpoints endpoints =
        webex::endpoints_from(base_url_, auth_url_.empty() ? base_url_ : auth_url_, contact_center_);
    if (contact_center_.empty()) endpoints.search.clear();
    return endpoints;
  }
  [[nodiscard]] const Path& secret_file() const { return secret_file_; }

 private:
  struct Key {
    std::string_view name;
    void (Reader::*read)(JsonNode);
  };

  static const std::vector<Key>& known_keys() {
    static const std::vector<Key> keys = {
        {"auth_method", &Reader::auth_method},
        {"client_id", &Reader::client_id},
        {"client_secret", &Reader::client_secret},
        {"client_secret_file", &Reader::client_secret_file},
        {"org_id", &Reader::org_id},
        {"redirect_uri", &Reader::redirect_uri},
        {"scope", &Reader::scope},
        {"log_level", &Reader::log_level},
        {"log_file", &Reader::log_file},
        {"api_urls", &Reader::api_urls},
        {"token_file", &Reader::token_file},
        {"default_queue", &Reader::default_queue},
        {"url_expiration", &Reader::url_expiration},
        {"archive", &Reader::archive},
        {"channels", &Reader::channels},
        {"queues", &Reader::queues},
        {"poll_interval", &Reader::poll_interval},
        {"settle", &Reader::settle},
        {"overlap", &Reader::overlap},
        {"reconcile_every", &Reader::reconcile_every},
        {"reconcile_reach", &Reader::reconcile_reach},
        {"transcript_deadline", &Reader::transcript_deadline},
        {"second_look", &Reader::second_look},
        {"backfill_from", &Reader::backfill_from},
        {"requests_per_minute", &Reader::requests_per_minute},
        {"max_downloads", &Reader::max_downloads},
        {"timezone", &Reader::timezone},
        {"retention_days", &Reader::retention_days},
        {"metrics_file", &Reader::metrics_file},
        {"metrics_listen", &Reader::metrics_listen},
        {"heartbeat_url", &Reader::heartbeat_url},
        {"ca_file", &Reader::ca_file},
    };
    return keys;
  }

  // " (did you mean "poll_interval"?)" for a key that differs only in case, dashes or a missing part.
  static std::string near(std::string_view name, const std::vector<Key>& keys) {
    std::string folded = base::to_lower(name);
    std::replace(folded.begin(), folded.end(), '-', '_');
    for (const Key& key : keys)
      if (folded.size() > 2 && (key.name == folded || key.name.find(folded) != std::string_view::npos ||
                                folded.find(key.name) != std::string::npos))
        return fmt::format(" (did you mean \"{}\"?)", key.name);
    return "";
  }

  void each_member(JsonNode object, std::string_view prefix,
                   const std::function<void(std::string_view, JsonNode)>& visit) const {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < object.size(); ++i) {
      const std::string_view name = object.name_at(i);
      if (!seen.insert(name).second) complain(fmt::format("{}{}", prefix, name), "stands here twice");
      visit(name, object.at(i));
    }
  }

  [[noreturn]] void expected(std::string_view key, std::string_view what, JsonNode found) const {
    const auto text = found.text();
    complain(key, fmt::format("expected {}, found {}", what,
                              text ? fmt::format("\"{}\"", base::excerpt(*text, 60)) : std::string(found.kind())));
  }

  std::string text(std::string_view key, JsonNode value) const {
    const auto found = value.text();
    if (!found) expected(key, "a string", value);
    return std::string(*found);
  }
  Path path(std::string_view key, JsonNode value) const {
    const std::string name = text(key, value);
    if (name.empty()) expected(key, "a file name", value);
    return (file_.parent_path() / name).lexically_normal();
  }
  std::string url(std::string_view key, JsonNode value) const {
    std::string found = text(key, value);
    if (!base::parse_url(found)) expected(key, "a URL like https://webexapis.com/v1", value);
    return found;
  }
  // Of the cloud: tokens go there.
  std::string api_url(std::string_view key, JsonNode value) const {
    std::string found = url(key, value);
    const auto parsed = base::parse_url(found);
    if (parsed->scheme != "https" && !net::is_loopback_host(parsed->host))
      expected(key, "an https URL (http is for a stand-in on this machine only)", value);
    return found;
  }
  Millis duration(std::string_view key, JsonNode value, Millis least) const {
    const std::string what =
        fmt::format("a duration like \"90s\", \"15m\", \"6h\", \"3d\" or a number of seconds, at least {}",
                    base::for_people(ch::ceil<ch::seconds>(least)));
    const auto found = value.is_boolean() ? std::nullopt : base::parse_duration(value.scalar_text().value_or(""));
    if (!found || *found < least) expected(key, what, value);
    return *found;
  }
  int number(std::string_view key, JsonNode value, int least, int most) const {
    const auto found = value.integer();
    if (!found || *found < least || *found > most)
      expected(key, fmt::format("a whole number from {} to {}", least, most), value);
    return static_cast<int>(*found);
  }
  std::vector<std::string> texts(std::string_view key, JsonNode value) const {
    if (!value.is_array()) expected(key, "a list of strings", value);
    std::vector<std::string> list;
    for (const JsonNode entry : value) {
      if (!entry.is_string() || entry.text()->empty()) expected(key, "a list of strings", entry);
      list.emplace_back(*entry.text());
    }
    return list;
  }

  void auth_method(JsonNode value) {
    const std::string name = text("auth_method", value);
    if (name == "browser")
      config_.auth_method = Config::AuthMethod::Browser;
    else if (name == "curl")
      config_.auth_method = Config::AuthMethod::Headless;
    else if (name == "service_app")
      config_.auth_method = Config::AuthMethod::ServiceApp;
    else
      expected("auth_method", "\"browser\", \"curl\" (headless) or \"service_app\"", value);
  }
  void client_id(JsonNode value) { config_.client.id = text("client_id", value); }
  void client_secret(JsonNode value) { config_.client.secret = base::Secret(text("client_secret", value)); }
  void client_secret_file(JsonNode value) { secret_file_ = path("client_secret_file", value); }
  void org_id(JsonNode value) { config_.org_id = text("org_id", value); }
  void redirect_uri(JsonNode value) { config_.client.redirect_uri = url("redirect_uri", value); }
  void scope(JsonNode value) { config_.client.scope = text("scope", value); }
  void log_level(JsonNode value) {
    const auto level = base::log::parse_level(text("log_level", value));
    if (!level) expected("log_level", "trace, debug, info, warning or error", value);
    config_.log.level = *level;
  }
  void log_file(JsonNode value) {
    // The script's way to have none.
    if (value.text() != "") config_.log.file = path("log_file", value);
  }
  std::string* url_named(std::string_view name) {
    if (name == "base") return &base_url_;
    if (name == "auth") return &auth_url_;
    return name == "contact_center" || name == "eu" ? &contact_center_ : nullptr;
  }
  void api_urls(JsonNode value) {
    if (!value.is_object()) expected("api_urls", "an object with base, auth and contact_center", value);
    each_member(value, "api_urls.", [&](std::string_view name, JsonNode member) {
      const std::string key = fmt::format("api_urls.{}", name);
      std::string* const place = url_named(name);
      if (place == nullptr)
        complain(key, "unknown key; expected base, auth or contact_center");
      else if (!member.is_null())
        *place = api_url(key, member);
    });
  }
  void token_file(JsonNode value) { config_.token_file = path("token_file", value); }
  void default_queue(JsonNode value) { config_.default_queue = text("default_queue", value); }
  void url_expiration(JsonNode value) {
    // The script gave seconds to an API that takes minutes, at most 60.
    constexpr Millis kMost = ch::hours{1};
    const Millis wanted = std::min(duration("url_expiration", value, ch::seconds{1}), kMost);
    config_.url_expiration_minutes = static_cast<int>(ch::ceil<ch::minutes>(wanted).count());
  }
  void archive(JsonNode value) { config_.archive = path("archive", value); }
  void channels(JsonNode value) {
    config_.sync.channels = texts("channels", value);
    const auto& list = config_.sync.channels;
    if (list.empty() || !std::all_of(list.begin(), list.end(), webex::is_channel_literal))
      expected("channels", "a list like [\"chat\", \"email\"]: letters, digits and _", value);
  }
  void queues(JsonNode value) { config_.sync.queues = texts("queues", value); }
  void poll_interval(JsonNode value) {
    config_.daemon.poll_interval = duration("poll_interval", value, ch::seconds{1});
  }
  void settle(JsonNode value) { config_.sync.settle = duration("settle", value, ch::seconds{0}); }
  void overlap(JsonNode value) { config_.sync.overlap = duration("overlap", value, ch::seconds{0}); }
  void reconcile_every(JsonNode value) {
    config_.sync.reconcile_every = duration("reconcile_every", value, ch::seconds{1});
  }
  void reconcile_reach(JsonNode value) {
    config_.sync.reconcile_reach =
        std::min<Millis>(duration("reconcile_reach", value, ch::minutes{1}), sync::kMaxLookback);
  }
  void transcript_deadline(JsonNode value) {
    config_.sync.transcript_deadline = duration("transcript_deadline", value, ch::seconds{1});
  }
  void second_look(JsonNode value) { config_.sync.second_look = duration("second_look", value, ch::seconds{0}); }
  void backfill_from(JsonNode value) {
    if (const auto date = value.is_string() ? base::parse_date(*value.text()) : std::nullopt) {
      config_.sync.backfill_date = ch::sys_days{*date};
      return;
    }
    if (!value.is_boolean())
      if (const auto reach = base::parse_duration(value.scalar_text().value_or(""))) {
        config_.sync.backfill_reach = *reach;
        return;
      }
    expected("backfill_from", "a date like \"2026-01-01\" or a reach like \"28d\"", value);
  }
  void requests_per_minute(JsonNode value) {
    config_.requests_per_minute = number("requests_per_minute", value, 1, 1'000'000);
  }
  void max_downloads(JsonNode value) { config_.sync.max_downloads = number("max_downloads", value, 1, 256); }
  void timezone(JsonNode value) {
    const auto zone = base::Zone::find(text("timezone", value));
    if (!zone) complain("timezone", zone.error());
    config_.zone = *zone;
  }
  void retention_days(JsonNode value) { config_.daemon.retention_days = number("retention_days", value, 1, 36'500); }
  void metrics_file(JsonNode value) {
    config_.metrics_file = path("metrics_file", value);
    // The node exporter reads no others.
    if (config_.metrics_file.extension() != ".prom")
      expected("metrics_file", "a file name that ends with .prom", value);
  }
  void metrics_listen(JsonNode value) {
    config_.metrics_listen = net::SocketAddress::parse(value.scalar_text().value_or(""));
    if (!config_.metrics_listen)
      expected("metrics_listen", "a port, or an IP address and a port like \"127.0.0.1:9464\"", value);
  }
  void heartbeat_url(JsonNode value) {
    const auto found = value.text();
    const auto parsed = base::parse_url(found.value_or(""));
    if (!parsed || (parsed->scheme != "https" && !net::is_loopback_host(parsed->host)))
      complain("heartbeat_url", "expected an https URL");
    config_.heartbeat_url = base::Secret(std::string(*found));
  }
  void ca_file(JsonNode value) { config_.ca_file = path("ca_file", value); }

  std::string_view text_;
  const Path& file_;
  Config& config_;
  std::string base_url_ = "https://webexapis.com/v1";
  std::string auth_url_;  // empty: as base_url_ has it
  std::string contact_center_;
  Path secret_file_;
};

// A secret alone in a file, without its line end. One that cannot be read matters only to those who call the cloud:
// colleagues who read the archive share the configuration, but not the secret.
base::Secret read_secret(const Path& file, Config& config) {
  try {
    std::string content = base::read_file(file, 64U << 10U);
    base::Secret secret{std::string(base::trim(content))};
    base::wipe(content);
    if (base::readers_of(file) == base::Readers::Everybody)
      config.warnings.push_back(
          fmt::format("{} holds a secret and can be read by everybody: chmod 640 it", file.string()));
    return secret;
  } catch (const base::FileError& error) {
    config.secret_problem = fmt::format("client_secret_file: {}", error.what());
    return {};
  }
}

}  // namespace

Path find_config_file() {
  std::vector<Path> places = {Path("config.json")};
  if (const Path folder = user_config_folder(); !folder.empty()) places.push_back(folder / "config.json");
  places.push_back(Path(kSystemFolder) / "config.json");
  std::string names;
  for (const Path& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", place.string());
  }
  throw ConfigurationError(fmt::format("no configuration file; looked for {} (or name one with --config)", names));
}

Config load_config(const Path& file) {
  std::string text;
  try {
    text = base::read_file(file, 1U << 20U);
  } catch (const base::FileError& error) {
    throw ConfigurationError(fmt::format("configuration: {}", error.what()));
  }
  Config config = parse_config(text, std::filesystem::absolute(file));
  const bool has_secret = text.find("\"client_secret\"") != std::string::npos;
  base::wipe(text);
  if (has_secret && base::readers_of(file) == base::Readers::Everybody)
    config.warnings.push_back(
        fmt::format("{} holds client_secret and can be read by everybody: chmod 640 it", file.string()));
  return config;
}

Config parse_config(std::string_view text, const Path& file) {
  const auto document = base::JsonDocument::parse(text, base::JsonDocument::Dialect::Relaxed);
  if (!document)
    throw ConfigurationError(fmt::format("{}:{}: {}", file.string(), document.error().line, document.error().message));
  Config config;
  config.file = file;
  config.token_file = data_folder(file) / "access_token.json";
  config.archive = data_folder(file) / "archive.db";
  Reader reader(text, file, config);
  reader.read(document->root());
  config.endpoints = reader.endpoints();
  if (!reader.secret_file().empty()) {
    if (!config.client.secret.empty())
      reader.complain("client_secret_file", "client_secret is given too; keep one of the two");
    config.client.secret = read_secret(reader.secret_file(), config);
  }
  if (auto secret = systemd::credential("client_secret")) {
    config.client.secret = std::move(*secret);
    config.secret_problem.clear();
  }
  config.seed = systemd::credential("refresh_token");
  return config;
}

std::optional<std::string> problem_of_ca_file(const base::Path& file) {
  try {
    if (base::read_file(file).find(" CERTIFICATE-----") == std::string::npos)
      return file.string() + " holds no certificate; expected a PEM file with BEGIN CERTIFICATE";
    return std::nullopt;
  } catch (const base::FileError& error) {
    return error.what();
  }
}

std::optional<std::string> wrong_user(uid_t user, uid_t owner_of_data) {
  if (user != 0 || owner_of_data == 0) return std::nullopt;
  const passwd* const entry = ::getpwuid(owner_of_data);
  const std::string owner = entry != nullptr ? entry->pw_name : fmt::format("#{}", owner_of_data);
  return fmt::format("what root writes there, {0} could not use; run it as that user: sudo -u {0} wxcc-archive ...",
                     owner);
}

namespace {

// The token file and the archive of the service must stay the service's own.
void refuse_wrong_user(const Path& file) {
  const Path folder = file.parent_path();
  struct stat info {};
  if (!is_within(folder, kSystemState) || ::stat(folder.c_str(), &info) != 0) return;
  if (const auto problem = wrong_user(::geteuid(), info.st_uid))
    throw ConfigurationError(fmt::format("{}: {}", folder.string(), *problem));
}

}  // namespace

void require_cloud_settings(const Config& config) {
  refuse_wrong_user(config.token_file);
  refuse_wrong_user(config.archive);
  const auto need = [&](bool given, std::string_view key, std::string_view what) {
    if (!given) throw ConfigurationError(fmt::format("{}: \"{}\" is missing: {}", config.file.string(), key, what));
  };
  need(!config.client.id.empty(), "client_id", "the id of the application that is registered with Webex");
  if (!config.secret_problem.empty())
    throw ConfigurationError(fmt::format("{}: {}", config.file.string(), config.secret_problem));
  need(!config.client.secret.empty(), "client_secret",
       "the application's secret, here, in client_secret_file, or as the systemd credential client_secret");
  need(!config.org_id.empty(), "org_id", "the organisation's id, a UUID");
  if (!config.ca_file.empty())
    if (const auto problem = problem_of_ca_file(config.ca_file))
      throw ConfigurationError(fmt::format("{}: \"ca_file\": {}", config.file.string(), *problem));
  need(!config.endpoints.search.empty(), "api_urls.contact_center",
       "the region's host, like https://api.wxcc-eu2.cisco.com");
}

}  // namespace wxcc::cli
