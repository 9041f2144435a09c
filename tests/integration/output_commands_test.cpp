// SPDX-License-Identifier: Apache-2.0
// report, status, show and check: their outputs, files and exit codes.
#include <fmt/format.h>

#include <set>

#include "base/digest.h"
#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

namespace ch = std::chrono;
using base::JsonNode;

std::set<std::string> names_of(JsonNode object) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < object.size(); ++i) names.emplace(object.name_at(i));
  return names;
}

class OutputCommands : public EndToEnd {
 protected:
  base::JsonDocument json_of(const std::vector<std::string>& arguments) {
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, 0) << finished.err;
    auto document = base::JsonDocument::parse(finished.out);
    if (!document) throw std::runtime_error("no JSON: " + finished.out);
    return std::move(*document);
  }
};

TEST_F(OutputCommands, WorkbookHasEachConversationAndMessage) {
  options.tasks = 300;
  options.no_transcript_share = 0;
  start_simulator();
  ASSERT_EQ(run({"sync"}).code, 0);
  const Finished report = run({"report", "--last", "7d", "--output", "week.xlsx"});
  EXPECT_EQ(report.code, 0) << report.err;

  // The last seven days in the zone UTC, today included.
  const auto today = ch::floor<ch::days>(base::SystemClock().now());
  const auto first = base::Instant(today - ch::days{6});
  std::size_t conversations = 0;
  std::size_t messages = 0;
  for (const auto& entry : simulator().ground_truth()) {
    if (entry.ended < first) continue;
    ++conversations;
    messages += entry.message_count;
  }
  ASSERT_GT(conversations, 20U);
  const Finished opened = start_command({WXCC_PYTHON, WXCC_READ_BACK, path("week.xlsx").string()}, {}, "")->wait();
  ASSERT_EQ(opened.code, 0) << opened.err;
  const auto book = base::JsonDocument::parse(opened.out);
  const JsonNode sheets = book->root()["sheets"];
  EXPECT_EQ(sheets["Conversations"]["rows"].size(), conversations + 1);
  EXPECT_EQ(sheets["Messages"]["rows"].size(), messages + 1);
  for (const auto& [format, lines] : {std::pair{"csv", conversations + 1}, std::pair{"jsonl", conversations}}) {
    SCOPED_TRACE(format);
    EXPECT_EQ(run({"report", "--last", "7d", "--format", format, "--output", fmt::format("week.{}", format)}).code, 0);
    EXPECT_TRUE(std::filesystem::exists(path(fmt::format("week.{}", format)))) << lines;
  }
}

TEST_F(OutputCommands, ReportOverwritesFileOnlyWithForce) {
  start_simulator();
  run({"sync"});
  write("existing.xlsx", "text");
  const Finished refused = run({"report", "--last", "7d", "--output", "existing.xlsx"});
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.err.find("existing.xlsx"), std::string::npos);
  EXPECT_EQ(base::read_file(path("existing.xlsx")), "text");
  const Finished replaced = run({"report", "--last", "7d", "--output", "existing.xlsx", "--force"});
  EXPECT_EQ(replaced.code % 4, 0) << replaced.err;
  EXPECT_TRUE(base::read_file(path("existing.xlsx")).starts_with("PK"));
}

TEST_F(OutputCommands, StatusJsonHasItsContractMembers) {
  start_simulator();
  run({"sync"});
  const auto document = json_of({"status", "--json"});
  const JsonNode status = document.root();
  for (const char* name : {"state", "high_water_mark", "last_success", "last_error", "counts", "tokens", "archive"})
    EXPECT_TRUE(status[name].exists()) << name;
  EXPECT_EQ(names_of(status["counts"]),
            (std::set<std::string>{"tasks", "archived", "pending", "unparsed", "absent", "failed", "messages"}));
  EXPECT_EQ(names_of(status["tokens"]),
            (std::set<std::string>{"access_expires_at", "refresh_expires_at", "refresh_days_left", "warning"}));
  EXPECT_EQ(names_of(status["archive"]), (std::set<std::string>{"path", "bytes", "wal_bytes", "schema_version"}));
  EXPECT_EQ(status["state"].text(), "ok");
  EXPECT_TRUE(status["last_error"].is_null());
  for (const char* name : {"high_water_mark", "last_success"})
    EXPECT_TRUE(base::parse_iso8601(status[name].text().value_or(""))) << name;
  EXPECT_EQ(status["counts"]["tasks"].integer(), static_cast<std::int64_t>(simulator().ground_truth().size()));
  EXPECT_GE(status["tokens"]["refresh_days_left"].integer(), 88);
  EXPECT_EQ(status["archive"]["path"].text(), archive().string());
}

TEST_F(OutputCommands, StatusOfEmptyArchiveIsNeverSynced) {
  start_simulator();
  simulator().add_fault("search:403:1");
  run({"sync"});
  const auto document = json_of({"--archive", archive().string(), "status", "--json"});
  EXPECT_EQ(document.root()["state"].text(), "never-synced");
  EXPECT_TRUE(document.root()["high_water_mark"].is_null());
  EXPECT_TRUE(document.root()["tokens"]["access_expires_at"].is_null());
}

