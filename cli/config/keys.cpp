// SPDX-License-Identifier: Apache-2.0
#include "cli/config/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/duration.h"
#include "base/url.h"
#include "net/request_validation.h"
#include "sync/windows.h"
#include "webex/search_query.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using base::Millis;
using base::Path;

std::string in_quotes(std::string_view text) {
  return text.empty() ? "" : fmt::format("\"{}\"", text);
}

// The largest unit of which it is a whole number.
std::string format_duration(Millis duration) {
  const auto seconds = ch::ceil<ch::seconds>(duration).count();
  struct Unit {
    std::int64_t seconds;
    char letter;
  };
  for (const Unit unit : {Unit{86'400, 'd'}, Unit{3'600, 'h'}, Unit{60, 'm'}})
    if (seconds != 0 && seconds % unit.seconds == 0)
      return fmt::format("\"{}{}\"", seconds / unit.seconds, unit.letter);
  return fmt::format("\"{}s\"", seconds);
}

// A member of a part of the configuration.
template <typename Part, typename T>
auto in(Part Config::*part, T Part::*member) {
  return [=](auto& config) -> auto& {
    return config.*part.*member;
  };
}

template <typename T>
auto client(T webex::OAuthClient::*member) {
  return [=](auto& config) -> auto& {
    return config.webex.client.*member;
  };
}

// A type whose value is read by one expression and written by another. `member` is what std::invoke takes.
template <typename Member, typename Read, typename Format>
KeyType type(Member member, Read read, Format format) {
  return {[member, read](const ConfigValue& value, Config& config) { std::invoke(member, config) = read(value); },
          [member, format](const Config& config) { return std::string(format(std::invoke(member, config))); }};
}

template <typename Member>
KeyType text(Member member) {
  return type(
      member, [](const ConfigValue& value) { return value.text(); }, in_quotes);
}

KeyType secret_text() {
  return type(
      client(&webex::OAuthClient::secret), [](const ConfigValue& value) { return base::Secret(value.text()); },
      [](const base::Secret& secret) { return secret.empty() ? "" : "set"; });
}

template <typename Member>
KeyType path(Member member) {
  return type(
      member, [](const ConfigValue& value) { return value.path(); },
      [](const Path& path) { return in_quotes(path.string()); });
}

template <typename Member>
KeyType api_url(Member member) {
  return type(
      member, [](const ConfigValue& value) { return value.api_url(); }, in_quotes);
}

// Longer ones are taken as the maximum.
template <typename Member>
KeyType duration(Member member, Millis min, Millis max = Millis::max()) {
  return type(
      member, [=](const ConfigValue& value) { return std::min(value.duration(min), max); }, format_duration);
}

template <typename Member>
KeyType number(Member member, int min, int max) {
  return type(
      member, [=](const ConfigValue& value) { return value.number(min, max); },
      [](std::optional<int> number) { return number ? std::to_string(*number) : ""; });
}

std::string format_texts(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  std::transform(texts.begin(), texts.end(), std::back_inserter(words), in_quotes);
  return fmt::format("[{}]", fmt::join(words, ", "));
}

KeyType queues() {
  return type(
      in(&Config::sync, &sync::Settings::queues), [](const ConfigValue& value) { return value.texts(); }, format_texts);
}

KeyType channels() {
  return type(
      in(&Config::sync, &sync::Settings::channels),
      [](const ConfigValue& value) {
        auto list = value.texts();
        if (list.empty() || !std::all_of(list.begin(), list.end(), webex::is_channel_literal))
          value.fail_expecting("a list like [\"chat\", \"email\"]: letters, digits and _");
        return list;
      },
      format_texts);
}

KeyType auth_method() {
  return type(
      &Config::auth_method,
      [](const ConfigValue& value) {
        const auto method = kAuthMethodNames.parse(value.text());
        if (!method) value.fail_expecting("\"browser\", \"curl\" (headless) or \"service_app\"");
        return *method;
      },
      [](AuthMethod method) { return in_quotes(kAuthMethodNames.text_of(method)); });
}

KeyType redirect_uri() {
  return type(
      client(&webex::OAuthClient::redirect_uri), [](const ConfigValue& value) { return value.url(); }, in_quotes);
}

KeyType log_level() {
  return type(
      in(&Config::log, &base::log::Options::level),
      [](const ConfigValue& value) {
        const auto level = base::log::parse_level(value.text());
        if (!level) value.fail_expecting("trace, debug, info, warning or error");
        return *level;
      },
      [](base::log::Level level) { return in_quotes(base::log::kLevelNames.text_of(level)); });
}

KeyType log_file() {
  return type(
      in(&Config::log, &base::log::Options::file),
      // The original Python script has "" for none.
      [](const ConfigValue& value) {
        return value.node().text() == "" ? std::optional<Path>() : std::optional<Path>(value.path());
      },
      [](const std::optional<Path>& file) { return in_quotes(file.value_or("").string()); });
}

