// SPDX-License-Identifier: Apache-2.0
#include "cli/config/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sync/windows.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using base::Millis;
using base::Path;

std::string in_quotes(std::string_view text) {
  return text.empty() ? "" : fmt::format("\"{}\"", text);
}

// The value of a key as the file has it; an empty string: the key is not set.
std::string format_value(const std::string& text) {
  return in_quotes(text);
}
std::string format_value(const base::Secret& secret) {
  return secret.empty() ? "" : "set";
}
std::string format_value(const Path& path) {
  return in_quotes(path.string());
}
std::string format_value(int number) {
  return std::to_string(number);
}
std::string format_value(AuthMethod method) {
  return in_quotes(kAuthMethodNames.text_of(method));
}
std::string format_value(base::log::Level level) {
  return in_quotes(base::log::kLevelNames.text_of(level));
}
std::string format_value(const base::Zone& zone) {
  return in_quotes(zone.name());
}
std::string format_value(const net::SocketAddress& address) {
  return in_quotes(address.text());
}
std::string format_value(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  std::transform(texts.begin(), texts.end(), std::back_inserter(words), in_quotes);
  return fmt::format("[{}]", fmt::join(words, ", "));
}
// In the largest unit of which it is a whole number.
std::string format_value(Millis duration) {
  const auto seconds = ch::ceil<ch::seconds>(duration).count();
  for (const auto& [unit, letter] : {std::pair{86'400, 'd'}, std::pair{3'600, 'h'}, std::pair{60, 'm'}})
    if (seconds != 0 && seconds % unit == 0) return fmt::format("\"{}{}\"", seconds / unit, letter);
  return fmt::format("\"{}s\"", seconds);
}
std::string format_value(const model::BackfillStart& start) {
  return start.date ? in_quotes(base::format_date(ch::floor<ch::days>(*start.date))) : format_value(start.lookback);
}
template <typename T>
std::string format_value(const std::optional<T>& value) {
  return value ? format_value(*value) : "";
}

// A member of a part of the configuration, at any depth.
template <typename... Members>
auto in(Members... members) {
  return [=](auto& config) -> auto& {
    return (config.*....*members);
  };
}

// `member` and `read` are anything that std::invoke calls with a Config and with a ConfigValue.
template <typename Member, typename Read>
Key key(std::string_view name, Member member, Read read, std::string_view meaning, std::string_view default_note = "") {
  return {"",
          name,
          [=](const ConfigValue& value, Config& config) { std::invoke(member, config) = std::invoke(read, value); },
          [=](const Config& config) { return format_value(std::invoke(member, config)); },
          meaning,
          default_note};
}

// Longer durations are read as the maximum.
auto duration(Millis min, Millis max = Millis::max()) {
  return [=](const ConfigValue& value) { return std::min(value.duration(min), max); };
}

auto number(int min, int max) {
  return [=](const ConfigValue& value) { return value.number(min, max); };
}

std::vector<Key> application_keys() {
  using Client = webex::OAuthClient;
  using Urls = Config::ApiUrls;
  using Webex = webex::Settings;
  return {
      key("client_id", in(&Config::webex, &Webex::client, &Client::id), &ConfigValue::text,
          "id of the application registered at developer.webex.com", "required"),
      key("client_secret", in(&Config::webex, &Webex::client, &Client::secret), &ConfigValue::secret,
          "secret of the application; alternatives: `client_secret_file`, or a systemd credential named "
          "`client_secret`",
          "required"),
      key("client_secret_file", &Config::client_secret_file, &ConfigValue::path,
          "file that contains only the secret; only commands that call the Webex API read it"),
      key("org_id", in(&Config::webex, &Webex::org_id), &ConfigValue::text,
          "the organisation's id (UUID); an archive or token of another organisation is rejected", "required"),
      key("redirect_uri", in(&Config::webex, &Webex::client, &Client::redirect_uri), &ConfigValue::url,
          "the application's registered redirect address; `login` listens there for the browser",
          "required by `login`"),
      key("scope", in(&Config::webex, &Webex::client, &Client::scope), &ConfigValue::text,
          "OAuth scopes, separated by spaces; archiving requires `cjp:config_read`"),
      key("auth_method", &Config::auth_method, &ConfigValue::auth_method,
          "`browser` opens a browser; `curl` prints the address, for machines without a browser; `service_app` has no "
          "login page: import its refresh token with `login --refresh-token-file` or as a systemd credential named "
          "`refresh_token`"),
      key("api_urls.contact_center", in(&Config::api_urls, &Urls::contact_center), &ConfigValue::api_url,
          "URL of the region's host, `https://api.wxcc-eu2.cisco.com`; alias: `api_urls.eu`", "required"),
      key("api_urls.base", in(&Config::api_urls, &Urls::base), &ConfigValue::api_url, "base URL of the token endpoint"),
      key("api_urls.auth", in(&Config::api_urls, &Urls::auth), &ConfigValue::api_url,
          "URL of the authorization page; may contain a query, such as `?prompt=login`",
          "`authorize` under `api_urls.base`"),
      key("token_file", in(&Config::webex, &Webex::token_file), &ConfigValue::path, "token file, mode 0600",
          "`access_token.json` ¹"),
      key("ca_file", &Config::ca_file, &ConfigValue::path,
          "PEM file of private CA certificates, used instead of the system's"),
  };
}

