// SPDX-License-Identifier: Apache-2.0
#include "simulator/simulator.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <csignal>
#include <filesystem>
#include <future>
#include <optional>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/url.h"
#include "moved_clock.h"
#include "tests/process.h"
#include "tests/temporary_directory.h"

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

// A running simulator and a client with a token.
class SimulatorTest : public testing::Test {
 protected:
  void start() {
    simulator.emplace(options, clock);
    simulator->start();
    api.emplace(simulator->contact_center_url());
    api->set_keep_alive(true);
    login();
  }
  void login() { headers = {{"Authorization", "Bearer " + simulator->issue_tokens().access_token}}; }

  std::string query(const std::string& fields = "id") const {
    base::JsonWriter json;
    json.begin_object().member(
        "query",
        fmt::format("{{ taskDetails(from: {}, to: {}) {{ tasks {{ {} }} pageInfo {{ hasNextPage endCursor }} }} }}",
                    base::to_ms(clock.now() - 24h * 14), base::to_ms(clock.now()), fields));
    return json.end_object().text();
  }
  httplib::Result search(const std::string& body, const std::string& org = "") {
    return api->Post("/search?orgId=" + (org.empty() ? options.org_id : org), headers, body, "application/json");
  }
  httplib::Result captures(const std::string& id) {
    return api->Post("/v1/captures/query", headers,
                     fmt::format(R"({{"query":{{"orgId":"{}","taskIds":["{}"]}}}})", options.org_id, id),
                     "application/json");
  }
  static httplib::Result get(const std::string& url, const httplib::Headers& with = {}) {
    const auto parts = base::parse_url(url);
    httplib::Client client(parts->origin());
    return client.Get(parts->path + (parts->query.empty() ? "" : "?" + parts->query), with);
  }

  MovedClock clock;
  Options options;
  std::optional<Simulator> simulator;
  std::optional<httplib::Client> api;
  httplib::Headers headers;
};

TEST_F(SimulatorTest, LeadsFromLoginToTranscript) {
  options.auto_consent = true;
  start();
  httplib::Client browser(simulator->contact_center_url());
  const base::Form request = {{"response_type", "code"},
                              {"client_id", options.client_id},
                              {"redirect_uri", options.redirect_uri},
                              {"scope", "cjp:config_read"},
                              {"state", "s"}};
  const auto redirect = browser.Get("/v1/authorize?" + base::form_encode(request));
  ASSERT_EQ(redirect->status, 302);
  const std::string location = redirect->get_header_value("Location");
  EXPECT_TRUE(location.starts_with(options.redirect_uri + "?"));
  const base::Form back = base::form_decode(location.substr(location.find('?') + 1));
  const base::Form exchange = {{"grant_type", "authorization_code"},
                               {"client_id", options.client_id},
                               {"client_secret", options.client_secret},
                               {"code", *base::find_parameter(back, "code")},
                               {"redirect_uri", options.redirect_uri}};
  const auto granted =
      browser.Post("/v1/access_token", base::form_encode(exchange), "application/x-www-form-urlencoded");
  ASSERT_EQ(granted->status, 200) << granted->body;
  const auto grant = base::JsonDocument::parse(granted->body);
  headers = {{"Authorization", "Bearer " + std::string(*grant->root()["access_token"].text())}};

  ASSERT_EQ(search(query())->status, 200);
  const auto ground_truth = simulator->ground_truth();
  const auto entry = std::find_if(ground_truth.begin(), ground_truth.end(),
                                  [](const GroundTruthEntry& e) { return e.transcript_kind == "legacy"; });
  const auto found = captures(entry->id);
  ASSERT_EQ(found->status, 200);
  const auto response = base::JsonDocument::parse(found->body);
  const auto file = get(std::string(*response->root()["data"].at(0)["transcription"].at(0)["filePath"].text()));
  ASSERT_EQ(file->status, 200);
  const auto transcript = base::JsonDocument::parse(file->body);
  std::string texts;
  for (const base::JsonNode message : transcript->root())
    texts += (texts.empty() ? "" : "\n") + std::string(*message["message"].text());
  EXPECT_EQ(base::to_hex(base::sha256(texts)), entry->sha256);
  EXPECT_EQ(transcript->root().size(), entry->message_count);
  EXPECT_EQ(simulator->statistics().logins, 1);
  EXPECT_TRUE(simulator->statistics().violations.empty());
}

