// SPDX-License-Identifier: Apache-2.0
#include "tests/sync/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "webex/endpoints.h"

namespace wxcc::tests {
namespace {

simulator::Options adapted(simulator::Options options) {
  options.requests_per_minute = 0;  // it counts real time
  options.stall_for = std::chrono::milliseconds{150};
  options.slow_for = std::chrono::milliseconds{20};
  return options;
}

std::string described(const Kept& kept) {
  return fmt::format("{} with {} messages {}", kept.state, kept.messages, kept.sha256.substr(0, 8));
}

std::string expected_state(const simulator::TruthEntry& entry) {
  if (!entry.has_transcript) return "none";
  return entry.delivery == "malformed" || entry.delivery == "truncated" ? "unparsed" : "archived";
}

// Between the client and the cloud.
class Interposed final : public net::Transport {
 public:
  Interposed(net::Transport& real, base::Timers& timers, const decltype(World::on_request)& on_request)
      : real_(real), timers_(timers), on_request_(on_request) {}

  std::unique_ptr<net::Transfer> start(net::Request request, Done done) override {
    auto answer = on_request_ ? on_request_(request) : std::nullopt;
    if (!answer) return real_.start(std::move(request), std::move(done));
    auto ticket = std::make_unique<Ticket>();
    ticket->timer = timers_.add_timer([answer = std::move(*answer), done = std::move(done)] { done(answer); });
    ticket->timer->start(base::Millis{0});
    return ticket;
  }

 private:
  struct Ticket final : net::Transfer {
    std::unique_ptr<base::Timer> timer;
  };
  net::Transport& real_;
  base::Timers& timers_;
  const decltype(World::on_request)& on_request_;
};

}  // namespace

World::World(simulator::Options options, sync::Settings wanted)
    : simulator(adapted(std::move(options)), server_clock), settings(std::move(wanted)) {
  simulator.start();
  simulator.write_config(directory.path());
  start();
}

void World::start() {
  curl = std::make_unique<net::CurlTransport>(loop, net::CurlTransport::Options{{}, "test", 32});
  watched = time.watch(*curl);
  transport = std::make_unique<Interposed>(*watched, time, on_request);
  const auto endpoints =
      webex::endpoints_from(simulator.base_url(), simulator.authorize_url(), simulator.contact_center_url());
  const simulator::Options& options = simulator.options();
  webex::TokenKeeper::Options keeper;
  keeper.token_file = directory.path() / "access_token.json";
  keeper.token_endpoint = endpoints.token;
  keeper.client.id = options.client_id;
  keeper.client.secret = base::Secret(options.client_secret);
  keeper.org_id = options.org_id;
  tokens = std::make_unique<webex::TokenKeeper>(keeper, *transport, time, clock);
  tokens->start();
  webex::ApiSettings cloud_options;
  cloud_options.endpoints = endpoints;
  cloud_options.org_id = options.org_id;
  cloud = std::make_unique<webex::ApiClient>(cloud_options, *tokens, *transport, time, clock, random);
  archive.emplace(store::Archive::open({archive_path(), options.org_id, "test"}, clock.now()));
  engine = std::make_unique<sync::Engine>(sync::EngineDeps{settings, *archive, *cloud, time, clock});
}

void World::restart() {
  poll_timer_.reset();
  reconcile_timer_.reset();
  polling_ = backfilling_ = false;
  engine.reset();
  cloud.reset();
  tokens.reset();
  transport.reset();
  watched.reset();
  curl.reset();
  archive.reset();
  start();
}

sync::Pass::Result World::pass(std::optional<base::TimeRange> range) {
  std::optional<sync::Pass::Result> result;
  sync::Pass run(*engine);
  run.run(range, [&](const sync::Pass::Result& pass) { result = pass; });
  time.run(std::chrono::days{30}, [&] { return result.has_value(); });
  return result.value();
}

void World::live(base::Millis length) {
  live(length, [] { return false; });
}

bool World::live(base::Millis at_most, const std::function<bool()>& until) {
  if (!poll_timer_) {
    poll_timer_ = time.add_timer([this] { poll(); });
    reconcile_timer_ = time.add_timer([this] {
      reconcile_timer_->start(settings.reconcile_every);
      engine->reconcile([this](const model::Result<model::ScanStats>& report) {
        if (!report) failures.push_back(report.error().message);
      });
    });
    reconcile_timer_->start(settings.reconcile_every);
    poll_timer_->start(base::Millis{0});
  }
  return time.run(at_most, until);
}

void World::poll() {
  poll_timer_->start(poll_interval);
  if (std::exchange(polling_, true)) return;
  engine->poll([this](const model::Result<model::ScanStats>& report) {
    polling_ = false;
    if (!report) return failures.push_back(report.error().message);
    backfill();
  });
}

void World::backfill() {
  if (backfilling_) return;
  backfilling_ = engine->backfill([this](const model::Result<model::ScanStats>& report) {
    backfilling_ = false;
    if (!report) return failures.push_back(report.error().message);
    backfill();
  });
}

void World::reconcile() {
  bool done = false;
  engine->reconcile([&](const model::Result<model::ScanStats>& report) {
    if (!report) failures.push_back(report.error().message);
    done = true;
  });
  time.run(std::chrono::hours{6}, [&] { return done && engine->fetcher().idle(); });
}

bool World::drained() const {
  const auto mark = archive->reader().high_water_mark();
  if (!mark || engine->scanning() || !engine->fetcher().idle()) return false;
  if (!archive->reader()
           .uncovered(model::TimeField::Ended, {*mark - settings.backfill_from.lookback + std::chrono::days{1}, *mark})
           .empty())
    return false;
  const store::Counts counts = archive->reader().counts();
  return counts[model::TranscriptState::Pending] == 0 && counts[model::TranscriptState::Failed] == 0;
}

bool World::logged(std::string_view text) const {
  return std::any_of(log.begin(), log.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

Conversations kept_in(const base::Path& archive) {
  Conversations result;
  std::map<std::string, std::string> texts;
  const auto reader = store::Reader::open(archive);
  reader.for_each_conversation({}, [&](const store::StoredTask& row) {
    result[row.task.id] = {std::string(model::to_text(row.transcript_state)), row.message_count, ""};
  });
  reader.for_each_message({}, [&](const store::StoredTask& conversation, const model::ArchivedMessage& row) {
    const auto [place, first] = texts.emplace(conversation.task.id, row.text);
    if (!first) place->second += "\n" + row.text;
  });
  for (const auto& [id, text] : texts) result[id].sha256 = base::to_hex(base::sha256(text));
  return result;
}

Conversations truth_of(simulator::Simulator& simulator) {
  Conversations result;
  for (const simulator::TruthEntry& entry : simulator.truth())
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