KeyType url_expiration() {
  // The original script gave seconds to an API that takes minutes, at most 60.
  return type(
      in(&Config::webex, &webex::Settings::url_expiration_minutes),
      [](const ConfigValue& value) {
        const Millis wanted = std::min<Millis>(value.duration(ch::seconds{1}), ch::hours{1});
        return static_cast<int>(ch::ceil<ch::minutes>(wanted).count());
      },
      [](int minutes) { return format_duration(ch::minutes{minutes}); });
}

KeyType backfill_from() {
  return {[](const ConfigValue& value, Config& config) {
            const base::JsonNode node = value.node();
            if (const auto date = node.is_string() ? base::parse_date(*node.text()) : std::nullopt) {
              config.sync.backfill_from.date = ch::sys_days{*date};
              return;
            }
            const auto lookback =
                node.is_boolean() ? std::nullopt : base::parse_duration(node.scalar_text().value_or(""));
            if (!lookback) value.fail_expecting("a date like \"2026-01-01\" or a reach like \"28d\"");
            config.sync.backfill_from.lookback = *lookback;
          },
          [](const Config& config) {
            const auto& date = config.sync.backfill_from.date;
            return date ? in_quotes(base::format_date(ch::floor<ch::days>(*date)))
                        : format_duration(config.sync.backfill_from.lookback);
          }};
}

KeyType timezone() {
  return type(
      &Config::zone,
      [](const ConfigValue& value) {
        auto zone = base::Zone::find(value.text());
        if (!zone) value.fail(zone.error());
        return *zone;
      },
      [](const std::optional<base::Zone>& zone) { return zone ? in_quotes(zone->name()) : ""; });
}

KeyType metrics_file() {
  return type(
      in(&Config::monitor, &monitor::Settings::metrics_file),
      [](const ConfigValue& value) {
        // The node exporter reads no others.
        Path file = value.path();
        if (file.extension() != ".prom") value.fail_expecting("a file name that ends with .prom");
        return file;
      },
      [](const Path& file) { return in_quotes(file.string()); });
}

KeyType metrics_listen() {
  return type(
      in(&Config::monitor, &monitor::Settings::metrics_listen),
      [](const ConfigValue& value) {
        const auto address = net::SocketAddress::parse(value.node().scalar_text().value_or(""));
        if (!address) value.fail_expecting("a port, or an IP address and a port like \"127.0.0.1:9464\"");
        return *address;
      },
      [](const std::optional<net::SocketAddress>& address) { return address ? in_quotes(address->text()) : ""; });
}

KeyType heartbeat_url() {
  return type(
      in(&Config::monitor, &monitor::Settings::heartbeat_url),
      [](const ConfigValue& value) {
        const auto url = value.node().text();
        const auto parsed = base::parse_url(url.value_or(""));
        // Without what was found: it is a secret.
        if (!parsed || (parsed->scheme != "https" && !net::is_loopback_host(parsed->host)))
          value.fail("expected an https URL");
        return base::Secret(std::string(*url));
      },
      [](const base::Secret& url) { return url.empty() ? "" : "set"; });
}

