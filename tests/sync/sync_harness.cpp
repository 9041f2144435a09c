// SPDX-License-Identifier: Apache-2.0
#include "tests/sync/sync_harness.h"

#include <fmt/format.h>

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

std::string described(const Kept& kept) {
  return fmt::format("{} with {} messages {}", kept.state, kept.messages, kept.sha256.substr(0, 8));
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
  webex::Settings api;
  api.endpoints =
      webex::endpoints_from(simulator.base_url(), simulator.authorize_url(), simulator.contact_center_url());
  api.token_file = directory.path() / "access_token.json";
  api.client.id = options.client_id;
  api.client.secret = base::Secret(options.client_secret);
  api.org_id = options.org_id;
  tokens = std::make_unique<webex::TokenKeeper>(api, transport, time, clock);
  tokens->start();
  cloud = std::make_unique<webex::ApiClient>(api, *tokens, transport, time, clock, random);
  heartbeat = std::make_unique<monitor::Heartbeat>(base::Secret(), transport);
  archive.emplace(store::Archive::open({archive_path(), options.org_id, "test"}, clock.now()));
  engine = std::make_unique<sync::Engine>(sync::EngineDeps{settings, *archive, *cloud, time, clock});
}

void SyncHarness::restart() {
  service.reset();
  engine.reset();
  heartbeat.reset();
  cloud.reset();
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

void SyncHarness::live(base::Millis length) {
  live(length, [] { return false; });
}

bool SyncHarness::live(base::Millis at_most, const std::function<bool()>& until) {
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

bool SyncHarness::drained() const {
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

Conversations kept_in(const base::Path& archive) {
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

std::vector<std::string> differences_between(const Conversations& kept, const Conversations& truth) {
  std::vector<std::string> result;
  for (const auto& [id, task] : truth) {
    const auto found = kept.find(id);
    if (found == kept.end())
      result.push_back(fmt::format("{} is missing", id));
    else if (task.state == "none" ? found->second.state == "archived" || found->second.messages > 0
                                  : found->second != task)
      result.push_back(fmt::format("{}: {} instead of {}", id, described(found->second), described(task)));
  }
  for (const auto& [id, task] : kept)
    if (!truth.contains(id)) result.push_back(fmt::format("{} should not be there", id));
  return result;
}

}  // namespace wxcc::tests
