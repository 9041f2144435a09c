// SPDX-License-Identifier: Apache-2.0
// The token keeper against a simulator that issues, rotates and revokes tokens, over a real transport.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "net/curl_transport.h"
#include "simulator/simulator.h"
#include "systemd/event_loop.h"
#include "tests/process.h"
#include "tests/simulator/moved_clock.h"
#include "tests/temporary_directory.h"
#include "webex/token_keeper.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

struct Habit {
  const char* name;
  void (*set)(simulator::Options&);
};
const std::vector<Habit>& habits() {
  static const std::vector<Habit> list = {
      {"plain", [](simulator::Options&) {}},
      {"rotates", [](simulator::Options& o) { o.rotate_refresh_token = true; }},
      {"rotates and ends the old ones at once",
       [](simulator::Options& o) {
         o.rotate_refresh_token = true;
         o.revoke_old_refresh_token_after_grace = ch::seconds{0};
         o.revoke_old_access_token = true;
       }},
      {"numbers as text, standard errors",
       [](simulator::Options& o) {
         o.expires_in_as_string = true;
         o.rfc6749_errors = true;
       }},
      {"no refresh token in the response", [](simulator::Options& o) { o.omit_refresh_token = true; }},
      {"no token_type, tokens that do not tell",
       [](simulator::Options& o) {
         o.minimal_token_responses = true;
         o.tokens_without_org = true;
       }},
  };
  return list;
}

template <typename Clock>
class Cloud {
 public:
  void start() {
    options.tasks = 0;
    cloud.emplace(options, clock);
    cloud->start();
    cloud->write_config(directory.path());
  }
  [[nodiscard]] Settings keeper_settings() const {
    Settings settings;
    settings.token_file = token_file;
    settings.endpoints.token = cloud->base_url() + "/access_token";
    settings.client = {options.client_id, base::Secret(options.client_secret), "", ""};
    settings.org_id = options.org_id;
    return settings;
  }
  TokenSet stored() const { return *parse_token_file(base::read_file(token_file)); }

  tests::TemporaryDirectory directory;
  base::Path token_file = directory.path() / "access_token.json";
  Clock clock;
  simulator::Options options;
  std::optional<simulator::Simulator> cloud;
};

// The loop's timers, whose monotonic time moves with the clock.
class MovedTimers final : public base::Timers {
 public:
  MovedTimers(base::Timers& timers, const base::Clock& clock) : timers_(timers), clock_(clock) {}
  std::unique_ptr<base::Timer> add_timer(std::function<void()> fire) override {
    return timers_.add_timer(std::move(fire));
  }
  [[nodiscard]] base::Millis monotonic_now() const override { return clock_.now().time_since_epoch(); }

 private:
  base::Timers& timers_;
  const base::Clock& clock_;
};

// A keeper and the loop that it lives on.
struct Living {
  Living(const Settings& settings, const base::Clock& clock)
      : timers(loop, clock), transport(loop, {}), keeper(settings, transport, timers, clock) {}

  std::string request_token() {
    std::string result;
    loop.post([&] {
      keeper.get_token([&](const model::Result<base::Secret>& token) {
        result = token ? token->reveal() : std::string(to_text(token.error().kind));
        loop.exit(0);
      });
    });
    loop.run();
    return result;
  }
  systemd::EventLoop loop;
  MovedTimers timers;
  net::CurlTransport transport;
  TokenKeeper keeper;
};

TEST(TokenLifetime, SurvivesHundredsOfRefreshes) {
  for (const Habit& habit : habits()) {
    Cloud<simulator::MovedClock> at;
    habit.set(at.options);
    at.options.access_ttl = ch::seconds{40};
    at.options.refresh_ttl = ch::seconds{90};
    at.start();
    Living alive(at.keeper_settings(), at.clock);
    std::string before;
    constexpr int kRefreshes = 60;
    for (int i = 0; i < kRefreshes; ++i) {
      at.clock.advance(ch::seconds{41});
      const std::string token = alive.request_token();
      ASSERT_GT(token.size(), 40U) << habit.name << ": " << token << " " << alive.keeper.needs_login();
      EXPECT_NE(token, before);
      before = token;
      ASSERT_EQ(at.stored().access_token.reveal(), token);
    }
    EXPECT_EQ(at.cloud->statistics().refreshes, kRefreshes) << habit.name;
    EXPECT_EQ(at.directory.names().size(), 3U) << "configuration, token and lock, nothing left over";
  }
}

TEST(TokenLifetime, ResumesAfterLoginWhenRefreshTokenExpires) {
  Cloud<simulator::MovedClock> at;
  at.options.access_ttl = ch::seconds{40};
  at.options.refresh_ttl = ch::seconds{1000};
  at.options.refresh_extends = false;
  at.start();
  const base::Instant end = at.clock.now() + ch::seconds{1000};
  Living alive(at.keeper_settings(), at.clock);
  while (at.clock.now() + ch::seconds{41} < end) {
    at.clock.advance(ch::seconds{41});
    ASSERT_GT(alive.request_token().size(), 40U);
    EXPECT_LE(*alive.keeper.tokens().refresh_expires_at, end);
    EXPECT_GE(*alive.keeper.tokens().refresh_expires_at, end - ch::seconds{1});
  }
  at.clock.advance(ch::seconds{41});
  EXPECT_EQ(alive.request_token(), "auth");
  EXPECT_NE(alive.keeper.needs_login().find("The refresh token provided is expired"), std::string::npos);
  at.cloud->write_config(at.directory.path());
  alive.keeper.reload();
  EXPECT_GT(alive.request_token().size(), 40U);
}

