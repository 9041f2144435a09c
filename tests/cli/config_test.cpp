// SPDX-License-Identifier: Apache-2.0
#include "cli/config/config.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/error.h"
#include "base/text.h"
#include "cli/config/keys.h"
#include "cli/config/trust.h"
#include "tests/temporary_directory.h"

namespace wxcc::cli {
namespace {

namespace ch = std::chrono;
using testing::HasSubstr;

Config parse(std::string_view text) {
  return parse_config(text, "/srv/wxcc/config.json");
}

std::string error_of(std::string_view text) {
  try {
    parse(text);
  } catch (const base::ConfigurationError& error) {
    return error.what();
  }
  return "accepted";
}

constexpr std::string_view kScript = R"({
  "auth_method": "browser", "client_id": "C1", "client_secret": "hush", "org_id": "2f0c9a3e-0000-4000-8000-000000000001",
  "redirect_uri": "http://localhost:8089/callback", "scope": "cjp:config_read", "log_level": "DEBUG", "log_file": "webex_auth.log",
  "api_urls": { "base": "https://webexapis.com/v1", "auth": "https://webexapis.com/v1/authorize", "eu": "https://api.wxcc-eu2.cisco.com" },
  "token_file": "access_token.json", "default_queue": "Support_Chat", "url_expiration": 3600
})";

TEST(Config, ReadsConfigurationOfPythonScript) {
  const Config config = parse(kScript);
  EXPECT_EQ(config.auth_method, AuthMethod::Browser);
  EXPECT_EQ(config.webex.client.id, "C1");
  EXPECT_EQ(config.webex.client.secret.reveal(), "hush");
  EXPECT_EQ(config.webex.endpoints.search, "https://api.wxcc-eu2.cisco.com/search");
  EXPECT_EQ(config.webex.endpoints.token, "https://webexapis.com/v1/access_token");
  EXPECT_EQ(config.webex.token_file, "/srv/wxcc/access_token.json");
  EXPECT_EQ(config.log.file, base::Path("/srv/wxcc/webex_auth.log"));
  EXPECT_EQ(config.log.level, base::log::Level::Debug);
  EXPECT_EQ(config.default_queue, "Support_Chat");
  EXPECT_EQ(config.webex.url_expiration, ch::minutes{60});
  EXPECT_NO_THROW(require_api_settings(config));
}

TEST(Config, HasDocumentedDefaults) {
  const Config config = parse("{}");
  EXPECT_EQ(config.archive, "/srv/wxcc/archive.db");
  EXPECT_EQ(config.sync.channels, std::vector<std::string>{"chat"});
  EXPECT_EQ(config.daemon.poll_interval, ch::seconds{60});
  EXPECT_EQ(config.sync.settle, ch::seconds{30});
  EXPECT_EQ(config.sync.overlap, ch::minutes{15});
  EXPECT_EQ(config.sync.reconcile_every, ch::hours{6});
  EXPECT_EQ(config.sync.reconcile_reach, ch::days{3});
  EXPECT_EQ(config.sync.transcript_deadline, ch::hours{72});
  EXPECT_EQ(config.sync.recheck_after, ch::hours{6});
  EXPECT_EQ(config.sync.backfill_from.lookback, ch::days{28});
  EXPECT_EQ(config.webex.requests_per_minute, 300);
  EXPECT_EQ(config.sync.max_downloads, 16);
}

