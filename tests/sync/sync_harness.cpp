// SPDX-License-Identifier: Apache-2.0
#include "tests/sync/sync_harness.h"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/digest.h"
#include "base/text.h"
#include "webex/endpoints.h"

namespace wxcc::tests {
namespace {

simulator::Options adapted(simulator::Options options) {
  options.requests_per_minute = 0;
  options.stall_for = std::chrono::milliseconds{150};
  options.slow_for = std::chrono::milliseconds{20};
  return options;
}

std::string described(const ConversationDigest& archived) {
  return fmt::format("{} with {} messages {}", archived.state, archived.messages, archived.sha256.substr(0, 8));
}

std::string expected_state(const simulator::GroundTruthEntry& entry) {
  if (!entry.has_transcript) return "none";
  return entry.transcript_kind == "malformed" || entry.transcript_kind == "truncated" ? "unparsed" : "archived";
}

}  // namespace

SyncHarness::SyncHarness(simulator::Options options, sync::Settings wanted)
    : simulator(adapted(std::move(options)), server_clock), settings(std::move(wanted)) {
  simulator.write_config(directory.path());
  start();
}

void SyncHarness::start() {
  const simulator::Options& options = simulator.options();
  webex::Settings api_settings;
  api_settings.endpoints =
      webex::endpoints_from(simulator.base_url(), simulator.authorize_url(), simulator.contact_center_url());
  api_settings.token_file = directory.path() / "access_token.json";
  api_settings.client.id = options.client_id;
  api_settings.client.secret = base::Secret(options.client_secret);
  api_settings.org_id = options.org_id;
  tokens = std::make_unique<webex::TokenKeeper>(api_settings, transport, time, clock);
  tokens->start();
  api = std::make_unique<webex::ApiClient>(api_settings, *tokens, transport, time, clock, random);
  heartbeat = std::make_unique<monitor::Heartbeat>(base::Secret(), transport);
  archive.emplace(store::Archive::open({archive_path(), options.org_id, "test"}, clock.now()));
  engine = std::make_unique<sync::Engine>(sync::EngineDeps{settings, *archive, *api, time, clock});
}

void SyncHarness::restart() {
  service.reset();
  engine.reset();
  heartbeat.reset();
  api.reset();
  tokens.reset();
  archive.reset();
  start();
}

sync::Pass::Result SyncHarness::pass(std::optional<base::TimeRange> range) {
  service.reset();
  std::optional<sync::Pass::Result> result;
  sync::Pass run(*engine);
  run.run(range, [&](const sync::Pass::Result& done) { result = done; });
  time.advance_until(std::chrono::days{30}, [&] { return result.has_value(); });
  return result.value();
}

void SyncHarness::run_service(base::Millis length) {
  run_service(length, [] { return false; });
}

bool SyncHarness::run_service(base::Millis at_most, const std::function<bool()>& until) {
  if (!service) {
    daemon::Settings schedule;
    schedule.poll_interval = poll_interval;
    service = std::make_unique<daemon::Service>(schedule, *engine, *tokens,
                                                daemon::Service::Monitors{supervisor, metrics, *heartbeat});
    service->start();
  }
  return time.advance_until(at_most, until);
}

void SyncHarness::reconcile() {
  bool done = false;
  engine->reconcile([&](const model::Result<model::ScanStats>&) { done = true; });
  time.advance_until(std::chrono::hours{6}, [&] { return done && engine->fetcher().idle(); });
}

bool SyncHarness::is_settled() const {
  const store::Reader& reader = archive->reader();
  const auto mark = reader.high_water_mark();
  if (!mark || engine->scanning() || !engine->fetcher().idle()) return false;
  const base::Instant start = settings.backfill_from.at(clock.now()) + std::chrono::days{1};
  if (start < *mark && !reader.uncovered(model::TimeField::Ended, {start, *mark}).empty()) return false;
  const model::StateCounts backlog = reader.backlog();
  return backlog[model::TranscriptState::Pending] == 0 && backlog[model::TranscriptState::Failed] == 0;
}

std::ptrdiff_t SyncHarness::times_logged(std::string_view text) const {
  return std::count_if(log.begin(), log.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

int SyncHarness::failures(std::string_view activity) {
  const std::string label = fmt::format("activity=\"{}", activity);
  const std::string text = metrics.text({}, time.monotonic_now());
  int sum = 0;
  for (const std::string_view line : base::split(text, '\n'))
    if (line.starts_with("wxcc_archive_activity_failures_total{") && line.find(label) != std::string_view::npos)
      sum += std::atoi(std::string(line.substr(line.rfind(' ') + 1)).c_str());
  return sum;
}

simulator::Options tasks_with_transcripts(std::size_t tasks, int days) {
  simulator::Options options;
  options.tasks = tasks;
  options.days = days;
  options.no_transcript_share = 0;
  return options;
}

simulator::Options chats_with_transcripts(std::size_t tasks) {
  simulator::Options options = tasks_with_transcripts(tasks, 2);
  options.chat_share = 1;
  return options;
}

bool is_search(const net::Request& request) {
  return request.url.find("/search") != std::string::npos;
}

bool is_captures(const net::Request& request) {
  return request.url.find("/captures/query") != std::string::npos;
}

bool is_download(const net::Request& request) {
  return request.method == net::Method::Get && !is_search(request) && !is_captures(request);
}

net::Response response(int status, std::string body, net::Headers headers) {
  net::Response response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

Conversations read_conversations(const base::Path& archive) {
  Conversations result;
  const auto reader = store::Reader::open(archive);
  store::ConversationCursor conversations = reader.conversations({});
  while (const auto row = conversations.next()) {
    std::string text;
    for (const model::ArchivedMessage& message : reader.messages(row->task.id))
      text += (message.seq == 1 ? "" : "\n") + message.text;
    result[row->task.id] = {std::string(model::to_text(row->transcript_state)), row->message_count,
                            row->message_count == 0 ? "" : base::to_hex(base::sha256(text))};
  }
  return result;
}

Conversations ground_truth_of(simulator::Services& simulator) {
  Conversations result;
  for (const simulator::GroundTruthEntry& entry : simulator.ground_truth())
    result[entry.id] = {expected_state(entry), static_cast<std::int64_t>(entry.message_count), entry.sha256};
  return result;
}

std::vector<std::string> differences_between(const Conversations& archived, const Conversations& truth) {
  std::vector<std::string> result;
  for (const auto& [id, task] : truth) {
    const auto found = archived.find(id);
    if (found == archived.end())
      result.push_back(fmt::format("{} is missing", id));
    else if (task.state == "none" ? found->second.state == "archived" || found->second.messages > 0
                                  : found->second != task)
      result.push_back(fmt::format("{}: {} instead of {}", id, described(found->second), described(task)));
  }
  for (const auto& [id, task] : archived)
    if (!truth.contains(id)) result.push_back(fmt::format("{} should not be there", id));
  return result;
}

void expect_rows_before_mark(SyncHarness& harness) {
  const auto mark = harness.archive->reader().high_water_mark();
  if (!mark) return;
  ASSERT_LE(*mark, harness.server_clock.now());
  const auto archived = harness.archived();
  const auto gaps = harness.archive->reader().uncovered(model::TimeField::Ended, {*mark - std::chrono::days{4}, *mark});
  for (const auto& entry : harness.simulator.ground_truth(simulator::GroundTruthDetail::Tasks)) {
    if (entry.ended >= *mark) continue;
    const bool uncovered = std::any_of(gaps.begin(), gaps.end(), [&](const base::TimeRange& gap) {
      return entry.ended >= gap.from && entry.ended <= gap.to;
    });
    EXPECT_TRUE(uncovered || archived.contains(entry.id)) << entry.id;
  }
}

}  // namespace wxcc::tests