TEST(TokenLifetime, StaysValidWithLifetimesOfSeconds) {
  Cloud<base::SystemClock> at;
  at.options.access_ttl = ch::seconds{2};
  at.options.rotate_refresh_token = true;
  at.options.revoke_old_refresh_token_after_grace = ch::seconds{0};
  at.start();
  Living alive(at.keeper_settings(), at.clock);
  int refreshes = 0;
  alive.keeper.on_change([&] {
    EXPECT_EQ(alive.keeper.needs_login(), "");
    EXPECT_TRUE(is_access_token_valid(alive.keeper.tokens(), at.clock.now()));
    if (++refreshes == 4) alive.loop.exit(0);
  });
  const auto alarm = alive.loop.add_timer([&] { alive.loop.exit(1); });
  alarm->start(ch::seconds{30});
  alive.keeper.start();
  EXPECT_EQ(alive.loop.run(), 0) << refreshes;
  EXPECT_EQ(at.cloud->statistics().refreshes, 4);
}

TEST(TokenLifetime, DistinguishesErrorsFromRejections) {
  struct Row {
    const char* fault;
    const char* kind;
  };
  for (const Row& row :
       {Row{"429", "transient"}, Row{"429-bare", "transient"}, Row{"500", "transient"}, Row{"502-html", "transient"},
        Row{"503-empty", "transient"}, Row{"reset", "transient"}, Row{"stall", "transient"},
        Row{"truncated", "transient"}, Row{"garbage", "transient"}, Row{"html-200", "transient"},
        Row{"invalid-utf8", "transient"}, Row{"deep-nesting", "transient"}, Row{"404", "transient"}, Row{"401", "auth"},
        Row{"403", "auth"}}) {
    Cloud<simulator::MovedClock> at;
    at.options.access_ttl = ch::seconds{40};
    at.options.stall_for = ch::milliseconds{100};
    at.start();
    at.cloud->add_fault(fmt::format("token:{}:1:1", row.fault));
    Living alive(at.keeper_settings(), at.clock);
    at.clock.advance(ch::seconds{50});
    EXPECT_EQ(alive.request_token(), row.kind) << row.fault;
    EXPECT_EQ(alive.keeper.needs_login().empty(), std::string_view(row.kind) == "transient") << row.fault;
    // A transient failure ends after its delay, a rejection after a retry.
    at.clock.advance(ch::hours{1} + ch::seconds{1});
    if (!alive.keeper.needs_login().empty()) {
      alive.keeper.start();
      alive.keeper.on_change([&] { alive.loop.exit(0); });
      alive.loop.run();
    }
    EXPECT_GT(alive.request_token().size(), 40U) << row.fault;
  }
}

using RealCloud = Cloud<base::SystemClock>;

// An expired access token, so that every request for one refreshes.
void end_access(const RealCloud& at) {
  TokenSet tokens = at.stored();
  tokens.granted_at = at.clock.now() - ch::hours{2};
  tokens.access_expires_at = at.clock.now() - ch::hours{1};
  base::write_file_durably(at.token_file, format_token_file(tokens, ""), 0600);
}

std::vector<std::string> keeper_process(const RealCloud& at) {
  const auto settings = at.keeper_settings();
  return {KEEPER_PROCESS,     settings.token_file.string(),    settings.endpoints.token,
          settings.client.id, settings.client.secret.reveal(), settings.org_id};
}

TEST(TokenProcesses, RefreshOnceForTwoProcesses) {
  RealCloud at;
  at.options.rotate_refresh_token = true;
  at.options.revoke_old_refresh_token_after_grace = ch::seconds{0};
  at.start();
  constexpr int kRounds = 50;
  for (int round = 1; round <= kRounds; ++round) {
    end_access(at);
    tests::Process one(keeper_process(at));
    tests::Process two(keeper_process(at));
    ASSERT_EQ(one.wait().code, 0) << one.output();
    ASSERT_EQ(two.wait().code, 0) << two.output();
    ASSERT_EQ(at.cloud->statistics().refreshes, round);
  }
}

// After a kill at any step the next process has a token whenever the server would still give one.
TEST(TokenProcesses, LoseNoGrantWhenKilledAtAnyStep) {
  // Where the old refresh token ends at once, a response that never reached the disk is lost, and only that.
  struct Row {
    const char* step;
    bool on_disk;  // or no request was sent
  };
  constexpr std::array kSteps = {Row{"locked", true},        Row{"responded", false},       Row{"created", false},
                                 Row{"half-written", false}, Row{"written", true},          Row{"flushed", true},
                                 Row{"renamed", true},       Row{"directory-flushed", true}};
  for (const Habit& habit : {habits()[0], habits()[1], habits()[2]}) {
    for (const Row& row : kSteps) {
      RealCloud at;
      habit.set(at.options);
      at.start();
      end_access(at);
      auto killed = keeper_process(at);
      killed.emplace_back(row.step);
      tests::Process victim(killed);
      EXPECT_EQ(victim.wait().code, 128 + SIGKILL) << row.step;
      tests::Process next(keeper_process(at));
      const bool server_gives = row.on_disk || !at.options.revoke_old_refresh_token_after_grace;
      EXPECT_EQ(next.wait().code, server_gives ? 0 : 77) << habit.name << ", " << row.step << ": " << next.output();
      EXPECT_TRUE(base::find_stale_temp_files(at.token_file).empty()) << row.step;
    }
  }
}

}  // namespace
}  // namespace wxcc::webex