TEST(Config, EachKeySetsItsMemberOnly) {
  struct Row {
    std::string_view key;
    std::string_view written;  // in the file
    std::string_view read;     // as the key formats it
  };
  const Row rows[] = {
      {"client_id", R"("c")", R"("c")"},
      {"client_secret", R"("hush")", "set"},
      {"client_secret_file", R"("secret")", R"("/srv/wxcc/secret")"},
      {"org_id", R"("o")", R"("o")"},
      {"redirect_uri", R"("http://localhost:1/x")", R"("http://localhost:1/x")"},
      {"scope", R"("a b")", R"("a b")"},
      {"auth_method", R"("service_app")", R"("service_app")"},
      {"api_urls.contact_center", R"("https://c.example")", R"("https://c.example")"},
      {"api_urls.base", R"("https://b.example/v1")", R"("https://b.example/v1")"},
      {"api_urls.auth", R"("https://a.example")", R"("https://a.example")"},
      {"token_file", R"("../t.json")", R"("/srv/t.json")"},
      {"ca_file", R"("ca.pem")", R"("/srv/wxcc/ca.pem")"},
      {"archive", R"("/data/a.db")", R"("/data/a.db")"},
      {"channels", R"(["email", "chat"])", R"(["email", "chat"])"},
      {"queues", R"(["Support", "Sales"])", R"(["Support", "Sales"])"},
      {"retention_days", "30", "30"},
      {"backfill_from", R"("2026-01-01")", R"("2026-01-01")"},
      {"poll_interval", "7", R"("7s")"},
      {"settle", R"("0s")", R"("0s")"},
      {"overlap", R"("90m")", R"("90m")"},
      {"reconcile_every", R"("12h")", R"("12h")"},
      {"reconcile_reach", R"("1w")", R"("7d")"},
      {"transcript_deadline", R"("24h")", R"("1d")"},
      {"second_look", "0", R"("0s")"},
      {"requests_per_minute", "60", "60"},
      {"max_downloads", "256", "256"},
      {"url_expiration", "61", R"("2m")"},
      {"timezone", R"("Europe/Amsterdam")", R"("Europe/Amsterdam")"},
      {"default_queue", R"("q")", R"("q")"},
      {"log_level", R"("WARN")", R"("warning")"},
      {"log_file", R"("l.log")", R"("/srv/wxcc/l.log")"},
      {"metrics_file", R"("m.prom")", R"("/srv/wxcc/m.prom")"},
      {"metrics_listen", R"("[::1]:9464")", R"("[::1]:9464")"},
      {"heartbeat_url", R"("https://hc.example/key")", "set"},
  };
  ASSERT_EQ(std::size(rows), config_keys().size()) << "one row per key";
  const Config defaults = parse("{}");
  for (const Row& row : rows) {
    const bool nested = row.key.starts_with("api_urls.");
    const Config config = parse(nested ? fmt::format(R"({{"api_urls": {{"{}": {}}}}})", row.key.substr(9), row.written)
                                       : fmt::format(R"({{"{}": {}}})", row.key, row.written));
    bool found = false;
    for (const Key& key : config_keys()) {
      found = found || key.name == row.key;
      EXPECT_EQ(key.format(config), key.name == row.key ? row.read : key.format(defaults))
          << key.name << " after setting " << row.key;
    }
    EXPECT_TRUE(found) << row.key;
  }
}

TEST(Config, LimitsDurationsToTheirMaximum) {
  const Config config = parse(R"({"reconcile_reach": "2000d", "url_expiration": "1d"})");
  EXPECT_EQ(config.sync.reconcile_reach, ch::days{1080});
  EXPECT_EQ(config.webex.url_expiration, ch::minutes{60});
}

// To update the document, copy the output of `wxcc-archive check --keys`.
TEST(Config, DocumentationMatchesKeys) {
  const auto rows_of = [](const std::string& text) {
    std::vector<std::string> rows;
    for (const std::string_view line : base::split(text, '\n'))
      if (line.starts_with("## ") || line.starts_with("| ")) rows.emplace_back(line);
    return rows;
  };
  EXPECT_THAT(rows_of(base::read_file(WXCC_CONFIGURATION_MD)), testing::ElementsAreArray(rows_of(key_tables())));
}

TEST(Config, ParsesDurationsDatesCommentsAndTrailingCommas) {
  const Config config = parse(R"({ // for the night shift
    "poll_interval": "90s", "settle": 5, "overlap": "1h", "url_expiration": 90, "backfill_from": "2026-01-01",
    "channels": ["chat", "social_channel",], "timezone": "Europe/Amsterdam", "archive": "/data/a.db", })");
  EXPECT_EQ(config.daemon.poll_interval, ch::seconds{90});
  EXPECT_EQ(config.sync.settle, ch::seconds{5});
  EXPECT_EQ(config.webex.url_expiration, ch::minutes{2});
  EXPECT_EQ(base::to_iso8601(*config.sync.backfill_from.date), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(config.zone->name(), "Europe/Amsterdam");
  EXPECT_EQ(config.archive, "/data/a.db");
}

TEST(Config, ReadsNullAsUnset) {
  const Config config = parse(
      R"({ "default_queue": null, "poll_interval": null, "log_file": "", "api_urls": { "auth": null, "eu": null } })");
  EXPECT_EQ(config.default_queue, "");
  EXPECT_EQ(config.daemon.poll_interval, ch::seconds{60});
  EXPECT_FALSE(config.log.file);
  EXPECT_EQ(config.webex.endpoints.search, "");
  EXPECT_NE(error_of(R"({ "polling": null })").find("unknown key"), std::string::npos);
}

TEST(Config, DerivesAuthorizationPageFromBaseUrl) {
  EXPECT_EQ(parse("{}").webex.endpoints.authorize, "https://webexapis.com/v1/authorize");
  EXPECT_EQ(parse(R"({"api_urls": {"base": "https://api-usgov.webex.com/v1"}})").webex.endpoints.authorize,
            "https://api-usgov.webex.com/v1/authorize");
  EXPECT_EQ(parse(R"({"api_urls": {"base": "https://a.example/v1", "auth": "https://b.example/v1"}})")
                .webex.endpoints.authorize,
            "https://b.example/v1/authorize");
}

TEST(Config, ErrorsNameFileLineKeyAndExpectation) {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"{\n \"pol_interval\": 1 }", ":2: \"pol_interval\": unknown key; similar: \"poll_interval\""},
      {"{\n\n \"poll-interval\": 1 }", ":3: \"poll-interval\": unknown key; similar: \"poll_interval\""},
      {R"({ "poll_interval": "soon" })",
       "expected a duration like \"90s\", \"15m\", \"6h\", \"3d\" or a number of seconds, at least 1s, found \"soon\""},
      {R"({ "poll_interval": 0 })", "at least 1s, found a number"},
      {R"({ "client_id": 5 })", "\"client_id\": expected a string, found a number"},
      {R"({ "auth_method": "carrier pigeon" })",
       "expected \"browser\", \"curl\" (headless) or \"service_app\", found \"carrier pigeon\""},
      {R"({ "channels": [] })", "\"channels\": expected a list like"},
      {R"({ "channels": ["chat } evil"] })", "\"channels\": expected a list like"},
      {R"({ "channels": "chat" })", "expected a list of strings"},
      {R"({ "timezone": "Mars/Olympus" })", "unknown time zone \"Mars/Olympus\""},
      {R"({ "requests_per_minute": 0 })", "expected a whole number from 1 to 1000000"},
      {R"({ "api_urls": { "base": "webexapis.com" } })", "\"api_urls.base\": expected a URL"},
      {R"({ "api_urls": { "us": "https://x" } })",
       "\"api_urls.us\": unknown key; expected base, auth or contact_center"},
      {R"({ "api_urls": { "contact_center": "http://api.example.org" } })",
       "\"api_urls.contact_center\": expected an https URL"},
      {R"({ "backfill_from": "yesterday" })", "expected a date like \"2026-01-01\" or a lookback like \"28d\""},
      {R"({ "log_level": "loud" })", "expected trace, debug, info, warning or error"},
      {"{ \"org_id\": \"a\",\n \"org_id\": \"b\" }", "\"org_id\": duplicate key"},
      {"{ \"org_id\": }", ":1: line 1, column 13"},
      {"[]", "expected a JSON object, found an array"},
      {"", "/srv/wxcc/config.json:1:"},
      {R"({ "metrics_file": "m.txt" })", "expected a file name that ends with .prom"},
      {R"({ "metrics_listen": "example.com:80" })", "expected a port, or an IP address and a port"},
      {R"({ "metrics_listen": 65536 })", "expected a port"},
      {R"({ "retention_days": -1 })", "expected a whole number from 1 to 36500"},
  };
  for (const Row& row : rows) {
    const std::string message = error_of(row.text);
    EXPECT_NE(message.find(row.message), std::string::npos) << row.text << " -> " << message;
    EXPECT_EQ(message.find("/srv/wxcc/config.json"), 0U) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(Config, ReadsMonitoringKeys) {
  const Config config =
      parse(R"({"metrics_file": "m.prom", "metrics_listen": 9464, "heartbeat_url": "https://hc.example/key"})");
  EXPECT_TRUE(config.warnings.empty());
  EXPECT_EQ(config.monitor.metrics_file, "/srv/wxcc/m.prom");
  EXPECT_EQ(config.monitor.metrics_listen, net::SocketAddress::parse("127.0.0.1:9464"));
  EXPECT_EQ(config.monitor.heartbeat_url.reveal(), "https://hc.example/key");
  EXPECT_FALSE(parse("{}").monitor.metrics_listen) << "no listener by default";
}

TEST(Config, ErrorsDoNotQuoteHeartbeatUrl) {
  for (const char* url : {"http://hc.example/key", "ftp://hc.example/key", "key"}) {
    const std::string message = error_of(std::string(R"({"heartbeat_url": ")") + url + R"("})");
    EXPECT_NE(message.find("\"heartbeat_url\": expected an https URL"), std::string::npos) << message;
    EXPECT_EQ(message.find("key\""), std::string::npos) << message;
  }
}

TEST(Config, NamesMissingApiSettings) {
  const auto missing = [](std::string_view text) -> std::string {
    try {
      require_api_settings(parse(text));
    } catch (const base::ConfigurationError& error) {
      return error.what();
    }
    return "complete";
  };
  EXPECT_NE(missing("{}").find("\"client_id\" is missing"), std::string::npos);
  EXPECT_NE(missing(R"({"client_id":"c"})").find("\"client_secret\" is missing"), std::string::npos);
  EXPECT_NE(missing(R"({"client_id":"c","client_secret":"s"})").find("\"org_id\" is missing"), std::string::npos);
  EXPECT_NE(
      missing(R"({"client_id":"c","client_secret":"s","org_id":"o"})").find("\"api_urls.contact_center\" is missing"),
      std::string::npos);
}

class ConfigFile : public ::testing::Test {
 protected:
  base::Path write(const char* name, std::string_view content, mode_t mode) {
    const base::Path file = directory_.path() / name;
    base::write_file_durably(file, content, mode);
    return file;
  }
  tests::TemporaryDirectory directory_;
};

TEST_F(ConfigFile, ReadsSecretFile) {
  write("secret", "hush\n", 0600);
  const Config config = load_config(write("config.json", R"({"client_secret_file":"secret"})", 0644));
  EXPECT_EQ(config.webex.client.secret.reveal(), "hush");
  EXPECT_TRUE(config.warnings.empty());
}

TEST_F(ConfigFile, WarnsOfWorldReadableSecret) {
  write("secret", "hush\n", 0644);
  EXPECT_EQ(load_config(write("config.json", R"({"client_secret_file":"secret"})", 0600)).warnings.size(), 1U);
  EXPECT_EQ(load_config(write("config.json", R"({"client_secret":"hush"})", 0644)).warnings.size(), 1U);
  EXPECT_TRUE(load_config(write("config.json", R"({"client_secret":"hush"})", 0640)).warnings.empty());
}

TEST_F(ConfigFile, RejectsUnreadableFiles) {
  EXPECT_THROW(load_config(directory_.path() / "none.json"), base::ConfigurationError);
  EXPECT_THROW(load_config(directory_.path()), base::ConfigurationError);
  EXPECT_THROW(load_config(write("config.json", R"({"client_secret_file":"x","client_secret":"y"})", 0600)),
               base::ConfigurationError);
}

TEST_F(ConfigFile, UnreadableSecretFailsOnlyApiCommands) {
  const Config config = load_config(
      write("config.json", R"({"client_id":"id","client_secret_file":"none","org_id":"o","archive":"a.db"})", 0600));
  EXPECT_EQ(config.archive, directory_.path() / "a.db");
  try {
    require_api_settings(config);
    FAIL() << "accepted a configuration without its secret";
  } catch (const base::ConfigurationError& error) {
    EXPECT_THAT(error.what(), HasSubstr("client_secret_file"));
    EXPECT_THAT(error.what(), HasSubstr("No such file"));
  }
}

TEST(EffectiveUser, RejectsRootInForeignDirectory) {
  EXPECT_FALSE(check_effective_user(0, 0));
  EXPECT_FALSE(check_effective_user(4711, 4711));
  EXPECT_FALSE(check_effective_user(4711, 0));
  EXPECT_THAT(check_effective_user(0, 4711).value_or(""), HasSubstr("sudo -u"));
}

TEST(DefaultStateDir, FollowsConfigurationFile) {
  const struct {
    const char* file;
    const char* archive;
  } rows[] = {
      {"/etc/wxcc-archive/config.json", "/var/lib/wxcc-archive/archive.db"},
      {"/etc/wxcc-archive/other.json", "/var/lib/wxcc-archive/archive.db"},
      {"/etc/wxcc-archive/north/config.json", "/var/lib/wxcc-archive/north/archive.db"},
      {"/etc/wxcc-archive-old/config.json", "/etc/wxcc-archive-old/archive.db"},
      {"/etc/config.json", "/etc/archive.db"},
      {"/home/someone/config.json", "/home/someone/archive.db"},
  };
  for (const auto& row : rows) {
    const Config config = parse_config("{}", row.file);
    EXPECT_EQ(config.archive, row.archive) << row.file;
    EXPECT_EQ(config.webex.token_file, base::Path(row.archive).parent_path() / "access_token.json") << row.file;
  }
}

TEST_F(ConfigFile, ReadsSecretsFromSystemdCredentials) {
  write("client_secret", "from systemd", 0600);
  write("refresh_token", "first", 0600);
  ::setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  ::setenv("STATE_DIRECTORY", "/var/lib/somewhere", 1);
  const Config config = parse("{}");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ::unsetenv("STATE_DIRECTORY");
  EXPECT_EQ(config.webex.client.secret.reveal(), "from systemd");
  EXPECT_EQ(config.webex.initial_refresh_token->reveal(), "first");
  EXPECT_EQ(config.archive, "/var/lib/somewhere/archive.db");
  EXPECT_EQ(config.webex.token_file, "/var/lib/somewhere/access_token.json");
}

TEST(Config, ValidatesCaFile) {
  const tests::TemporaryDirectory directory;
  const base::Path file = directory.path() / "ca.pem";
  EXPECT_THAT(validate_ca_file(file).value_or(""), testing::HasSubstr("No such file"));
  base::write_file_durably(file, "a key", 0600);
  EXPECT_THAT(validate_ca_file(file).value_or(""), testing::HasSubstr("contains no certificate"));
  base::write_file_durably(file, "# ours\n-----BEGIN CERTIFICATE-----\n", 0600);
  EXPECT_FALSE(validate_ca_file(file));
}

}  // namespace
}  // namespace wxcc::cli
