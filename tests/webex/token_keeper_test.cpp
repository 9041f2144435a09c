// SPDX-License-Identifier: Apache-2.0
#include "webex/token_keeper.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

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
    options_.token_file = directory_.path() / "access_token.json";
    options_.token_endpoint = "https://token.example/access_token";
    options_.client = {"id", base::Secret("hush"), "", ""};
    options_.org_id = kOrg;
  }

  void store_token(std::string_view access, std::string_view refresh, ch::seconds life = ch::hours{12}) {
    TokenSet tokens;
    tokens.access_token = base::Secret(std::string(access));
    tokens.refresh_token = base::Secret(std::string(refresh));
    tokens.granted_at = clock_.now();
    tokens.access_expires_at = clock_.now() + life;
    base::write_file_durably(options_.token_file, format_token_file(tokens, ""), 0600);
  }
  TokenSet stored() { return *parse_token_file(base::read_file(options_.token_file)); }
  std::unique_ptr<TokenKeeper> keeper() { return std::make_unique<TokenKeeper>(options_, transport_, timers_, clock_); }
  TokenKeeper::Done note() {
    return [this](const Result<base::Secret>& token) {
      results_.push_back(token ? "token " + token->reveal() : std::string(to_text(token.error().kind)));
    };
  }
  std::string refresh_token_asked_with() const {
    return *base::find_in(base::form_decode(transport_.last().body), "refresh_token");
  }

  tests::TemporaryDirectory directory_;
  tests::FakeClock clock_;
  tests::FakeTimers timers_{clock_};
  tests::FakeTransport transport_;
  TokenKeeper::Options options_;
  std::vector<std::string> results_;
  std::vector<std::string> log_;
  base::log::Capture capture_{[this](base::log::Level, std::string_view line) { log_.emplace_back(line); }};
};

using V = std::vector<std::string>;

