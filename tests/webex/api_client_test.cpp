// SPDX-License-Identifier: Apache-2.0
#include "webex/api_client.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/log.h"
#include "tests/fakes.h"
#include "tests/temporary_directory.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

constexpr const char* kEmptyPage =
    R"({"data":{"taskDetails":{"tasks":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}})";

using V = std::vector<std::string>;

class ApiClientTest : public ::testing::Test {
 protected:
  ApiClientTest() {
    Settings settings;
    settings.endpoints = endpoints_from("https://token/v1", "https://token/v1/authorize", "https://region");
    settings.org_id = "org";
    settings.token_file = directory_.path() / "token.json";
    settings.requests_per_minute = 1'000'000;
    TokenSet tokens;
    tokens.access_token = base::Secret("A");
    tokens.refresh_token = base::Secret("R");
    tokens.granted_at = clock_.now() - ch::hours{1};
    tokens.access_expires_at = clock_.now() + ch::hours{12};
    base::write_file_durably(settings.token_file, format_token_file(tokens, ""), 0600);
    keeper_ = std::make_unique<TokenKeeper>(settings, transport_, timers_, clock_);
    api_ = std::make_unique<ApiClient>(settings, *keeper_, transport_, timers_, clock_, random_);
  }

  void search() {
    api_->search({{clock_.now() - ch::hours{1}, clock_.now()}, model::TimeField::Ended, {"chat"}, ""}, Priority::Live,
                 [this](const model::Result<SearchPage>& page) { note(page); });
  }
  void captures() {
    api_->captures({"t1"}, Priority::Live,
                   [this](const model::Result<std::vector<TaskCaptures>>& response) { note(response); });
  }
  void download() {
    api_->download(base::Secret("https://store/x.json?X-Amz-Signature=hush"),
                   [this](const model::Result<std::string>& bytes) { note(bytes); });
  }
  template <typename T>
  void note(const model::Result<T>& result) {
    results_.push_back(result ? "good" : std::string(to_text(result.error().kind)));
    if (!result) message_ = result.error().message;
  }
  // Lets time pass until another request starts or a call ends; how long that took.
  base::Millis wait_for_next() {
    constexpr ch::milliseconds kStep{10};
    const std::size_t requests = transport_.started.size();
    const std::size_t results = results_.size();
    base::Millis waited{0};
    for (; transport_.started.size() == requests && results_.size() == results && waited < ch::hours{1};
         waited += kStep)
      timers_.advance(kStep);
    return waited;
  }

  tests::TemporaryDirectory directory_;
  tests::FakeClock clock_;
  tests::FakeTimers timers_{clock_};
  tests::FakeTransport transport_;
  base::SeededRandom random_{1};
  V warnings_;
  base::log::Capture capture_{[this](base::log::Level level, std::string_view line) {
    if (level == base::log::Level::Warning) warnings_.emplace_back(line);
  }};
  std::unique_ptr<TokenKeeper> keeper_;
  std::unique_ptr<ApiClient> api_;
  std::vector<std::string> results_;
  std::string message_;
};

TEST_F(ApiClientTest, SearchSendsOrgTokenAndTrackingId) {
  search();
  const net::Request& request = transport_.last();
  EXPECT_EQ(request.url, "https://region/search?orgId=org");
  EXPECT_EQ(request.bearer.reveal(), "A");
  EXPECT_EQ(request.headers.back().first, "TrackingId");
  base::SeededRandom same(1);
  EXPECT_EQ(request.headers.back().second, same.uuid());
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
  search();
  EXPECT_NE(transport_.started[0]->request.headers.back(), transport_.started[1]->request.headers.back());
}

TEST_F(ApiClientTest, LogsFailureWithKindStatusAndTrackingId) {
  std::optional<model::Failure> failure;
  api_->captures({"t1"}, Priority::Live, [&](const model::Result<std::vector<TaskCaptures>>& response) {
    if (!response) failure = response.error();
  });
  transport_.respond(403, "{}");
  ASSERT_TRUE(failure);
  EXPECT_EQ(model::log_fields(*failure),
            (base::log::Fields{{"WXCC_ERROR_SOURCE", "api"},
                               {"WXCC_ERROR_KIND", "permanent"},
                               {"WXCC_HTTP_STATUS", "403"},
                               {"WXCC_TRACKING_ID", transport_.last().headers.back().second}}));
}

