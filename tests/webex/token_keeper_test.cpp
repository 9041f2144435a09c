// SPDX-License-Identifier: Apache-2.0
#include "webex/token_keeper.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <random>

#include "base/log.h"
#include "base/url.h"
#include "tests/fakes.h"
#include "tests/temporary_directory.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;
constexpr std::string_view kOrg = "2f0c9a3e-0000-4000-8000-000000000001";

class TokenKeeperTest : public ::testing::Test {
 protected:
  TokenKeeperTest() {
    settings_.token_file = directory_.path() / "access_token.json";
    settings_.endpoints.token = "https://token.example/access_token";
    settings_.client = {"id", base::Secret("hush"), "", ""};
    settings_.org_id = kOrg;
  }

  void store_token(std::string_view access, std::string_view refresh, ch::seconds life = ch::hours{12}) {
    TokenSet tokens;
    tokens.access_token = base::Secret(std::string(access));
    tokens.refresh_token = base::Secret(std::string(refresh));
    tokens.granted_at = clock_.now();
    tokens.access_expires_at = clock_.now() + life;
    base::write_file_durably(settings_.token_file, format_token_file(tokens, ""), 0600);
  }
  TokenSet stored() { return *parse_token_file(base::read_file(settings_.token_file)); }
  std::unique_ptr<TokenKeeper> keeper() {
    return std::make_unique<TokenKeeper>(settings_, transport_, timers_, clock_);
  }
  TokenKeeper::Done note() {
    return [this](const model::Result<base::Secret>& token) {
      results_.push_back(token ? "token " + token->reveal() : std::string(to_text(token.error().kind)));
    };
  }
  std::string sent_refresh_token() const {
    return *base::find_parameter(base::form_decode(transport_.last().body), "refresh_token");
  }

  tests::TemporaryDirectory directory_;
  tests::FakeClock clock_;
  tests::FakeTimers timers_{clock_};
  tests::FakeTransport transport_;
  Settings settings_;
  std::vector<std::string> results_;
  std::vector<std::string> log_;
  base::log::Capture capture_{[this](base::log::Level, std::string_view line) { log_.emplace_back(line); }};
};

using V = std::vector<std::string>;