TEST_F(SimulatorTest, RejectsInTheDocumentedOrderAndEnvelope) {
  start();
  const auto without = api->Post("/search", query(), "application/json");
  EXPECT_EQ(without->status, 400);
  EXPECT_THAT(without->body, HasSubstr(R"("error":{"key":"400","message":[{"description":"Authorization)"));
  EXPECT_EQ(search(query(), "another-organisation")->status, 403);
  EXPECT_EQ(search("")->status, 422);
  EXPECT_EQ(search("{")->status, 400);
  EXPECT_EQ(search("[]")->status, 400);
  headers.emplace("TrackingId", "my-id");
  const auto undefined = search(query("queue { id }"));
  EXPECT_EQ(undefined->status, 400);
  EXPECT_THAT(undefined->body, HasSubstr("FieldUndefined"));
  EXPECT_THAT(undefined->body, HasSubstr(R"("trackingId":"my-id")"));
  EXPECT_EQ(undefined->get_header_value("TrackingId"), "my-id");
  EXPECT_EQ(api->Get("/search", headers)->status, 405);
  EXPECT_EQ(api->Get("/nothing", headers)->status, 404);
  simulator->revoke_access_tokens();
  EXPECT_EQ(search(query())->status, 401);
  login();
  clock.advance(options.access_ttl);
  EXPECT_EQ(search(query())->status, 401);
}

TEST_F(SimulatorTest, ForbidsTokenOfAnotherOrganisation) {
  options.login_org_id = "99999999-0000-4000-8000-000000000000";
  start();
  EXPECT_EQ(search(query())->status, 403);
  EXPECT_EQ(search(query(), options.login_org_id)->status, 403);
  EXPECT_EQ(captures("x")->status, 403);
}

TEST_F(SimulatorTest, ForbidsTokenWithoutScope) {
  options.scope = "spark:people_read";
  start();
  EXPECT_EQ(search(query())->status, 403);
}

TEST_F(SimulatorTest, LimitsSearchAndCapturesTogether) {
  options.requests_per_minute = 4;
  start();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(search(query())->status, 200);
    EXPECT_EQ(captures("x")->status, 200);
  }
  const auto refused = captures("x");
  EXPECT_EQ(refused->status, 429);
  const int wait = std::stoi(refused->get_header_value("Retry-After"));
  EXPECT_GE(wait, 1);
  EXPECT_LE(wait, 60);
  EXPECT_EQ(search(query())->status, 429);
  EXPECT_EQ(simulator->statistics().rate_limited, 2);
  EXPECT_EQ(simulator->statistics().violations.at("request before Retry-After had passed"), 1);
}

TEST_F(SimulatorTest, CompressesOnlyLargeResponsesOnRequest) {
  options.tasks = 3000;
  options.page_size = 2500;
  start();
  const std::string many = query(
      "id status channelType direction origin destination createdTime endedTime totalDuration customer { name email "
      "phoneNumber } "
      "lastAgent { id name } lastQueue { id name } lastTeam { id name } lastSite { id name }");
  headers.emplace("Accept-Encoding", "gzip");
  api->set_decompress(false);
  const auto large = search(many);
  ASSERT_EQ(large->status, 200);
  EXPECT_EQ(large->get_header_value("Content-Encoding"), "gzip");
  EXPECT_LT(large->body.size(), 1'000'000U);
  api->set_decompress(true);
  const auto unpacked = search(many);
  EXPECT_GT(unpacked->body.size(), 1'000'000U);
  EXPECT_TRUE(base::JsonDocument::parse(unpacked->body));
  EXPECT_EQ(search(query())->get_header_value("Content-Encoding"), "") << "below one megabyte";
  headers.erase("Accept-Encoding");
  EXPECT_EQ(search(many)->get_header_value("Content-Encoding"), "");
}

TEST_F(SimulatorTest, CountsViolationsOfTheApi) {
  start();
  EXPECT_EQ(get(simulator->store_url() + "/x", headers)->status, 400);
  std::string ids = R"("0")";
  for (int i = 1; i < 11; ++i) ids += fmt::format(R"(,"{}")", i);
  EXPECT_EQ(
      api->Post("/v1/captures/query", headers, R"({"query":{"taskIds":[)" + ids + "]}}", "application/json")->status,
      400);
  const auto statistics = simulator->statistics();
  EXPECT_EQ(statistics.violations.at("authorization header sent to the object store"), 1);
  EXPECT_EQ(statistics.violations.at("more than 10 task ids"), 1);
  EXPECT_EQ(statistics.requests.at("captures"), 1);
  EXPECT_EQ(statistics.responses.at("download").at(400), 1);
  const auto served = api->Get("/sim/stats");
  EXPECT_EQ(base::JsonDocument::parse(served->body)->root()["violations"]["more than 10 task ids"].integer(), 1);
}

TEST_F(SimulatorTest, ControlReturnsGroundTruthAndSetsFaults) {
  start();
  const auto served = api->Get("/sim/ground-truth");
  std::string expected;
  for (const GroundTruthEntry& entry : simulator->ground_truth()) expected += to_json(entry) + "\n";
  EXPECT_EQ(served->body, expected);
  EXPECT_EQ(api->Post("/sim/faults", "search:503-empty:1:1\n\nsearch:html-200:1:1\n", "text/plain")->status, 200);
  EXPECT_EQ(search(query())->status, 503);
  EXPECT_THAT(search(query())->body, HasSubstr("<!DOCTYPE html>"));
  EXPECT_EQ(search(query())->status, 200);
  EXPECT_EQ(api->Post("/sim/faults", "search:nonsense:1", "text/plain")->status, 400);
  EXPECT_THROW(simulator->add_fault("nonsense"), base::UsageError);
  EXPECT_EQ(api->Post("/sim/revoke", "access", "text/plain")->status, 200);
  EXPECT_EQ(search(query())->status, 401);
  EXPECT_EQ(api->Post("/sim/nothing", "", "text/plain")->status, 404);
}