TEST_F(ApiClientTest, DownloadSendsNoToken) {
  download();
  EXPECT_TRUE(transport_.last().bearer.empty());
  EXPECT_TRUE(transport_.last().headers.empty());
  transport_.respond(200, "[]");
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, RefreshesOnceAndRepeatsAfter401) {
  search();
  transport_.respond(401, "{}");
  ASSERT_EQ(transport_.last().url, "https://token/v1/access_token");
  transport_.respond(200, R"({"access_token":"B","expires_in":3600})");
  EXPECT_EQ(transport_.last().bearer.reveal(), "B");
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
  EXPECT_EQ(transport_.started.size(), 3U);
}

TEST_F(ApiClientTest, BacksOffAfter401ForFreshToken) {
  search();
  transport_.respond(401, "{}");
  transport_.respond(200, R"({"access_token":"B","expires_in":3600})");
  transport_.respond(401, "{}");
  EXPECT_EQ(transport_.open(), 0U);
  timers_.advance(ch::seconds{2});
  EXPECT_EQ(transport_.last().url, "https://region/search?orgId=org");
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, FailsAtOnceWhenGrantIsRejected) {
  search();
  transport_.respond(401, "{}");
  transport_.respond(400, R"({"error":"invalid_grant"})");
  EXPECT_EQ(results_, V{"auth"});
}

TEST_F(ApiClientTest, RetriesTransientFailureWithGrowingDelays) {
  search();
  base::Millis step = net::kCallRetries.initial_delay;
  for (const int status : {500, 502, 503, 408}) {
    transport_.respond(status, "<html>");
    const base::Millis waited = wait_for_next();
    EXPECT_GE(waited, step / 2) << status;
    EXPECT_LE(waited, step + ch::milliseconds{10}) << status;
    step *= 2;
  }
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, GivesUpUnreachableApiAfterInitialContactTimeout) {
  search();
  base::Millis waited{0};
  constexpr ch::milliseconds kStep{100};
  while (results_.empty()) {
    const std::size_t tried = transport_.started.size();
    transport_.fail(net::TransferFailure::Kind::Connect, "refused");
    for (; results_.empty() && transport_.started.size() == tried; waited += kStep) timers_.advance(kStep);
  }
  EXPECT_EQ(results_, V{"transient"});
  EXPECT_LE(waited, ch::seconds{10});
  EXPECT_EQ(warnings_, V{"search: refused; retrying"});
  const std::size_t before = transport_.started.size();
  EXPECT_GE(before, 3U);
  captures();
  transport_.fail(net::TransferFailure::Kind::Connect, "refused");
  EXPECT_EQ(results_.size(), 2U);
  EXPECT_EQ(transport_.started.size(), before + 1);
}

TEST_F(ApiClientTest, SendsOneRequestPerCallDuringOutage) {
  search();
  transport_.respond(200, kEmptyPage);
  results_.clear();
  search();
  while (results_.empty()) {
    transport_.fail(net::TransferFailure::Kind::Connect, "refused");
    timers_.advance(ch::minutes{2});
  }
  EXPECT_EQ(results_, V{"transient"});
  const std::size_t before = transport_.started.size();
  EXPECT_EQ(before, 1U + 7U);
  search();
  transport_.fail(net::TransferFailure::Kind::Connect, "refused");
  EXPECT_EQ(results_.size(), 2U);
  EXPECT_EQ(transport_.started.size(), before + 1);
  search();
  transport_.respond(200, kEmptyPage);
  search();
  transport_.respond(500, "");
  timers_.advance(ch::seconds{2});
  EXPECT_EQ(transport_.started.size(), before + 4) << "retries again after a success";
}