TEST_F(TokenKeeperTest, GivesAStoredTokenWithoutAskingAnyone) {
  store_token("A", "R");
  keeper()->get(note());
  EXPECT_EQ(results_, V{"token A"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, RefreshesAnEndedTokenOnceForAllWhoWaitAndStoresItFirst) {
  store_token("A", "R", ch::hours{1});
  clock_.tick(ch::hours{2});
  const auto tokens = keeper();
  tokens->get([&](const Result<base::Secret>& token) {
    EXPECT_EQ(stored().access_token.reveal(), "B") << "must be stored before it is used";
    note()(token);
  });
  tokens->get(note());
  ASSERT_EQ(transport_.started.size(), 1U);
  EXPECT_EQ(refresh_token_asked_with(), "R");
  transport_.answer(200,
                    R"({"access_token":"B","expires_in":3600,"refresh_token":"R2","refresh_token_expires_in":100})");
  EXPECT_EQ(results_, (V{"token B", "token B"}));
  EXPECT_EQ(stored().refresh_token.reveal(), "R2");
  struct stat info {};
  ASSERT_EQ(::stat(options_.token_file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(TokenKeeperTest, RefreshesAheadOfTheEndByItself) {
  store_token("A", "R", ch::hours{12});
  const auto tokens = keeper();
  tokens->start();
  timers_.advance(ch::hours{5});
  EXPECT_TRUE(transport_.started.empty());
  timers_.advance(ch::hours{1} + ch::minutes{1});
  ASSERT_EQ(transport_.started.size(), 1U);
  transport_.answer(200, R"({"access_token":"B","expires_in":43200})");
  timers_.advance(ch::hours{5});
  EXPECT_EQ(transport_.started.size(), 1U);
  timers_.advance(ch::hours{2});
  EXPECT_EQ(transport_.started.size(), 2U);
}

TEST_F(TokenKeeperTest, ARefusedTokenIsReplacedOnceHoweverManyComplain) {
  store_token("A", "R");
  clock_.tick(ch::minutes{5});
  const auto tokens = keeper();
  tokens->replace(base::Secret("A"), note());
  tokens->replace(base::Secret("A"), note());
  ASSERT_EQ(transport_.started.size(), 1U);
  transport_.answer(200, R"({"access_token":"B","expires_in":3600})");
  tokens->replace(base::Secret("A"), note());
  EXPECT_EQ(results_, (V{"token B", "token B", "token B"}));
  EXPECT_EQ(transport_.started.size(), 1U);
}

TEST_F(TokenKeeperTest, AFreshTokenThatIsRefusedIsNotRefreshedAgain) {
  store_token("A", "R");
  keeper()->replace(base::Secret("A"), note());
  EXPECT_EQ(results_, V{"transient"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, ARefusedGrantNeedsALoginAndIsNotAskedAgainAtOnce) {
  for (const int status : {400, 401, 403}) {
    store_token("A", "R", ch::seconds{-1});
    results_.clear();
    transport_.started.clear();
    tests::FakeTransport transport;
    TokenKeeper tokens(options_, transport, timers_, clock_);
    tokens.start();
    tokens.get(note());
    transport.answer(status, R"({"message":"expired"})");
    EXPECT_EQ(results_, V{"grant"}) << status;
    EXPECT_NE(tokens.needs_login().find("wxcc-archive login"), std::string::npos);
    tokens.get(note());
    timers_.advance(ch::minutes{50});
    EXPECT_EQ(transport.started.size(), 1U) << "probed at most hourly";
    timers_.advance(ch::minutes{11});
    EXPECT_EQ(transport.started.size(), 2U) << "probed now and then";
  }
}

TEST_F(TokenKeeperTest, NetworkTroubleIsNotARefusedGrant) {
  for (const int status : {0, 429, 500, 503, 200}) {
    store_token("A", "R", ch::seconds{-1});
    results_.clear();
    tests::FakeTransport transport;
    TokenKeeper tokens(options_, transport, timers_, clock_);
    tokens.get(note());
    if (status == 0)
      transport.fail(net::TransferFailure::Kind::Resolve, "no such host");
    else
      transport.answer(status, "garbage");
    EXPECT_EQ(results_, V{"transient"}) << status;
    EXPECT_EQ(tokens.needs_login(), "") << status;
    clock_.tick(ch::minutes{1});
    tokens.get(note());
    EXPECT_EQ(transport.started.size(), 2U) << status;
  }
}

TEST_F(TokenKeeperTest, ANewLoginEndsTheNeedForOne) {
  const auto tokens = keeper();
  EXPECT_NE(tokens->needs_login(), "");
  int changes = 0;
  tokens->on_change([&] { ++changes; });
  tokens->get(note());
  EXPECT_EQ(results_, V{"grant"});
  store_token("A", "R");
  tokens->reload();
  EXPECT_EQ(tokens->needs_login(), "");
  EXPECT_EQ(changes, 1);
  tokens->get(note());
  EXPECT_EQ(results_.back(), "token A");
}

TEST_F(TokenKeeperTest, ATokenThatAnotherProcessRefreshedIsTakenOver) {
  store_token("A", "R", ch::hours{1});
  const auto tokens = keeper();
  clock_.tick(ch::hours{2});
  store_token("B", "R2");
  tokens->get(note());
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_TRUE(transport_.started.empty());
}

TEST_F(TokenKeeperTest, WaitsWhileAnotherProcessRefreshes) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  auto other = base::FileLock::try_now(lock_path_of(options_.token_file));
  tokens->get(note());
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
  base::write_file_durably(options_.token_file, format_token_file(saved, ""), 0600);
  const auto tokens = keeper();
  tokens->get(note());
  EXPECT_EQ(refresh_token_asked_with(), "new");
  transport_.answer(400, "{}");
  EXPECT_EQ(refresh_token_asked_with(), "old");
  transport_.answer(200, R"({"access_token":"B","expires_in":60,"refresh_token":"newest"})");
  EXPECT_EQ(results_, V{"token B"});
}

TEST_F(TokenKeeperTest, AnotherOrganisationsTokenIsRefused) {
  store_token("x_PE93_99999999-0000-4000-8000-000000000001", "R");
  const auto tokens = keeper();
  tokens->get(note());
  EXPECT_EQ(results_, V{"grant"});
  EXPECT_NE(tokens->needs_login().find("99999999-0000-4000-8000-000000000001"), std::string::npos);
  EXPECT_NE(tokens->needs_login().find(std::string(kOrg)), std::string::npos);
}

TEST_F(TokenKeeperTest, ASeedIsUsedOnlyWhileThereIsNoToken) {
  options_.seed = base::Secret("seed");
  const auto tokens = keeper();
  tokens->get(note());
  EXPECT_EQ(refresh_token_asked_with(), "seed");
  transport_.answer(200, R"({"access_token":"B","expires_in":60,"refresh_token":"R2"})");
  EXPECT_EQ(stored().refresh_token.reveal(), "R2");
  clock_.tick(ch::hours{1});
  const auto later = keeper();
  later->get(note());
  EXPECT_EQ(refresh_token_asked_with(), "R2");
}

TEST_F(TokenKeeperTest, AFullDiskKeepsTheNewTokenInUseAndSaysSo) {
  store_token("A", "R", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->start();
  tokens->get(note());
  std::filesystem::remove(options_.token_file);
  std::filesystem::create_directories(options_.token_file / "in-the-way");
  transport_.answer(200, R"({"access_token":"B","expires_in":36000,"refresh_token":"R2"})");
  EXPECT_EQ(results_, V{"token B"});
  EXPECT_TRUE(std::any_of(log_.begin(), log_.end(), [](const std::string& line) {
    return line.find("could not be stored") != std::string::npos;
  }));
  std::filesystem::remove_all(options_.token_file);
  timers_.advance(ch::minutes{11});
  EXPECT_EQ(stored().refresh_token.reveal(), "R2") << "stored as soon as that works";
}

TEST_F(TokenKeeperTest, NoSecretEverReachesTheLog) {
  store_token("access-secret", "refresh-secret", ch::seconds{-1});
  const auto tokens = keeper();
  tokens->get(note());
  transport_.answer(500, R"({"message":"refresh-secret-that-is-echoed-by-the-server-in-its-own-answer"})");
  clock_.tick(ch::hours{1});
  tokens->get(note());
  transport_.answer(200, R"({"access_token":"other-secret","expires_in":60,"refresh_token":"more-secret"})");
  for (const std::string& line : log_) EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

}  // namespace
}  // namespace wxcc::webex