TEST_F(SimulatorTest, ResponsesAreResetTruncatedCorruptedOrSlow) {
  options.slow_for = 100ms;
  start();
  simulator->add_fault("search:reset:1:1");
  EXPECT_EQ(search(query()).error(), httplib::Error::Read);
  simulator->clear_faults();
  simulator->add_fault("search:truncated:1:1");
  EXPECT_FALSE(search(query()));
  simulator->clear_faults();
  simulator->add_fault("search:slow:1:1");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(search(query())->status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 90ms);
  for (const std::string kind : {"garbage", "deep-nesting", "invalid-utf8", "html-200"}) {
    simulator->clear_faults();
    simulator->add_fault(fmt::format("search:{}:1:1", kind));
    const auto response = search(query());
    ASSERT_TRUE(response) << kind;
    EXPECT_EQ(response->status, 200);
    EXPECT_FALSE(base::JsonDocument::parse(response->body)) << kind;
  }
  EXPECT_EQ(search(query())->status, 200);
}

TEST_F(SimulatorTest, HugeBodyCanBeAbandoned) {
  options.huge_body_bytes = 1U << 30U;
  start();
  simulator->add_fault("download:huge-body:1");
  httplib::Client client(simulator->store_url());
  std::size_t received = 0;
  const auto result = client.Get("/x", [&](const char*, std::size_t size) {
    received += size;
    return received < 1'000'000;
  });
  EXPECT_FALSE(result);
  EXPECT_GE(received, 1'000'000U);
}

TEST_F(SimulatorTest, StopsDuringAResponse) {
  start();
  simulator->add_fault("search:stall:1");
  httplib::Client idle(simulator->contact_center_url());
  idle.set_keep_alive(true);
  EXPECT_EQ(idle.Get("/sim/stats")->status, 200);
  auto stalled = std::async(std::launch::async, [&] { return search(query()); });
  while (simulator->statistics().faults == 0) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  simulator->stop();
  EXPECT_FALSE(stalled.get());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST_F(SimulatorTest, ServesManyConnectionsAtOnce) {
  start();
  std::vector<std::future<int>> statuses;
  for (int i = 0; i < 20; ++i)
    statuses.push_back(
        std::async(std::launch::async, [&] { return get(simulator->control_url() + "/stats")->status; }));
  for (auto& status : statuses) EXPECT_EQ(status.get(), 200);
}

TEST_F(SimulatorTest, PageOfHundredThousandTasksTakesMilliseconds) {
  options.tasks = 100'000;
  options.days = 300;
  start();
  ASSERT_EQ(search(query())->status, 200);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(search(query("id endedTime(sort: asc) lastAgent { id }"))->status, 200);
  const Seconds each = (std::chrono::steady_clock::now() - begin) / 10;
  EXPECT_LT(each.count(), 1.0) << "generous, for sanitizers; it takes some milliseconds otherwise";
}

TEST(SimulatorProgram, PrintsAddressesWritesConfigurationAndStopsOnSigterm) {
  const tests::TemporaryDirectory directory;
  tests::Process program({WXCC_SIMULATOR, "--port", "0", "--tasks", "20", "--write-config", directory.path().string()});
  const auto addresses = base::JsonDocument::parse(program.wait_for_output("\n"));
  ASSERT_TRUE(addresses) << program.output();
  const auto config = base::JsonDocument::parse(base::read_file(directory / "config.json"));
  const auto tokens = base::JsonDocument::parse(base::read_file(directory / "access_token.json"));
  EXPECT_EQ(config->root()["api_urls"]["base"].text(), addresses->root()["base_url"].text());
  EXPECT_EQ(config->root()["org_id"].text(), addresses->root()["org_id"].text());
  EXPECT_EQ(std::filesystem::status(directory / "config.json").permissions(), std::filesystem::perms(0600));
  EXPECT_TRUE(base::parse_iso8601(*tokens->root()["expires_at"].text()));
  httplib::Client client{std::string(*addresses->root()["contact_center_url"].text())};
  const httplib::Headers headers = {{"Authorization", "Bearer " + std::string(*tokens->root()["access_token"].text())}};
  EXPECT_EQ(client.Post("/v1/captures/query", headers, R"({"query":{"taskIds":["x"]}})", "application/json")->status,
            200);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().code, 0);
}

}  // namespace
}  // namespace wxcc::simulator