TEST_F(ApiClientTest, BlocksAllApiCallsAfter429) {
  search();
  transport_.respond(429, "", {{"Retry-After", "3"}});
  captures();
  timers_.advance(ch::milliseconds{2'990});
  EXPECT_EQ(transport_.started.size(), 1U);
  download();
  EXPECT_EQ(transport_.started.size(), 2U) << "downloads have no budget";
  timers_.advance(ch::milliseconds{20});
  EXPECT_EQ(transport_.started.size(), 4U);
  transport_.respond(200, "[]");
  transport_.respond(200, kEmptyPage);
  transport_.respond(200, R"({"data":[{"taskId":"t1"}]})");
  EXPECT_EQ(results_, (V{"good", "good", "good"}));
  EXPECT_EQ(api_->request_counts().throttled, 1);
}

TEST_F(ApiClientTest, BlocksForDefaultDelayAfter429WithoutRetryAfter) {
  search();
  transport_.respond(429, "");
  const base::Millis waited = wait_for_next();
  EXPECT_GE(waited, net::kDefaultRetryAfter);
  EXPECT_LE(waited, net::kDefaultRetryAfter + ch::milliseconds{10});
}

TEST_F(ApiClientTest, ThrottledDownloadDoesNotPauseApiCalls) {
  download();
  transport_.respond(429, "", {{"Retry-After", "3"}});
  search();
  EXPECT_EQ(transport_.started.size(), 2U);
  transport_.started[1]->done(net::Response{200, {}, kEmptyPage});
  EXPECT_EQ(results_, V{"good"});
  EXPECT_GE(wait_for_next(), ch::seconds{3});
  EXPECT_EQ(transport_.started.size(), 3U);
}

TEST_F(ApiClientTest, RetriesMalformedResponseThenFails) {
  for (const char* garbage : {"<html>", "{\"data\":\"\xFF\"}", R"({"data":{"taskDetails":{"tasks":7}}})",
                              R"({"errors":[{"message":"boom"}],"data":null})"}) {
    results_.clear();
    search();
    transport_.respond(200, garbage);
    wait_for_next();
    transport_.respond(200, kEmptyPage);
    EXPECT_EQ(results_, V{"good"}) << garbage;
    results_.clear();
    const std::size_t before = transport_.started.size();
    search();
    while (results_.empty()) {
      transport_.respond(200, garbage);
      if (results_.empty()) wait_for_next();
    }
    EXPECT_EQ(results_, V{"transient"}) << garbage;
    EXPECT_EQ(transport_.started.size() - before, 7U) << garbage;
    EXPECT_TRUE(message_.starts_with("search: ")) << message_;
    search();
    transport_.respond(200, kEmptyPage);
  }
}

TEST_F(ApiClientTest, OmitsRejectedFieldForOneDay) {
  search();
  const std::string rejection =
      R"({"error":{"key":"400","message":[{"description":"Validation error (FieldUndefined@[taskDetails/tasks/topicName]) : Field 'topicName' in type 'Task' is undefined"}]}})";
  transport_.respond(400, rejection);
  EXPECT_EQ(transport_.last().body.find("topicName"), std::string::npos);
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
  search();
  EXPECT_EQ(transport_.last().body.find("topicName"), std::string::npos);
  transport_.respond(200, kEmptyPage);
  timers_.advance(ch::hours{25});
  // The stored token has ended by now.
  search();
  transport_.respond(200, R"({"access_token":"B","expires_in":360000})");
  EXPECT_NE(transport_.last().body.find("topicName"), std::string::npos);
}

TEST_F(ApiClientTest, OmitsFieldRejectedWithStatus200) {
  search();
  transport_.respond(
      200,
      R"({"errors":[{"message":"Field 'botName' in type 'Task' is undefined","extensions":{"classification":"ValidationError"}}],"data":null})");
  EXPECT_EQ(transport_.last().body.find("botName"), std::string::npos);
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, FailsPermanentlyWhenQueryIsRejected) {
  search();
  transport_.respond(400, R"({"error":{"key":400,"message":[{"description":"span too long"}]}})");
  transport_.respond(400, "still no");
  EXPECT_EQ(results_, V{"permanent"});
  EXPECT_NE(message_.find("span too long"), std::string::npos);
  EXPECT_EQ(transport_.started.size(), 2U);
  search();
  EXPECT_NE(transport_.last().body.find("topicName"), std::string::npos) << "the fields were not to blame";
}

TEST_F(ApiClientTest, SearchesCoreFieldsWhenRejectionNamesNone) {
  search();
  transport_.respond(400, "Invalid request");
  EXPECT_EQ(transport_.last().body.find("topicName"), std::string::npos);
  EXPECT_NE(transport_.last().body.find("lastQueue { id name }"), std::string::npos);
  transport_.respond(200, kEmptyPage);
  EXPECT_EQ(results_, V{"good"});
  search();
  EXPECT_EQ(transport_.last().body.find("topicName"), std::string::npos);
}

TEST_F(ApiClientTest, RefreshesTokenRejectedWithStatus400Or403) {
  for (const auto& [status, text] : {std::pair{400, "Invalid access token."}, {403, "FAIL_VALIDATE_TOKEN"}}) {
    results_.clear();
    clock_.tick(ch::minutes{1});
    search();
    transport_.respond(status, text);
    ASSERT_EQ(transport_.last().url, "https://token/v1/access_token") << text;
    transport_.respond(200, R"({"access_token":")" + std::to_string(status) + R"(","expires_in":3600})");
    EXPECT_EQ(transport_.last().bearer.reveal(), std::to_string(status));
    transport_.respond(200, kEmptyPage);
    EXPECT_EQ(results_, V{"good"}) << text;
  }
}

TEST_F(ApiClientTest, FailsWhenRefreshedTokenIsRejected) {
  search();
  transport_.respond(400, "Invalid access token.");
  transport_.respond(200, R"({"access_token":"B","expires_in":3600})");
  transport_.respond(400, "Invalid access token.");
  EXPECT_EQ(results_, V{"permanent"});
  EXPECT_EQ(transport_.started.size(), 3U);
  EXPECT_NE(message_.find("Invalid access token."), std::string::npos) << message_;
}

net::Response redirect_to(std::string url) {
  net::Response response;
  response.status = 302;
  response.redirect = base::Secret(std::move(url));
  return response;
}

TEST_F(ApiClientTest, DownloadFollowsRedirectsWithoutToken) {
  download();
  transport_.finish(redirect_to("https://other/x?sig=1"));
  EXPECT_EQ(transport_.last().url, "https://other/x?sig=1");
  EXPECT_TRUE(transport_.last().bearer.empty());
  transport_.respond(200, "[]");
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, RetriesRedirectedDownloadFromOriginalUrl) {
  download();
  transport_.finish(redirect_to("https://other/x?sig=1"));
  transport_.respond(503, "");
  timers_.advance(ch::seconds{2});
  EXPECT_EQ(transport_.last().url, "https://store/x.json?X-Amz-Signature=hush");
}

TEST_F(ApiClientTest, FollowsAtMostFiveRedirects) {
  download();
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(results_, V{});
    transport_.finish(redirect_to("https://other/again"));
  }
  EXPECT_EQ(results_, V{"permanent"});
  EXPECT_EQ(transport_.started.size(), 6U);
}

TEST_F(ApiClientTest, ApiCallFollowsNoRedirect) {
  search();
  transport_.finish(redirect_to("https://other/search"));
  EXPECT_EQ(results_, V{"permanent"});
  EXPECT_EQ(transport_.started.size(), 1U);
}

TEST_F(ApiClientTest, AcceptsMissingTaskElementAfterOneRetry) {
  captures();
  transport_.respond(200, R"({"data":[]})");
  EXPECT_EQ(results_, V{});
  timers_.advance(ch::seconds{1});
  transport_.respond(200, R"({"data":[]})");
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, NeverAcceptsErrorsWithEmptyList) {
  constexpr const char* kErrors =
      R"({"errors":[{"message":"timeout"}],"data":{"taskDetails":{"tasks":[],"pageInfo":{"hasNextPage":false}}}})";
  search();
  while (results_.empty()) {
    transport_.respond(200, kErrors);
    timers_.advance(ch::minutes{2});
  }
  EXPECT_EQ(results_, V{"transient"});
}

TEST_F(ApiClientTest, RedactsEchoedToken) {
  search();
  transport_.respond(401, "{}");
  transport_.respond(200, R"({"access_token":"tok-1234","expires_in":3600})");
  transport_.respond(404, "no such tok-1234");
  EXPECT_EQ(message_.find("tok-1234"), std::string::npos) << message_;
}

TEST_F(ApiClientTest, OmitsRejectedOptionalMemberOfCaptures) {
  captures();
  EXPECT_NE(transport_.last().body.find("includeAllDigitalVersions"), std::string::npos);
  transport_.respond(400, "unknown member");
  EXPECT_EQ(transport_.last().body.find("includeAllDigitalVersions"), std::string::npos);
  transport_.respond(200, R"({"data":[{"taskId":"t1"}]})");
  EXPECT_EQ(results_, V{"good"});
  captures();
  EXPECT_EQ(transport_.last().body.find("includeAllDigitalVersions"), std::string::npos);
  transport_.respond(200, R"({"data":[{"taskId":"t1"}]})");
  timers_.advance(ch::hours{25});
  captures();
  transport_.respond(200, R"({"access_token":"B","expires_in":360000})");
  EXPECT_NE(transport_.last().body.find("includeAllDigitalVersions"), std::string::npos) << "again after a day";
}

TEST_F(ApiClientTest, ReturnsServerTimeOfPage) {
  std::optional<base::Instant> server_time;
  api_->search({{clock_.now() - ch::hours{1}, clock_.now()}, model::TimeField::Ended, {"chat"}, ""}, Priority::Live,
               [&](const model::Result<SearchPage>& page) { server_time = page->server_time; });
  transport_.respond(200, kEmptyPage, {{"Date", "Thu, 01 Jan 2026 00:00:30 GMT"}});
  EXPECT_EQ(server_time, base::parse_iso8601("2026-01-01T00:00:30Z"));
}

TEST_F(ApiClientTest, AcceptsRepeated404OfCapturesAsEmpty) {
  captures();
  transport_.respond(404, "{}");
  EXPECT_EQ(results_, V{});
  transport_.respond(404, "{}");
  EXPECT_EQ(results_, V{"good"});
}

TEST_F(ApiClientTest, AcceptsSuspectResponseAfterOneRetry) {
  captures();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(results_, V{});
    transport_.respond(200, R"({"data":[{"transcription":[]}]})");
    timers_.advance(ch::seconds{1});
  }
  EXPECT_EQ(results_, V{"good"});
  search();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(results_.size(), 1U);
    transport_.respond(200, R"({"data":{"taskDetails":{"tasks":[]}}})");
    timers_.advance(ch::seconds{1});
  }
  EXPECT_EQ(results_, (V{"good", "good"}));
  EXPECT_EQ(transport_.started.size(), 4U);
}

TEST_F(ApiClientTest, ReportsExpiredLocationWithoutSignature) {
  download();
  transport_.respond(403, "<Error><Code>AccessDenied</Code></Error>");
  EXPECT_EQ(results_, V{"permanent"});
  EXPECT_EQ(message_.find("hush"), std::string::npos) << message_;
  EXPECT_NE(message_.find("https://store/x.json"), std::string::npos) << message_;
}

TEST_F(ApiClientTest, CallsNothingBackAfterDestruction) {
  search();
  download();
  api_.reset();
  EXPECT_TRUE(transport_.started[0]->cancelled);
  EXPECT_TRUE(transport_.started[1]->cancelled);
  timers_.advance(ch::hours{1});
  EXPECT_TRUE(results_.empty());
}

}  // namespace
}  // namespace wxcc::webex