TEST_F(TokenKeeperTest, ReturnsStoredTokenWithoutRequest) {
  store_token("A", "R");
  keeper()->get_token(note());
  EXPECT_EQ(results_, V{"token A"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, RefreshesExpiredTokenOnceAndStoresItFirst) {
  store_token("A", "R", ch::hours{1});
  clock_.tick(ch::hours{2});
  const auto tokens = keeper();
  tokens->get_token([&](const model::Result<base::Secret>& token) {
    EXPECT_EQ(stored().access_token.reveal(), "B") << "must be stored before it is used";
    note()(token);
  });
  tokens->get_token(note());
  ASSERT_EQ(transport_.started.size(), 1U);
  EXPECT_EQ(sent_refresh_token(), "R");
  transport_.respond(200,
                     R"({"access_token":"B","expires_in":3600,"refresh_token":"R2","refresh_token_expires_in":100})");
  EXPECT_EQ(results_, (V{"token B", "token B"}));
  EXPECT_EQ(stored().refresh_token.reveal(), "R2");
  struct stat info {};
  ASSERT_EQ(::stat(settings_.token_file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(TokenKeeperTest, RefreshesAheadOfExpiry) {
  store_token("A", "R", ch::hours{12});
  const auto tokens = keeper();
  tokens->start();
  timers_.advance(ch::hours{5});
  EXPECT_TRUE(transport_.started.empty());
  timers_.advance(ch::hours{1} + ch::minutes{1});
  ASSERT_EQ(transport_.started.size(), 1U);
  transport_.respond(200, R"({"access_token":"B","expires_in":43200})");
  timers_.advance(ch::hours{5});
  EXPECT_EQ(transport_.started.size(), 1U);
  timers_.advance(ch::hours{2});
  EXPECT_EQ(transport_.started.size(), 2U);
}

TEST_F(TokenKeeperTest, RefreshesRejectedTokenOnceForAllCalls) {
  store_token("A", "R");
  clock_.tick(ch::minutes{5});
  const auto tokens = keeper();
  tokens->refresh_rejected(base::Secret("A"), note());
  tokens->refresh_rejected(base::Secret("A"), note());
  ASSERT_EQ(transport_.started.size(), 1U);
  transport_.respond(200, R"({"access_token":"B","expires_in":3600})");
  tokens->refresh_rejected(base::Secret("A"), note());
  EXPECT_EQ(results_, (V{"token B", "token B", "token B"}));
  EXPECT_EQ(transport_.started.size(), 1U);
}

TEST_F(TokenKeeperTest, DoesNotRefreshJustGrantedToken) {
  store_token("A", "R");
  keeper()->refresh_rejected(base::Secret("A"), note());
  EXPECT_EQ(results_, V{"transient"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, RequiresLoginAfterRejectedGrant) {
  for (const int status : {400, 401, 403}) {
    store_token("A", "R", ch::seconds{-1});
    results_.clear();
    transport_.started.clear();
    tests::FakeTransport transport;
    TokenKeeper tokens(settings_, transport, timers_, clock_);
    tokens.start();
    tokens.get_token(note());
    transport.respond(status, R"({"message":"expired"})");
    EXPECT_EQ(results_, V{"auth"}) << status;
    EXPECT_NE(tokens.needs_login().find("wxcc-archive login"), std::string::npos);
    tokens.get_token(note());
    timers_.advance(ch::minutes{50});
    EXPECT_EQ(transport.started.size(), 1U) << "probed at most hourly";
    timers_.advance(ch::minutes{11});
    EXPECT_EQ(transport.started.size(), 2U) << "probed now and then";
  }
}

TEST_F(TokenKeeperTest, NetworkErrorDoesNotRequireLogin) {
  for (const int status : {0, 429, 500, 503, 200}) {
    store_token("A", "R", ch::seconds{-1});
    results_.clear();
    tests::FakeTransport transport;
    TokenKeeper tokens(settings_, transport, timers_, clock_);
    tokens.get_token(note());
    if (status == 0)
      transport.fail(net::TransferFailure::Kind::Resolve, "no such host");
    else
      transport.respond(status, "garbage");
    EXPECT_EQ(results_, V{"transient"}) << status;
    EXPECT_EQ(tokens.needs_login(), "") << status;
    clock_.tick(ch::minutes{1});
    tokens.get_token(note());
    EXPECT_EQ(transport.started.size(), 2U) << status;
  }
}

TEST_F(TokenKeeperTest, NewLoginEndsLoginRequired) {
  const auto tokens = keeper();
  EXPECT_NE(tokens->needs_login(), "");
  int changes = 0;
  tokens->on_change([&] { ++changes; });
  tokens->get_token(note());
  EXPECT_EQ(results_, V{"auth"});
  store_token("A", "R");
  tokens->reload();
  EXPECT_EQ(tokens->needs_login(), "");
  EXPECT_EQ(changes, 1);
  tokens->get_token(note());
  EXPECT_EQ(results_.back(), "token A");
}

TEST_F(TokenKeeperTest, AdoptsTokenRefreshedByOtherProcess) {
  store_token("A", "R", ch::hours{1});
  const auto tokens = keeper();
  clock_.tick(ch::hours{2});
  store_token("B", "R2");
  tokens->get_token(note());
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, WaitsWhileAnotherProcessRefreshes) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  auto other = base::FileLock::try_acquire(lock_path_of(settings_.token_file));
  tokens->get_token(note());
  timers_.advance(ch::seconds{2});
  EXPECT_TRUE(transport_.started.empty());
  store_token("B", "R2");
  other.reset();
  timers_.advance(ch::seconds{1});
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, FallsBackToThePreviousRefreshToken) {
  TokenSet saved;
  saved.access_token = base::Secret("A");
  saved.refresh_token = base::Secret("new");
  saved.previous_refresh_token = base::Secret("old");
  saved.access_expires_at = clock_.now() - ch::hours{1};
  base::write_file_durably(settings_.token_file, format_token_file(saved, ""), 0600);
  const auto tokens = keeper();
  tokens->get_token(note());
  EXPECT_EQ(sent_refresh_token(), "new");
  transport_.respond(400, "{}");
  EXPECT_EQ(sent_refresh_token(), "old");
  transport_.respond(200, R"({"access_token":"B","expires_in":60,"refresh_token":"newest"})");
  EXPECT_EQ(results_, V{"token B"});
}

TEST_F(TokenKeeperTest, RejectsTokenOfOtherOrganisation) {
  store_token("x_PE93_99999999-0000-4000-8000-000000000001", "R");
  const auto tokens = keeper();
  tokens->get_token(note());
  EXPECT_EQ(results_, V{"auth"});
  EXPECT_NE(tokens->needs_login().find("99999999-0000-4000-8000-000000000001"), std::string::npos);
  EXPECT_NE(tokens->needs_login().find(std::string(kOrg)), std::string::npos);
}

TEST_F(TokenKeeperTest, UsesInitialRefreshTokenOnlyWithoutToken) {
  settings_.initial_refresh_token = base::Secret("initial");
  const auto tokens = keeper();
  tokens->get_token(note());
  EXPECT_EQ(sent_refresh_token(), "initial");
  transport_.respond(200, R"({"access_token":"B","expires_in":60,"refresh_token":"R2"})");
  EXPECT_EQ(stored().refresh_token.reveal(), "R2");
  clock_.tick(ch::hours{1});
  const auto later = keeper();
  later->get_token(note());
  EXPECT_EQ(sent_refresh_token(), "R2");
}

TEST_F(TokenKeeperTest, UsesNewTokenWhenDiskIsFull) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->start();
  tokens->get_token(note());
  std::filesystem::remove(settings_.token_file);
  std::filesystem::create_directories(settings_.token_file / "blocking");
  transport_.respond(200, R"({"access_token":"B","expires_in":36000,"refresh_token":"R2"})");
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_TRUE(std::any_of(log_.begin(), log_.end(),
                          [](const std::string& line) { return line.find("cannot store") != std::string::npos; }));
  std::filesystem::remove_all(settings_.token_file);
  timers_.advance(ch::minutes{11});
  EXPECT_EQ(stored().refresh_token.reveal(), "R2") << "stored as soon as that works";
}

TEST_F(TokenKeeperTest, UsesValidAccessTokenAfterRejectedGrant) {
  store_token("A", "R", ch::hours{12});
  const auto tokens = keeper();
  tokens->start();
  timers_.advance(ch::hours{6} + ch::minutes{1});
  transport_.respond(400, R"({"message":"expired"})");
  EXPECT_NE(tokens->needs_login().find("remains valid until 2026-11-23T00:00:00Z"), std::string::npos);
  EXPECT_FALSE(tokens->login_blocks_requests());
  tokens->get_token(note());
  timers_.advance(ch::hours{6});
  EXPECT_TRUE(tokens->login_blocks_requests());
  tokens->get_token(note());
  EXPECT_EQ(results_, (V{"token A", "auth"}));
}

TEST_F(TokenKeeperTest, BacksOffAfterTokenOfOtherOrganisation) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->start();
  tokens->get_token(note());
  const std::string before = base::read_file(settings_.token_file);
  transport_.respond(200, R"({"access_token":"x_PE93_99999999-0000-4000-8000-000000000001","expires_in":100})");
  EXPECT_EQ(results_, V{"auth"});
  timers_.advance(ch::minutes{59});
  EXPECT_EQ(transport_.started.size(), 1U);
  EXPECT_EQ(base::read_file(settings_.token_file), before) << "nothing is stored";
  timers_.advance(ch::minutes{10});
  EXPECT_EQ(transport_.started.size(), 2U);
  EXPECT_EQ(std::count_if(log_.begin(), log_.end(),
                          [](const std::string& line) { return line.starts_with("token: login required"); }),
            1);
}

TEST_F(TokenKeeperTest, ProxyPageDoesNotRejectGrant) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get_token(note());
  transport_.respond(403, "<html>Access denied by the company</html>");
  EXPECT_EQ(results_, V{"transient"});
  EXPECT_EQ(tokens->needs_login(), "");
}

TEST_F(TokenKeeperTest, ObeysRetryAfterOfTokenHost) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->start();
  tokens->get_token(note());
  transport_.respond(429, "", {{"Retry-After", "1800"}});
  timers_.advance(ch::minutes{29});
  EXPECT_EQ(transport_.started.size(), 1U);
  timers_.advance(ch::minutes{11});
  EXPECT_EQ(transport_.started.size(), 2U);
}

TEST_F(TokenKeeperTest, AcceptsShortRetryAfterOf429) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->start();
  tokens->get_token(note());
  transport_.respond(429, "", {{"Retry-After", "1"}});
  timers_.advance(ch::milliseconds{999});
  EXPECT_EQ(transport_.started.size(), 1U);
  timers_.advance(ch::milliseconds{1});
  EXPECT_EQ(transport_.started.size(), 2U);
  transport_.respond(429, "", {{"Retry-After", "0"}});
  timers_.advance(ch::milliseconds{999});
  EXPECT_EQ(transport_.started.size(), 2U);
}

TEST_F(TokenKeeperTest, RedactsSecretsEchoedByTokenHost) {
  settings_.client.secret = base::Secret("s3cr3t-value");
  store_token("A", "refresh-1", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get_token(note());
  transport_.respond(400, R"({"message":"bad client_secret=s3cr3t-value or refresh-1"})");
  EXPECT_EQ(tokens->needs_login().find("s3cr3t-value"), std::string::npos) << tokens->needs_login();
  EXPECT_EQ(tokens->needs_login().find("refresh-1"), std::string::npos) << tokens->needs_login();
  EXPECT_NE(tokens->needs_login().find("bad client_secret="), std::string::npos) << tokens->needs_login();
}

TEST_F(TokenKeeperTest, AdoptsLoginDuringRefresh) {
  for (const int status : {200, 400}) {
    store_token("A", "R", ch::seconds{-1});
    results_.clear();
    tests::FakeTransport transport;
    TokenKeeper tokens(settings_, transport, timers_, clock_);
    tokens.get_token(note());
    store_token("C", "R3");  // by a program that does not take the lock
    tokens.reload();
    transport.respond(status, R"({"access_token":"B","expires_in":3600,"refresh_token":"R2"})");
    EXPECT_EQ(results_, V{"token C"}) << status;
    EXPECT_EQ(stored().refresh_token.reveal(), "R3") << status;
    EXPECT_EQ(tokens.needs_login(), "") << status;
  }
}

TEST_F(TokenKeeperTest, AdoptsLoginDuringRefreshWithoutResponse) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get_token(note());
  store_token("C", "R3");
  tokens->reload();
  transport_.fail(net::TransferFailure::Kind::Timeout, "slow");
  tokens->get_token(note());
  EXPECT_EQ(results_, (V{"transient", "token C"}));
}

TEST_F(TokenKeeperTest, ReportsRefreshesAndOtherTokensOfFile) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  int changes = 0;
  tokens->on_change([&] { ++changes; });
  tokens->get_token(note());
  transport_.fail(net::TransferFailure::Kind::Timeout, "slow");
  EXPECT_EQ(changes, 0) << "nothing has changed";
  clock_.tick(ch::minutes{1});
  tokens->get_token(note());
  transport_.respond(200, R"({"access_token":"B","expires_in":3600,"refresh_token":"R2"})");
  EXPECT_EQ(changes, 1);
  tokens->reload();
  EXPECT_EQ(changes, 1) << "its own tokens";
  store_token("C", "R3");
  tokens->reload();
  EXPECT_EQ(changes, 2);
}

