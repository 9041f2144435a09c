// SPDX-License-Identifier: Apache-2.0
// Mistakes of an operator: one line names the place and the expected value, and no file is written.
#include <fmt/format.h>

#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

constexpr int kUsage = 2;
constexpr int kConfiguration = 78;

class InvalidInput : public EndToEnd {
 protected:
  void SetUp() override { start_simulator(); }
  // No archive and no lock, only the files of the fixture, and no request.
  void expect_nothing_written() {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory())) names.insert(entry.path().filename());
    for (const char* own : {"config.json", "access_token.json", "secret.txt"}) names.erase(own);
    EXPECT_EQ(names, std::set<std::string>());
    EXPECT_TRUE(simulator().statistics().requests.empty());
  }
};

struct Case {
  const char* name;
  const char* members;
  std::vector<std::string> words;
};
void PrintTo(const Case& invalid, std::ostream* out) {
  *out << invalid.name;
}

class InvalidConfiguration : public InvalidInput, public testing::WithParamInterface<Case> {};

TEST_P(InvalidConfiguration, EveryCommandNamesKeyAndFile) {
  configure(GetParam().members);
  std::vector<std::string> words = GetParam().words;
  words.emplace_back("config.json");
  for (const char* command : {"sync", "daemon", "check", "login"}) {
    SCOPED_TRACE(command);
    expect_one_line(run({command}), kConfiguration, words);
  }
  expect_nothing_written();
}

INSTANTIATE_TEST_SUITE_P(
    OfEachKind, InvalidConfiguration,
    testing::Values(Case{"unknown_key", R"("poll_intervall": 5)", {"poll_intervall", "unknown key", "poll_interval\""}},
                    Case{"unknown_url", R"("x": 1)", {"\"x\"", "unknown key"}},
                    Case{"wrong_type", R"("channels": "chat")", {"channels", "a list", "found"}},
                    Case{"number_for_text", R"("archive": 5)", {"archive", "a string", "a number"}},
                    Case{"bad_duration", R"("poll_interval": "soon")", {"poll_interval", "\"90s\"", "soon"}},
                    Case{"bad_zone", R"("timezone": "Europe/Amsterdm")", {"timezone", "Amsterdm"}},
                    Case{"bad_date", R"("backfill_from": "2026-02-30")", {"backfill_from", "2026-02-30", "date"}},
                    Case{"out_of_range", R"("max_downloads": 0)", {"max_downloads", "from 1 to 256"}},
                    Case{"missing_secret_file", R"("client_secret_file": "nowhere.txt")", {"client_secret"}},
                    Case{"twice", R"("settle": 1)", {"settle", "duplicate key"}}),
    [](const testing::TestParamInfo<Case>& test) { return std::string(test.param.name); });

TEST_F(InvalidInput, ASyntaxErrorIsNamedWithItsLine) {
  write("config.json", "{\n  \"client_id\": \"x\"\n  \"client_secret\": \"y\"\n}\n");
  expect_one_line(run({"sync"}), kConfiguration, {"config.json:3"});
  expect_nothing_written();
}

TEST_F(InvalidInput, NamesMissingConfiguration) {
  expect_one_line(run({"--config", "elsewhere.json", "sync"}), kConfiguration, {"elsewhere.json", "No such file"});
  std::filesystem::remove(path("config.json"));
  expect_one_line(run({"sync"}), kConfiguration, {"config.json", "/etc/wxcc-archive", "--config"});
  expect_nothing_written();
}

TEST_F(InvalidInput, NamesConfigurationThatIsADirectory) {
  expect_one_line(run({"--config", directory().string(), "sync"}), kConfiguration, {directory().string(), "directory"});
  expect_nothing_written();
}