std::vector<Key> scope_keys() {
  return {
      key("archive", &Config::archive, &ConfigValue::path, "SQLite file of the archive", "`archive.db` ¹"),
      key("channels", in(&Config::sync, &sync::Settings::channels), &ConfigValue::channels,
          "channel types, spelled as in the Search API"),
      key("queues", in(&Config::sync, &sync::Settings::queues), &ConfigValue::texts,
          "archive only these queues, by name or id; empty: all queues"),
      key("retention_days", in(&Config::daemon, &daemon::Settings::retention_days), number(1, 36'500),
          "age in days at which conversations are removed, daily ([maintenance.md](maintenance.md#retention))",
          "keep everything"),
      key("backfill_from", in(&Config::sync, &sync::Settings::backfill_from), &ConfigValue::backfill_start,
          "start of the archived period: a date (`\"2026-01-01\"`) or a lookback (`\"28d\"`); at most 1,080 days are "
          "searchable"),
  };
}

std::vector<Key> schedule_keys() {
  using Daemon = daemon::Settings;
  using Sync = sync::Settings;
  constexpr ch::seconds kZero{0};
  constexpr ch::seconds kSecond{1};
  return {
      key("poll_interval", in(&Config::daemon, &Daemon::poll_interval), duration(kSecond),
          "interval between polls for newly ended tasks"),
      key("settle", in(&Config::sync, &Sync::settle), duration(kZero),
          "delay between now and the end of each scan, so that ended tasks become searchable first"),
      key("overlap", in(&Config::sync, &Sync::overlap), duration(kZero),
          "time before the high-water mark that each poll scans again, for tasks that become searchable late"),
      key("reconcile_every", in(&Config::sync, &Sync::reconcile_every), duration(kSecond),
          "interval between reconciles, which scan recent days again for changed and late tasks"),
      key("reconcile_reach", in(&Config::sync, &Sync::reconcile_reach), duration(ch::minutes{1}, sync::kMaxLookback),
          "lookback of a reconcile, at most 1,080 days"),
      key("transcript_deadline", in(&Config::sync, &Sync::transcript_deadline), duration(kSecond),
          "time after a task's end until which its transcript can become available; then it counts as absent"),
      key("second_look", in(&Config::sync, &Sync::recheck_after), duration(kZero),
          "delay after archiving at which a transcript is fetched again to detect a replaced version; `0` disables"),
      key("requests_per_minute", in(&Config::webex, &webex::Settings::requests_per_minute), number(1, 1'000'000),
          "rate limit of the application, for search and captures requests together"),
      key("max_downloads", in(&Config::sync, &Sync::max_downloads), number(1, 256),
          "maximum number of concurrent downloads"),
      key("url_expiration", in(&Config::webex, &webex::Settings::url_expiration), &ConfigValue::url_expiration,
          "lifetime requested for download URLs, rounded up to whole minutes; at most 60 minutes"),
  };
}

std::vector<Key> output_keys() {
  return {
      key("timezone", &Config::zone, &ConfigValue::zone,
          "time zone of extracts and of dates on the command line (IANA name)", "system time zone"),
      key("default_queue", &Config::default_queue, &ConfigValue::text, "queue that `report` uses if none is given"),
      key("log_level", in(&Config::log, &base::log::Options::level), &ConfigValue::log_level,
          "`trace`, `debug`, `info`, `warning`, `error`"),
      key("log_file", in(&Config::log, &base::log::Options::file), &ConfigValue::log_file,
          "additional log file; rotated at 10 MiB, 5 old files are kept"),
  };
}

std::vector<Key> monitoring_keys() {
  using Monitor = monitor::Settings;
  return {
      key("metrics_file", in(&Config::monitor, &Monitor::metrics_file), &ConfigValue::metrics_file,
          "file for the node exporter's textfile collector, written every minute; the name must end in `.prom`",
          "none"),
      key("metrics_listen", in(&Config::monitor, &Monitor::metrics_listen), &ConfigValue::listen_address,
          "serves metrics at `http://ADDRESS/metrics`: a port on 127.0.0.1, or an IP address and a port "
          "(`\"127.0.0.1:9464\"`, `\"[::1]:9464\"`); access is not restricted",
          "none"),
      key("heartbeat_url", in(&Config::monitor, &Monitor::heartbeat_url), &ConfigValue::secret_url,
          "URL requested (GET) after each successful poll if nothing failed since the previous one; https only; only "
          "the host is logged",
          "none"),
  };
}

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all;
    const auto add = [&](std::string_view section, std::vector<Key> part) {
      for (Key& key : part) {
        key.section = section;
        all.push_back(std::move(key));
      }
    };
    add("Application and organisation", application_keys());
    add("What to archive", scope_keys());
    add("Schedule and limits", schedule_keys());
    add("Output", output_keys());
    add("Monitoring", monitoring_keys());
    return all;
  }();
  return keys;
}

std::string key_tables() {
  const Config defaults;
  std::string text;
  std::string_view section;
  for (const Key& key : config_keys()) {
    if (key.section != section) {
      text +=
          fmt::format("{}## {}\n\n| key | meaning | default |\n|---|---|---|\n", text.empty() ? "" : "\n", key.section);
      section = key.section;
    }
    std::string value(key.default_note);
    if (value.empty())
      if (const std::string formatted = key.format(defaults); !formatted.empty())
        value = fmt::format("`{}`", formatted);
    text += fmt::format("| `{}` | {} |{}{} |\n", key.name, key.meaning, value.empty() ? "" : " ", value);
  }
  return text;
}

}  // namespace wxcc::cli