TEST_F(TokenKeeperTest, LoginWithSameRefreshTokenEndsLoginRequired) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get_token(note());
  transport_.respond(401, "{}");
  EXPECT_NE(tokens->needs_login(), "");
  store_token("B", "R");
  tokens->reload();
  EXPECT_EQ(tokens->needs_login(), "");
}

TEST_F(TokenKeeperTest, RetainsUnsavedTokensOverOldFile) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get_token(note());
  const std::string old = base::read_file(settings_.token_file);
  std::filesystem::remove(settings_.token_file);
  std::filesystem::create_directories(settings_.token_file / "blocking");
  transport_.respond(200, R"({"access_token":"B","expires_in":3600,"refresh_token":"R2"})");
  tokens->reload();
  EXPECT_EQ(tokens->tokens().refresh_token.reveal(), "R2");
  std::filesystem::remove_all(settings_.token_file);
  store_token("C", "R3");
  tokens->reload();
  EXPECT_EQ(tokens->tokens().refresh_token.reveal(), "R3") << "a new login is taken all the same";
}

TEST_F(TokenKeeperTest, TriesInitialRefreshTokenAfterRejectedGrant) {
  store_token("A", "R", ch::seconds{-1});
  settings_.initial_refresh_token = base::Secret("initial");
  const auto tokens = keeper();
  tokens->get_token(note());
  EXPECT_EQ(sent_refresh_token(), "R");
  transport_.respond(400, "{}");
  EXPECT_EQ(sent_refresh_token(), "initial");
  transport_.respond(200, R"({"access_token":"B","expires_in":60,"refresh_token_expires_in":600})");
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_EQ(stored().refresh_token.reveal(), "initial");
}

