// SPDX-License-Identifier: Apache-2.0
#include "tests/loopback_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <ostream>

#include "base/json.h"
#include "base/random.h"
#include "tests/fakes.h"
#include "tests/temporary_directory.h"
#include "webex/api_client.h"
#include "webex/token_keeper.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using Kind = net::TransferFailure::Kind;

class LoopbackTransportTest : public testing::Test {
 protected:
  // Lets time pass until the condition holds.
  template <typename Condition>
  void run_until(const Condition& condition) {
    for (int i = 0; i < 10'000 && !condition(); ++i) timers.advance(ch::milliseconds{100});
    ASSERT_TRUE(condition());
  }

  FakeClock clock;
  FakeTimers timers{clock};
  simulator::Services cloud{[] {
                              simulator::Options options;
                              options.tasks = 40;
                              options.chat_share = 1;
                              options.no_transcript_share = 0;
                              return options;
                            }(),
                            clock};
  LoopbackTransport transport{cloud, timers};
  TemporaryDirectory directory;
};

TEST_F(LoopbackTransportTest, ServesApiClientFromSearchToTranscript) {
  cloud.write_config(directory.path());
  cloud.add_fault("search:503-empty:1:2");
  cloud.add_fault("captures:stall:1:1");
  webex::Settings settings;
  settings.endpoints = webex::endpoints_from(cloud.base_url(), cloud.authorize_url(), cloud.contact_center_url());
  settings.token_file = directory.path() / "access_token.json";
  settings.client.id = cloud.options().client_id;
  settings.client.secret = base::Secret(cloud.options().client_secret);
  settings.org_id = cloud.options().org_id;
  webex::TokenKeeper tokens(settings, transport, timers, clock);
  tokens.start();
  base::SeededRandom random(1);
  webex::ApiClient client(settings, tokens, transport, timers, clock, random);

  std::optional<model::Result<webex::SearchPage>> page;
  webex::SearchRequest request;
  request.range = {clock.now() - ch::days{14}, clock.now()};
  request.channels = {"chat"};
  client.search(request, webex::Priority{}, [&](auto result) { page = std::move(result); });
  run_until([&] { return page.has_value(); });
  ASSERT_TRUE(*page) << page->error().message;
  ASSERT_EQ((*page)->tasks.size(), 40U);

  const std::string id = (*page)->tasks.front().id;
  std::optional<model::Result<std::vector<webex::TaskCaptures>>> captures;
  const base::Millis before = timers.monotonic_now();
  client.captures({id}, webex::Priority{}, [&](auto result) { captures = std::move(result); });
  run_until([&] { return captures.has_value(); });
  ASSERT_TRUE(*captures) << captures->error().message;
  EXPECT_GE(timers.monotonic_now() - before, net::Limits().idle_timeout) << "the stall took its time, in virtual time";

  std::optional<model::Result<std::string>> file;
  client.download((*captures)->front().transcripts.front().url, [&](auto result) { file = std::move(result); });
  run_until([&] { return file.has_value(); });
  ASSERT_TRUE(*file) << file->error().message;
  EXPECT_TRUE(base::JsonDocument::parse(**file));
  EXPECT_EQ(cloud.statistics().faults, 3);
  EXPECT_TRUE(cloud.statistics().violations.empty());
}

struct Transmitted {
  const char* fault;
  std::optional<Kind> failure;  // std::nullopt: a response
  base::Millis after;
};
void PrintTo(const Transmitted& given, std::ostream* out) {
  *out << given.fault;
}
class LoopbackFault : public LoopbackTransportTest, public testing::WithParamInterface<Transmitted> {};

TEST_P(LoopbackFault, EndsAsOnTheWire) {
  cloud.add_fault(GetParam().fault);
  net::Request request;
  request.url = cloud.store_url() + "/x";
  std::optional<net::Outcome> outcome;
  const base::Millis before = timers.monotonic_now();
  base::Millis after{};
  const auto transfer = transport.start(request, [&](net::Outcome arrived) {
    outcome = std::move(arrived);
    after = timers.monotonic_now() - before;
  });
  EXPECT_FALSE(outcome) << "never from within start()";
  run_until([&] { return outcome.has_value(); });
  EXPECT_EQ(outcome->has_value(), !GetParam().failure);
  if (GetParam().failure) {
    EXPECT_EQ(outcome->error().kind, *GetParam().failure);
  }
  EXPECT_EQ(after, GetParam().after);
}

INSTANTIATE_TEST_SUITE_P(All, LoopbackFault,
                         testing::Values(Transmitted{"download:500:1", std::nullopt, base::Millis{0}},
                                         Transmitted{"download:reset:1", Kind::Interrupted, base::Millis{0}},
                                         Transmitted{"download:truncated:1", Kind::Interrupted, base::Millis{0}},
                                         Transmitted{"download:stall:1", Kind::Stalled, ch::seconds{30}},
                                         Transmitted{"download:slow:1", std::nullopt, ch::seconds{3}},
                                         Transmitted{"download:huge-body:1", Kind::TooLarge, base::Millis{0}}));

TEST_F(LoopbackTransportTest, InterceptionDecidesTheOutcome) {
  transport.intercept = [](const net::Request&) -> std::optional<net::Outcome> {
    return base::make_unexpected(net::TransferFailure{Kind::Tls, "no trusted certificate"});
  };
  net::Request request;
  request.url = cloud.store_url() + "/x";
  std::optional<net::Outcome> outcome;
  const auto transfer = transport.start(request, [&](net::Outcome arrived) { outcome = std::move(arrived); });
  run_until([&] { return outcome.has_value(); });
  EXPECT_EQ(outcome->error().kind, Kind::Tls);
  EXPECT_TRUE(cloud.statistics().requests.empty());
}

TEST_F(LoopbackTransportTest, DestroyedTransferCallsNothingBack) {
  net::Request request;
  request.url = cloud.store_url() + "/x";
  bool arrived = false;
  auto transfer = transport.start(request, [&](const net::Outcome&) { arrived = true; });
  transfer.reset();
  timers.advance(ch::minutes{1});
  EXPECT_FALSE(arrived);
}

TEST_F(LoopbackTransportTest, FailsUnknownHostsAndUnsafeRequests) {
  for (const auto& [url, kind] : std::vector<std::pair<std::string, Kind>>{
           {"https://elsewhere.invalid/", Kind::Resolve}, {"http://elsewhere.invalid/", Kind::BadRequest}}) {
    net::Request request;
    request.url = url;
    std::optional<net::Outcome> outcome;
    const auto transfer = transport.start(request, [&](net::Outcome arrived) { outcome = std::move(arrived); });
    run_until([&] { return outcome.has_value(); });
    EXPECT_EQ(outcome->error().kind, kind) << url;
  }
}

}  // namespace
}  // namespace wxcc::tests