TEST_F(OutputCommands, ShowPrintsConversationWithMessages) {
  options.no_transcript_share = 0;
  start_simulator();
  run({"sync"});
  const simulator::GroundTruthEntry entry = simulator().ground_truth().at(5);
  const auto document = json_of({"show", entry.id, "--json"});
  EXPECT_EQ(document.root()["task_id"].text(), entry.id);
  EXPECT_EQ(document.root()["messages"].size(), entry.message_count);
  std::string texts;
  for (const base::JsonNode message : document.root()["messages"])
    texts += (texts.empty() ? "" : "\n") + std::string(message["text"].text().value());
  EXPECT_EQ(base::to_hex(base::sha256(texts)), entry.sha256);
  EXPECT_EQ(run({"show", entry.id}).code, 0);
  EXPECT_EQ(base::JsonDocument::parse(run({"show", entry.id, "--raw"}).out).has_value(), true);
  expect_one_line(run({"show", "no-such-task"}), 1, {"no-such-task", "archive.db"});
}

TEST_F(OutputCommands, NameMissingArchive) {
  start_simulator();
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"status"}, {"show", "x"}, {"report", "--last", "7d"}})
    expect_one_line(run(command), 78, {"archive.db"});
}

struct FailingStep {
  const char* name;
  int code;
  const char* step;
};
class CheckCommand : public OutputCommands, public testing::WithParamInterface<FailingStep> {};

TEST_F(OutputCommands, CheckPassesWhenEverythingWorks) {
  start_simulator();
  const Finished before = run({"check"});
  EXPECT_EQ(before.code, 0) << before.out << before.err;
  run({"sync"});
  const Finished after = run({"check"});
  EXPECT_EQ(after.code, 0) << after.out << after.err;
  EXPECT_EQ(after.out.find("FAIL"), std::string::npos) << after.out;
  for (const char* step : {"network", "clock", "token", "search", "captures", "disk", "service"})
    EXPECT_NE(after.out.find(fmt::format("\nok    {} ", step)), std::string::npos) << step << " in " << after.out;
  EXPECT_NE(after.out.find("archive"), std::string::npos) << after.out;
}

TEST_F(OutputCommands, StatusCheckPrintsOneLineWithExitCode) {
  start_simulator();
  const Finished unknown = run({"status", "--check"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_EQ(unknown.out.find("UNKNOWN - "), 0U) << unknown.out;
  run({"sync"});
  const Finished good = run({"status", "--check"});
  EXPECT_EQ(good.code, 0) << good.out;
  EXPECT_EQ(good.out.find("OK - ok: archived until "), 0U) << good.out;
  EXPECT_NE(good.out.find(" | lag="), std::string::npos) << good.out;
  EXPECT_EQ(std::count(good.out.begin(), good.out.end(), '\n'), 1);
  change("UPDATE service SET needs_login = 'login required'");
  const Finished bad = run({"status", "--check"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.out.find("CRITICAL - needs-login"), 0U) << bad.out;
}

TEST_F(OutputCommands, CheckWarnsOfGroupReadableTokenFile) {
  start_simulator();
  std::filesystem::permissions(path("access_token.json"), std::filesystem::perms{0640});
  const Finished finished = run({"check"});
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_NE(finished.out.find("warn  token file"), std::string::npos) << finished.out;
}

TEST_P(CheckCommand, NamesTheStepThatFails) {
  start_simulator();
  const std::string name = GetParam().name;
  if (name == "no_token") std::filesystem::remove(path("access_token.json"));
  if (name == "revoked") {
    simulator().revoke_access_tokens();
    simulator().revoke_refresh_tokens();
  }
  if (name == "open_token") std::filesystem::permissions(path("access_token.json"), std::filesystem::perms{0644});
  if (name == "search_forbidden") simulator().add_fault("search:403:1");
  if (name == "other_region") simulator().add_fault("search:404:1");
  if (name == "captures_forbidden") simulator().add_fault("captures:403:1");
  if (name == "foreign_archive") write("archive.db", "text");
  if (name == "api_unreachable") simulator().stop();
  const Finished finished = run({"check"});
  EXPECT_EQ(finished.code, GetParam().code) << finished.out << finished.err;
  EXPECT_NE(finished.out.find(fmt::format("FAIL  {}", GetParam().step)), std::string::npos) << finished.out;
}

INSTANTIATE_TEST_SUITE_P(
    OfEachKind, CheckCommand,
    testing::Values(FailingStep{"no_token", 77, "token"}, FailingStep{"revoked", 77, "search"},
                    FailingStep{"open_token", 78, "token file"}, FailingStep{"search_forbidden", 78, "search"},
                    FailingStep{"other_region", 78, "search"}, FailingStep{"captures_forbidden", 78, "captures"},
                    FailingStep{"foreign_archive", 78, "archive"}, FailingStep{"api_unreachable", 75, "network"}),
    [](const testing::TestParamInfo<FailingStep>& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace wxcc::integration