TEST_F(TokenKeeperTest, BacksOffAfterRejectedInitialRefreshToken) {
  settings_.initial_refresh_token = base::Secret("initial");
  const auto tokens = keeper();
  tokens->start();
  tokens->get_token(note());
  transport_.respond(401, "{}");
  timers_.advance(ch::minutes{50});
  EXPECT_EQ(transport_.started.size(), 1U);
}

TEST_F(TokenKeeperTest, RecoversTokenOfInterruptedWrite) {
  store_token("A", "R", ch::seconds{-1});
  const std::string old = base::read_file(settings_.token_file);
  clock_.tick(ch::minutes{1});
  store_token("B", "R2");
  const auto stale_file = settings_.token_file.string() + ".0123456789ab.tmp";
  std::filesystem::rename(settings_.token_file, stale_file);
  base::write_file_durably(settings_.token_file, old, 0600);
  base::write_file_durably(settings_.token_file.string() + ".ffffffffffff.tmp", R"({"access_token":"hal)", 0600);
  keeper()->get_token(note());
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_EQ(stored().refresh_token.reveal(), "R2");
  EXPECT_EQ(stored().previous_refresh_token.reveal(), "R");
  EXPECT_TRUE(base::find_stale_temp_files(settings_.token_file).empty());
}

TEST_F(TokenKeeperTest, ClockStepDoesNotPostponeRefresh) {
  clock_.tick(ch::days{400});
  store_token("A", "R", ch::days{14});
  clock_.tick(-ch::days{400});
  const auto tokens = keeper();
  tokens->start();
  timers_.advance(ch::seconds{1});
  ASSERT_EQ(transport_.started.size(), 1U);
  transport_.respond(200, R"({"access_token":"B","expires_in":1209600})");
  timers_.advance(ch::hours{23});
  EXPECT_EQ(transport_.started.size(), 1U);
}