std::vector<Key> all_keys() {
  using Client = webex::OAuthClient;
  using Webex = webex::Settings;
  using Urls = Config::ApiUrls;
  using Sync = sync::Settings;
  using Daemon = daemon::Settings;
  constexpr auto kApplication = "Application and organisation";
  constexpr auto kWhat = "What to archive";
  constexpr auto kSchedule = "Schedule and limits";
  constexpr auto kOutput = "Output";
  constexpr auto kMonitoring = "Monitoring";
  constexpr ch::seconds kZero{0};
  constexpr ch::seconds kSecond{1};
  return {
      {kApplication, "client_id", text(client(&Client::id)), "id of the application registered at developer.webex.com",
       "required"},
      {kApplication, "client_secret", secret_text(),
       "secret of the application; alternatives: `client_secret_file`, or a systemd credential named `client_secret`",
       "required"},
      {kApplication, "client_secret_file", path(&Config::client_secret_file),
       "file that contains only the secret; only commands that call the Webex API read it", ""},
      {kApplication, "org_id", text(in(&Config::webex, &Webex::org_id)),
       "the organisation's id (UUID); an archive or token of another organisation is rejected", "required"},
      {kApplication, "redirect_uri", redirect_uri(),
       "the application's registered redirect address; `login` listens there for the browser", "required by `login`"},
      {kApplication, "scope", text(client(&Client::scope)),
       "OAuth scopes, separated by spaces; archiving requires `cjp:config_read`", ""},
      {kApplication, "auth_method", auth_method(),
       "`browser` opens a browser; `curl` prints the address, for machines without a browser; `service_app` has no "
       "login page: import its refresh token with `login --refresh-token-file` or as a systemd credential named "
       "`refresh_token`",
       ""},
      {kApplication, "api_urls.contact_center", api_url(in(&Config::api_urls, &Urls::contact_center)),
       "URL of the region's host, `https://api.wxcc-eu2.cisco.com`; alias: `api_urls.eu`", "required"},
      {kApplication, "api_urls.base", api_url(in(&Config::api_urls, &Urls::base)), "base URL of the token endpoint",
       ""},
      {kApplication, "api_urls.auth", api_url(in(&Config::api_urls, &Urls::auth)),
       "URL of the authorization page; may contain a query, such as `?prompt=login`",
       "`authorize` under `api_urls.base`"},
      {kApplication, "token_file", path(in(&Config::webex, &Webex::token_file)), "token file, mode 0600",
       "`access_token.json` ¹"},
      {kApplication, "ca_file", path(&Config::ca_file),
       "PEM file of private CA certificates, used instead of the system's", ""},

      {kWhat, "archive", path(&Config::archive), "SQLite file of the archive", "`archive.db` ¹"},
      {kWhat, "channels", channels(), "channel types, spelled as in the Search API", ""},
      {kWhat, "queues", queues(), "archive only these queues, by name or id; empty: all queues", ""},
      {kWhat, "retention_days", number(in(&Config::daemon, &Daemon::retention_days), 1, 36'500),
       "age in days at which conversations are removed, daily ([maintenance.md](maintenance.md#retention))",
       "keep everything"},
      {kWhat, "backfill_from", backfill_from(),
       "start of the archived period: a date (`\"2026-01-01\"`) or a lookback (`\"28d\"`); at most 1,080 days are "
       "searchable",
       ""},

      {kSchedule, "poll_interval", duration(in(&Config::daemon, &Daemon::poll_interval), kSecond),
       "interval between polls for newly ended tasks", ""},
      {kSchedule, "settle", duration(in(&Config::sync, &Sync::settle), kZero),
       "delay between now and the end of each scan, so that ended tasks become searchable first", ""},
      {kSchedule, "overlap", duration(in(&Config::sync, &Sync::overlap), kZero),
       "time before the high-water mark that each poll scans again, for tasks that become searchable late", ""},
      {kSchedule, "reconcile_every", duration(in(&Config::sync, &Sync::reconcile_every), kSecond),
       "interval between reconciles, which scan recent days again for changed and late tasks", ""},
      {kSchedule, "reconcile_reach",
       duration(in(&Config::sync, &Sync::reconcile_reach), ch::minutes{1}, sync::kMaxLookback),
       "lookback of a reconcile, at most 1,080 days", ""},
      {kSchedule, "transcript_deadline", duration(in(&Config::sync, &Sync::transcript_deadline), kSecond),
       "time after a task's end until which its transcript can become available; then it counts as absent", ""},
      {kSchedule, "second_look", duration(in(&Config::sync, &Sync::second_look), kZero),
       "delay after archiving at which a transcript is fetched again to detect a replaced version; `0` disables", ""},
      {kSchedule, "requests_per_minute", number(in(&Config::webex, &Webex::requests_per_minute), 1, 1'000'000),
       "rate limit of the application, for search and captures requests together", ""},
      {kSchedule, "max_downloads", number(in(&Config::sync, &Sync::max_downloads), 1, 256),
       "maximum number of concurrent downloads", ""},
      {kSchedule, "url_expiration", url_expiration(),
       "lifetime requested for download URLs, rounded up to whole minutes; at most 60 minutes", ""},

      {kOutput, "timezone", timezone(), "time zone of extracts and of dates on the command line (IANA name)",
       "system time zone"},
      {kOutput, "default_queue", text(&Config::default_queue), "queue that `report` uses if none is given", ""},
      {kOutput, "log_level", log_level(), "`trace`, `debug`, `info`, `warning`, `error`", ""},
      {kOutput, "log_file", log_file(), "additional log file; rotated at 10 MiB, 5 old files are kept", ""},

      {kMonitoring, "metrics_file", metrics_file(),
       "file for the node exporter's textfile collector, written every minute; the name must end in `.prom`", "none"},
      {kMonitoring, "metrics_listen", metrics_listen(),
       "serves metrics at `http://ADDRESS/metrics`: a port on 127.0.0.1, or an IP address and a port "
       "(`\"127.0.0.1:9464\"`, `\"[::1]:9464\"`); access is not restricted",
       "none"},
      {kMonitoring, "heartbeat_url", heartbeat_url(),
       "URL requested (GET) after each successful poll if nothing failed since the previous one; https only; only the "
       "host is logged",
       "none"},
  };
}

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = all_keys();
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
      if (const std::string formatted = key.type.format(defaults); !formatted.empty())
        value = fmt::format("`{}`", formatted);
    text += fmt::format("| `{}` | {} |{}{} |\n", key.name, key.meaning, value.empty() ? "" : " ", value);
  }
  return text;
}

}  // namespace wxcc::cli