TEST_F(InvalidInput, NamesEachMissingKey) {
  const std::vector<std::pair<std::string, std::string>> settings = {
      {R"("client_id": ")", "client_id"}, {R"("client_secret": ")", "client_secret"}, {R"("org_id": ")", "org_id"}};
  const std::string complete = base::read_file(path("config.json"));
  for (const auto& [member, name] : settings) {
    SCOPED_TRACE(name);
    std::string without = complete;
    const auto begin = without.find(member) + member.size();
    without.erase(begin, without.find('"', begin) - begin);
    write("config.json", without);
    expect_one_line(run({"sync"}), kConfiguration, {"config.json", name, "missing"});
  }
  expect_nothing_written();
}

TEST_F(InvalidInput, WarnsOfWorldReadableConfigurationWithSecret) {
  const std::string config = base::read_file(path("config.json"));
  write("config.json", config, 0644);
  const Finished open = run({"check"});
  EXPECT_EQ(open.code, 0) << open.out;
  EXPECT_NE(open.err.find("is readable by all users"), std::string::npos) << open.err;
  EXPECT_NE(open.err.find("config.json"), std::string::npos) << open.err;
  write("config.json", config, 0640);
  EXPECT_EQ(run({"check"}).err, "");
}

TEST_F(InvalidInput, WarnsOfWorldReadableSecretFile) {
  std::string config = base::read_file(path("config.json"));
  const std::string member = "\"client_secret\": \"" + options.client_secret + "\"";
  config.replace(config.find(member), member.size(), R"("client_secret_file": "secret.txt")");
  write("config.json", config);
  write("secret.txt", options.client_secret + "\n", 0644);
  const Finished open = run({"check"});
  EXPECT_EQ(open.code, 0) << open.out;
  EXPECT_NE(open.err.find("secret.txt"), std::string::npos) << open.err;
  write("secret.txt", options.client_secret + "\n", 0600);
  EXPECT_EQ(run({"check"}).err, "");
}

struct InvalidLine {
  std::vector<std::string> arguments;
  std::vector<std::string> words;
};

TEST_F(InvalidInput, InvalidDateZoneOrOrderIsUsageError) {
  const std::vector<InvalidLine> lines = {
      {{"sync", "--from", "2026-02-30"}, {"--from", "2026-02-30"}},
      {{"sync", "--from", "yesterday"}, {"--from", "yesterday"}},
      {{"sync", "--from", "2026-05-02", "--to", "2026-05-01"}, {"--from", "--to", "2026-05-02", "2026-05-01"}},
      {{"sync", "--to", "2026-05-01"}, {"--to", "--from"}},
      {{"sync", "--from", "2999-01-01"}, {"--from", "future"}},
      {{"report", "--from", "2026-05-02", "--to", "2026-05-01"}, {"--from", "--to"}},
      {{"report", "--last", "7x"}, {"--last", "7x"}},
      {{"report", "--month", "2026-13"}, {"--month", "2026-13"}},
      {{"report", "--last", "7d", "--timezone", "Mars/Olympus"}, {"--timezone", "Mars/Olympus"}},
      {{"report"}, {"--from", "--last", "--month"}},
      {{"report", "--last", "7d", "--month", "2026-01"}, {"--last", "--month"}},
  };
  for (const InvalidLine& line : lines) {
    SCOPED_TRACE(fmt::format("{} {}", line.arguments.front(), line.words.back()));
    expect_one_line(run(line.arguments), kUsage, line.words);
  }
  expect_nothing_written();
}

TEST_F(InvalidInput, UnknownCommandOrOptionIsUsageError) {
  const struct {
    std::vector<std::string> arguments;
    const char* text;
  } rows[] = {
      {{}, "a subcommand is required; see wxcc-archive --help"},
      {{"synk"}, "unknown command synk; see wxcc-archive --help"},
      {{"--synk"}, "unknown option --synk; see wxcc-archive --help"},
      {{"sync", "--form", "2026-01-01"}, "not expected: 2026-01-01 --form; see wxcc-archive sync --help"},
      {{"report", "--last", "7d", "--queue", "Support", "Sales"},
       "not expected: Sales; see wxcc-archive report --help"},
      {{"report", "--format", "pdf"}, "--format: pdf not in {xlsx,csv,jsonl}; see wxcc-archive report --help"},
      {{"show", "task-1", "--json", "--raw"}, "--json excludes --raw; see wxcc-archive show --help"},
      {{"--log-level", "loud", "sync"}, "--log-level"},
  };
  for (const auto& row : rows) expect_one_line(run(row.arguments), kUsage, {row.text});
  expect_nothing_written();
}

TEST_F(InvalidInput, FindsMissingCaFileBeforeAnyRequest) {
  configure(R"("ca_file": "none.pem")");
  for (const char* command : {"sync", "daemon", "check"})
    expect_one_line(run({command}), kConfiguration, {"ca_file", "none.pem"});
  expect_nothing_written();
}

TEST_F(InvalidInput, NamesLogFileThatCannotBeWritten) {
  write("file", "");
  configure(R"("log_file": "file/log")");
  expect_one_line(run({"sync"}), kConfiguration, {"log_file", "file"});
}

class PythonScriptFiles : public EndToEnd {};

TEST_F(PythonScriptFiles, WorkUnchanged) {
  start_simulator();
  const std::string script_config = fmt::format(
      R"({{"auth_method": "browser", "client_id": "{}", "client_secret": "{}", "org_id": "{}",
  "redirect_uri": "http://localhost:8080/callback", "scope": "cjp:config_read cjp:config spark:kms",
  "log_level": "INFO", "log_file": "transcripts.log",
  "api_urls": {{"base": "{}", "auth": "{}", "eu": "{}"}},
  "token_file": "access_token.json", "default_queue": "", "url_expiration": 3600}})",
      options.client_id, options.client_secret, options.org_id, simulator().base_url(), simulator().authorize_url(),
      simulator().contact_center_url());
  write("config.json", script_config, 0640);
  const Finished synced = run({"sync"});
  EXPECT_TRUE(synced.code == 0 || synced.code == 4) << synced.err;
  EXPECT_EQ(synced.err.find("warning"), std::string::npos) << synced.err;
  expect_ground_truth();
  EXPECT_TRUE(std::filesystem::exists(path("transcripts.log")));
}

TEST_F(PythonScriptFiles, ExpiredTokenIsRefreshedInTheSameFormat) {
  start_simulator();
  const auto document = base::JsonDocument::parse(base::read_file(path("access_token.json")));
  const std::string refresh(document->root()["refresh_token"].text().value());
  write("access_token.json",
        fmt::format(R"({{"access_token": "old_PE93_{}", "expires_in": 1209599, "refresh_token": "{}",
 "refresh_token_expires_in": 7775999, "token_type": "Bearer", "scope": "cjp:config_read",
 "expires_at": "2024-01-15T09:30:00Z"}})",
                    options.org_id, refresh));
  EXPECT_TRUE(run({"sync"}).code % 4 == 0);
  expect_ground_truth();
  EXPECT_EQ(simulator().statistics().refreshes, 1);
  const auto after = base::JsonDocument::parse(base::read_file(path("access_token.json")));
  const base::JsonNode token = after->root();
  for (const char* name : {"access_token", "expires_in", "refresh_token", "refresh_token_expires_in", "expires_at"})
    EXPECT_TRUE(token[name].exists()) << name;
  EXPECT_EQ(token["expires_at"].text().value().size(), std::string("2024-01-15T09:30:00Z").size());
}

}  // namespace
}  // namespace wxcc::integration