TEST_F(TokenKeeperTest, AcceptsSameAccessTokenFromServer) {
  store_token("A", "R");
  clock_.tick(ch::minutes{5});
  const auto tokens = keeper();
  tokens->refresh_rejected(base::Secret("A"), note());
  transport_.respond(200, R"({"access_token":"A","expires_in":3600})");
  tokens->get_token(note());
  EXPECT_EQ(results_, (V{"token A", "token A"}));
  EXPECT_EQ(transport_.started.size(), 1U);
}

// Any order of grants, rejections, errors, logins and passing time: never more than one request at a time, never two
// within a tenth of a second, and a login always ends the need for one.
TEST_F(TokenKeeperTest, HoldsInvariantsInAnyOrderOfEvents) {
  for (unsigned seed = 1; seed <= 15; ++seed) {
    std::mt19937 random(seed);
    tests::FakeTransport transport;
    store_token("A", "R", ch::seconds{20});
    TokenKeeper tokens(settings_, transport, timers_, clock_);
    tokens.start();
    int number = 0;
    for (int step = 0; step < 120; ++step) {
      const std::size_t before = transport.started.size();
      const auto began = clock_.now();
      switch (random() % 6U) {
        case 0:
          timers_.advance(ch::milliseconds{random() % 20'000U});
          break;
        case 1:
          timers_.advance(ch::minutes{random() % 90U});
          break;
        case 2:
          tokens.get_token([](const model::Result<base::Secret>&) {});
          break;
        case 3:
          ++number;
          store_token(fmt::format("L{}", number), fmt::format("LR{}", number), ch::seconds{random() % 100U});
          tokens.reload();
          if (transport.open() == 0) {
            EXPECT_EQ(tokens.needs_login(), "") << seed;
          }
          break;
        default:
          if (transport.open() == 0) break;
          ++number;
          if (random() % 3U == 0)
            transport.respond(400, "{}");
          else if (random() % 3U == 0)
            transport.respond(503, "");
          else
            transport.respond(200, fmt::format(R"({{"access_token":"N{}","expires_in":{},"refresh_token":"NR{}"}})",
                                               number, random() % 100U, number));
      }
      ASSERT_LE(transport.open(), 1U) << seed;
      const auto span = ch::duration<double>(clock_.now() - began).count();
      EXPECT_LE(static_cast<double>(transport.started.size() - before), 3 + span * 10) << seed;
    }
  }
}

TEST_F(TokenKeeperTest, WaitsForRefreshUnderWayBeforeDestruction) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  int idle = 0;
  tokens->when_idle([&] { ++idle; });
  EXPECT_EQ(idle, 1);
  tokens->get_token(note());
  tokens->when_idle([&] {
    EXPECT_EQ(stored().refresh_token.reveal(), "R2");
    ++idle;
  });
  EXPECT_EQ(idle, 1);
  transport_.respond(200, R"({"access_token":"B","expires_in":60,"refresh_token":"R2"})");
  EXPECT_EQ(idle, 2);
}

TEST_F(TokenKeeperTest, LogsNoSecrets) {
  store_token("access-secret", "refresh-secret", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get_token(note());
  transport_.respond(500, R"({"message":"refresh-secret-that-is-echoed-by-the-server-in-its-own-response"})");
  clock_.tick(ch::hours{1});
  tokens->get_token(note());
  transport_.respond(200, R"({"access_token":"other-secret","expires_in":60,"refresh_token":"more-secret"})");
  for (const std::string& line : log_) EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

}  // namespace
}  // namespace wxcc::webex
