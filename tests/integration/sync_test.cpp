// SPDX-License-Identifier: Apache-2.0
// sync archives exactly the tasks of the API, and a second run changes nothing.
#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/digest.h"
#include "base/text.h"
#include "tests/integration/end_to_end.h"

namespace wxcc::integration {
namespace {

namespace ch = std::chrono;

struct Expected {
  std::int64_t ended_ms = 0;
  std::int64_t messages = 0;
  std::string sha256;
};

std::map<std::string, Expected> ground_truth_at(const std::string& contact_center_url) {
  httplib::Client client(contact_center_url);
  const auto response = client.Get("/sim/ground-truth");
  if (!response || response->status != 200) throw std::runtime_error("no ground truth");
  std::map<std::string, Expected> result;
  for (const std::string_view line : base::split(response->body, '\n')) {
    if (line.empty()) continue;
    const auto document = base::JsonDocument::parse(line);
    const base::JsonNode entry = document->root();
    result[std::string(entry["id"].text().value())] = {entry["ended_ms"].integer().value(),
                                                       entry["message_count"].integer().value(),
                                                       entry["sha256"].scalar_text().value_or("")};
  }
  return result;
}

// The simulator's program, as a user without a tenant starts it.
class SimulatorProgram : public EndToEnd {
 protected:
  void start_program(const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {WXCC_SIMULATOR, "--port", "0", "--write-config", directory().string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    simulator_ = start_command(command, {}, "");
    const auto line = base::JsonDocument::parse(simulator_->wait_for_output("\n"));
    url_ = line->root()["contact_center_url"].text().value();
    std::string config = base::read_file(path("config.json"));
    config.insert(config.rfind('}'), R"(, "requests_per_minute": 1000000, "settle": 0)");
    write("config.json", config);
  }
  void TearDown() override {
    simulator_->signal(SIGTERM);
    EXPECT_EQ(simulator_->wait().code, 0);
    EndToEnd::TearDown();
  }

  std::unique_ptr<Process> simulator_;
  std::string url_;
};

TEST_F(SimulatorProgram, DuplicateTimestampsAcrossPagesAreArchivedExactly) {
  start_program({"--tasks",
                 "2000",
                 "--chat-share",
                 "1",
                 "--duplicate-timestamps",
                 "7",
                 "--page-size",
                 "100",
                 "--live-rate",
                 "0",
                 "--search-lag",
                 "0",
                 "--transcript-lag",
                 "0",
                 "--late-fields-lag",
                 "0",
                 "--end-time-pending-share",
                 "0",
                 "--no-transcript-share",
                 "0",
                 "--requests-per-minute",
                 "0"});
  const Finished synced = run({"sync"});
  ASSERT_EQ(synced.code, 0) << synced.err << synced.out;

  const auto ground_truth = ground_truth_at(url_);
  ASSERT_EQ(ground_truth.size(), 2000U);
  std::map<std::int64_t, int> at_one_time;
  const store::Reader archived = reader();
  std::size_t seen = 0;
  std::map<std::string, std::string> texts;
  store::ConversationCursor conversations = archived.conversations({});
  while (const auto row = conversations.next()) {
    SCOPED_TRACE(row->task.id);
    ++seen;
    const auto expected = ground_truth.find(row->task.id);
    ASSERT_NE(expected, ground_truth.end());
    EXPECT_EQ(base::to_ms(row->task.ended.value()), expected->second.ended_ms);
    EXPECT_EQ(row->message_count, expected->second.messages);
    ++at_one_time[expected->second.ended_ms];
    for (const model::ArchivedMessage& message : archived.messages(row->task.id))
      texts[row->task.id] += (message.seq == 1 ? "" : "\n") + message.text;
  }
  EXPECT_EQ(seen, ground_truth.size());
  EXPECT_LE(at_one_time.size(), 2000U / 6) << "the data have no duplicate timestamps";
  for (const auto& [id, expected] : ground_truth)
    EXPECT_EQ(expected.messages == 0 ? "" : base::to_hex(base::sha256(texts[id])), expected.sha256) << id;
  EXPECT_EQ(sql("SELECT count(*) FROM message_search_content"), sql("SELECT count(*) FROM messages"));
}

class SyncCommand : public EndToEnd {};

TEST_F(SyncCommand, SecondRunChangesNoRow) {
  options.tasks = 150;
  options.duplicate_timestamps = 3;
  options.page_size = 20;
  options.both_versions_share = 0.1;
  options.versioned_share = 0.1;
  options.malformed_share = 0.05;
  options.truncated_share = 0.05;
  options.invalid_utf8_share = 0.05;
  options.empty_share = 0.05;
  options.no_transcript_share = 0;  // a range fetches those again, which changes the queue
  start_simulator();
  ASSERT_EQ(run({"sync"}).code, 4);  // the damaged ones are gaps
  expect_ground_truth();
  const std::string first = rows();
  const auto downloads = simulator().statistics().requests.at("download");

  EXPECT_EQ(run({"sync"}).code, 4);
  EXPECT_EQ(run({"sync", "--from", before_all()}).code, 4);
  EXPECT_EQ(run({"report", "--last", "30d", "--output", "a.xlsx"}).code, 4);
  EXPECT_EQ(rows(), first);
  EXPECT_EQ(simulator().statistics().requests.at("download"), downloads);
}

TEST_F(SyncCommand, SyncsExactlyTheGivenRange) {
  options.days = 6;
  start_simulator();
  const std::string middle = base::to_iso8601(
      simulator().ground_truth(simulator::GroundTruthDetail::Tasks).at(simulator().ground_truth().size() / 2).ended);
  const Finished half = run({"sync", "--from", before_all(), "--to", middle, "--json"});
  EXPECT_TRUE(half.code == 0 || half.code == 4) << half.err;
  for (const auto& entry : simulator().ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (base::to_iso8601(entry.ended) == middle) continue;  // the upper bound is inclusive
    EXPECT_EQ(reader().conversation(entry.id).has_value(), base::to_iso8601(entry.ended) < middle) << entry.id;
  }
  EXPECT_FALSE(reader().high_water_mark());

  run({"sync"});
  expect_ground_truth();
}

TEST_F(SyncCommand, StatusReflectsUnusedLoginAndStoredTokenExpiry) {
  start_simulator();
  run({"sync"});
  simulator().revoke_access_tokens();
  simulator().revoke_refresh_tokens();
  EXPECT_EQ(run({"sync"}).code, 77);
  EXPECT_NE(run({"status"}).out.find("needs-login"), std::string::npos);

  write("access_token.json", simulator().token_file_json());
  EXPECT_EQ(run({"status"}).out.find("needs-login"), std::string::npos);

  run({"sync"});
  std::filesystem::remove(path("access_token.json"));
  const std::string status = run({"status", "--json"}).out;
  EXPECT_NE(status.find(R"("refresh_days_left": 89)"), std::string::npos) << status;
}

TEST_F(SyncCommand, ExitCodeCountsGapsInsideTheRangeOnly) {
  options.no_transcript_share = 0;
  options.malformed_share = 0.2;
  start_simulator();
  ASSERT_EQ(run({"sync"}).code, 4);
  const auto range_of = [&](bool malformed) {
    for (const auto& entry : simulator().ground_truth(simulator::GroundTruthDetail::Tasks))
      if ((entry.transcript_kind == "malformed") == malformed)
        return std::vector<std::string>{
            "sync",  "--from", base::to_iso8601(entry.ended), "--to", base::to_iso8601(entry.ended + base::Millis{1}),
            "--json"};
    return std::vector<std::string>{};
  };
  const Finished whole = run(range_of(false));
  EXPECT_EQ(whole.code, 0) << whole.err;
  const auto document = base::JsonDocument::parse(whole.out);
  EXPECT_EQ(document->root()["range"]["tasks"].integer(), 1);
  EXPECT_GT(document->root()["range"]["messages"].integer(), 0);
  EXPECT_EQ(document->root()["archive"]["tasks"].integer(),
            static_cast<std::int64_t>(simulator().ground_truth().size()));
  EXPECT_EQ(run(range_of(true)).code, 4);
}

TEST_F(SyncCommand, RejectsRangeThatCannotBeSearched) {
  start_simulator();
  configure(R"("timezone": "UTC")");
  expect_one_line(run({"sync", "--from", "2199-01-01", "--to", "2199-01-02"}), 2, {"--from 2199-01-01", "future"});
  expect_one_line(run({"sync", "--from", "2199-01-01"}), 2, {"--from 2199-01-01", "future"});
  expect_one_line(run({"sync", "--from", "2026-11-02", "--to", "2026-11-01"}), 2, {"--from 2026-11-02", "after"});
  expect_one_line(run({"sync", "--from", "2010-01-01", "--to", "2010-01-02"}), 2,
                  {"--to 2010-01-02", "no tasks before"});
  EXPECT_FALSE(std::filesystem::exists(archive()));
  const Finished partly = run({"sync", "--from", "2010-01-01"});
  EXPECT_NE(partly.err.find("no tasks before"), std::string::npos) << partly.err;
}

TEST_F(SyncCommand, StatusAndVerifyListCoverageGapsSinceBackfillStart) {
  options.no_transcript_share = 0;
  options.days = 8;
  start_simulator();
  configure(R"("backfill_from": "1d")");
  const base::Instant from = base::SystemClock().now() - ch::days{5};
  const base::Instant to = from + ch::days{1};
  ASSERT_EQ(run({"sync", "--from", base::to_iso8601(from), "--to", base::to_iso8601(to)}).code, 0);
  const Finished of_range = run({"verify"});
  EXPECT_EQ(of_range.code, 0) << "the requested range is complete: " << of_range.out;
  ASSERT_EQ(run({"sync"}).code, 0);
  const auto gaps = [this](const std::vector<std::string>& arguments) {
    const auto status = base::JsonDocument::parse(run(arguments).out);
    std::vector<base::TimeRange> ranges;
    for (std::size_t i = 0; i < status->root()["coverage_gaps"].size(); ++i) {
      const base::JsonNode gap = status->root()["coverage_gaps"].at(i);
      ranges.push_back({base::parse_iso8601(std::string(gap["from"].text().value_or(""))).value(),
                        base::parse_iso8601(std::string(gap["to"].text().value_or(""))).value()});
    }
    return ranges;
  };
  EXPECT_TRUE(gaps({"status", "--json"}).empty()) << "time before the backfill's start is no gap";
  EXPECT_EQ(run({"verify"}).code, 0);

  configure(R"("backfill_from": "6d")");
  std::filesystem::remove(path("access_token.json"));
  ASSERT_EQ(run({"sync"}).code, 77) << "no search";
  const base::Instant now = base::SystemClock().now();
  const auto found = gaps({"status", "--json"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_GE(found[0].from, now - ch::days{6}) << "the remaining backfill is a gap too";
  EXPECT_LE(found[0].from, now - ch::days{6} + ch::minutes{2});
  EXPECT_EQ(found[0].to, from);
  EXPECT_EQ(found[1].from, to);
  EXPECT_GE(found[1].to, to + ch::days{3});
  EXPECT_LE(found[1].to, to + ch::days{3} + ch::minutes{2}) << "where the first backfill ended";
  EXPECT_EQ(gaps({"--archive", archive().string(), "status", "--json"}).size(), 2U) << "without a configuration";
  const Finished verified = run({"verify"});
  EXPECT_EQ(verified.code, 4);
  EXPECT_NE(verified.out.find("coverage gap: " + base::to_iso8601_seconds(to).substr(0, 16)), std::string::npos)
      << verified.out;
}

TEST_F(SyncCommand, ReportsUnreachableApiWithinSeconds) {
  start_simulator();
  simulator().stop();
  const auto begin = ch::steady_clock::now();
  const Finished finished = run({"sync"});
  EXPECT_LT(ch::steady_clock::now() - begin, ch::seconds{15});
  EXPECT_EQ(finished.code, 75);
  EXPECT_NE(finished.err.find("; retrying"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("sync incomplete: search: "), std::string::npos) << finished.err;
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 2) << finished.err;
  const auto status = base::JsonDocument::parse(run({"status", "--json"}).out);
  EXPECT_NE(status->root()["last_error"].text().value_or("").find("search: "), std::string::npos);
}

TEST_F(SyncCommand, RejectedDownloadsAreGaps) {
  options.no_transcript_share = 0;
  start_simulator();
  simulator().add_fault("download:403:1");
  const Finished finished = run({"sync"});
  EXPECT_EQ(finished.code, 4) << finished.err;
  EXPECT_EQ(sql("SELECT count(*) FROM conversations WHERE transcript_state <> 'pending'"), "0\n");
}

TEST_F(SyncCommand, ArchivesEverythingAfterFirstLogin) {
  options.auto_consent = true;
  start_simulator();
  std::filesystem::remove(path("access_token.json"));
  EXPECT_EQ(run({"sync"}).code, 77);
  EXPECT_NE(log_in().find("Logged in"), std::string::npos);
  EXPECT_EQ(simulator().statistics().logins, 1);

  const Finished synced = run({"sync"});
  EXPECT_TRUE(synced.code == 0 || synced.code == 4) << synced.err;
  expect_ground_truth();
}

}  // namespace
}  // namespace wxcc::integration
