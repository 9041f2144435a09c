// SPDX-License-Identifier: Apache-2.0
#include "webex/token_set.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/url.h"
#include "webex/oauth.h"

namespace wxcc::webex {
namespace {

namespace ch = std::chrono;

const base::Instant kNow = *base::parse_iso8601("2026-11-22T12:00:00Z");

TokenSet granted(base::Millis life) {
  TokenSet tokens;
  tokens.access_token = base::Secret("a");
  tokens.refresh_token = base::Secret("r");
  tokens.granted_at = kNow;
  tokens.access_expires_at = kNow + life;
  return tokens;
}

TEST(TokenResponse, ConvertsLifetimesToInstants) {
  const auto tokens = parse_token_response(
      R"({"access_token":"A","expires_in":1209599,"refresh_token":"R","refresh_token_expires_in":"7775999","scope":"s"})",
      {}, kNow);
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->access_token.reveal(), "A");
  EXPECT_EQ(*tokens->access_expires_at, kNow + ch::seconds{1209599});
  EXPECT_EQ(*tokens->refresh_expires_at, kNow + ch::seconds{7775999});
}

TEST(TokenResponse, RetainsMembersThatServerOmits) {
  TokenSet before = granted(ch::hours{1});
  before.refresh_expires_at = kNow + ch::days{30};
  before.scope = "cjp:config_read";
  const auto tokens = parse_token_response(R"({"access_token":"B","expires_in":3600})", before, kNow + ch::hours{1});
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->refresh_token.reveal(), "r");
  EXPECT_EQ(*tokens->refresh_expires_at, kNow + ch::days{30});
  EXPECT_EQ(tokens->scope, "cjp:config_read");
  EXPECT_TRUE(tokens->previous_refresh_token.empty());
}

TEST(TokenResponse, RetainsPreviousRefreshTokenUntilUse) {
  const auto first = parse_token_response(R"({"access_token":"B","refresh_token":"r2"})", granted(ch::hours{1}), kNow);
  EXPECT_EQ(first->refresh_token.reveal(), "r2");
  EXPECT_EQ(first->previous_refresh_token.reveal(), "r");
  const auto second = parse_token_response(R"({"access_token":"C","refresh_token":"r2"})", *first, kNow);
  EXPECT_TRUE(second->previous_refresh_token.empty());
}

TEST(TokenResponse, RejectsMalformedResponseWithoutQuotingIt) {
  for (const char* body : {"<html>secret</html>", "{}", R"({"access_token":null})", R"({"access_token":""})", "[]"}) {
    const auto tokens = parse_token_response(body, {}, kNow);
    ASSERT_FALSE(tokens) << body;
    EXPECT_EQ(tokens.error().find("secret"), std::string::npos);
  }
}

TEST(TokenFile, ParsesExpiryAsNumber) {
  for (const char* end : {"1796590469.12", "1796590469120", "\"1796590469.12\"", "\"1796590469120\""}) {
    const auto tokens = parse_token_file(R"({"access_token":"A","expires_at":)" + std::string(end) + "}");
    ASSERT_TRUE(tokens) << end;
    EXPECT_EQ(tokens->access_expires_at, base::from_ms(1796590469120)) << end;
  }
}

TEST(TokenFile, ParsesFileOfPythonScript) {
  const auto tokens = parse_token_file(R"({
    "access_token": "NWE_PE93_2f0c9a3e-0000-4000-8000-000000000001", "expires_in": 1209599, "refresh_token": "R",
    "refresh_token_expires_in": 7775999, "token_type": "Bearer", "scope": "cjp:config_read", "expires_at": "2026-12-01T00:00:00Z" })");
  ASSERT_TRUE(tokens) << tokens.error();
  EXPECT_EQ(base::to_iso8601(*tokens->access_expires_at), "2026-12-01T00:00:00.000Z");
  EXPECT_EQ(*tokens->granted_at, *tokens->access_expires_at - ch::seconds{1209599});
  EXPECT_EQ(*tokens->refresh_expires_at, *tokens->granted_at + ch::seconds{7775999});
  EXPECT_EQ(organisation_of(tokens->access_token), "2f0c9a3e-0000-4000-8000-000000000001");
}

TEST(TokenFile, RetainsUnknownMembersInRoundTrip) {
  TokenSet tokens = granted(ch::hours{12});
  tokens.refresh_expires_at = kNow + ch::days{90};
  tokens.previous_refresh_token = base::Secret("old");
  tokens.scope = "s";
  const std::string text = format_token_file(tokens, R"({"access_token":"gone","note":{"by":"an operator"}})");
  const auto document = base::JsonDocument::parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["expires_at"].text(), "2026-11-23T00:00:00Z");
  EXPECT_EQ(document->root()["expires_in"].integer(), 43200);
  EXPECT_EQ(document->root()["token_type"].text(), "Bearer");
  EXPECT_EQ(document->root()["note"]["by"].text(), "an operator");
  const auto again = parse_token_file(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->access_token, tokens.access_token);
  EXPECT_EQ(again->previous_refresh_token, tokens.previous_refresh_token);
  EXPECT_EQ(again->access_expires_at, tokens.access_expires_at);
  EXPECT_EQ(again->refresh_expires_at, tokens.refresh_expires_at);
  EXPECT_EQ(again->granted_at, tokens.granted_at);
}

TEST(TokenFile, RejectsFileWithoutToken) {
  for (const char* text : {"", "{}", "[]", "not json", R"({"access_token":5})"})
    EXPECT_FALSE(parse_token_file(text)) << text;
}

TEST(RefreshSchedule, IsHalfTheLifetimeAndAtMostADay) {
  EXPECT_EQ(refresh_due_at(granted(ch::days{14}), kNow), kNow + ch::days{1});
  EXPECT_EQ(refresh_due_at(granted(ch::seconds{43199}), kNow), kNow + base::Millis{21599500});
  EXPECT_EQ(refresh_due_at(granted(ch::seconds{4}), kNow), kNow + ch::seconds{2});
  TokenSet none = granted(ch::days{14});
  none.refresh_token = base::Secret();
  EXPECT_FALSE(refresh_due_at(none, kNow));
  TokenSet only_refresh;
  only_refresh.refresh_token = base::Secret("r");
  EXPECT_LT(*refresh_due_at(only_refresh, kNow), kNow);
}

TEST(RefreshSchedule, FollowsRefreshTokenThatExpiresFirst) {
  struct Row {
    base::Millis access, refresh, wait;
  };
  for (const Row& row : std::vector<Row>{{ch::days{14}, ch::days{90}, ch::days{1}},
                                         {ch::days{14}, ch::hours{10}, ch::hours{5}},
                                         {ch::seconds{40}, ch::seconds{20}, ch::seconds{10}},
                                         {ch::seconds{40}, ch::seconds{0}, ch::seconds{20}},
                                         {ch::seconds{40}, ch::seconds{-5}, ch::seconds{20}},
                                         {ch::days{14}, ch::milliseconds{10}, ch::milliseconds{500}},
                                         {ch::seconds{0}, ch::days{90}, ch::milliseconds{500}}}) {
    TokenSet tokens = granted(row.access);
    tokens.refresh_expires_at = kNow + row.refresh;
    EXPECT_EQ(refresh_due_at(tokens, kNow), kNow + row.wait) << row.access.count() << " " << row.refresh.count();
  }
}

TEST(RefreshSchedule, RefreshesGrantFromTheFutureNow) {
  EXPECT_GT(*refresh_due_at(granted(ch::days{14}), kNow - ch::minutes{1}), kNow) << "clocks differ a little";
  EXPECT_LT(*refresh_due_at(granted(ch::days{14}), kNow - ch::days{1}), kNow - ch::days{1});
}

TEST(TokenResponse, IgnoresZeroLifetime) {
  const auto tokens =
      parse_token_response(R"({"access_token":"A","expires_in":0,"refresh_token_expires_in":"0"})", {}, kNow);
  ASSERT_TRUE(tokens);
  EXPECT_FALSE(tokens->access_expires_at);
  EXPECT_FALSE(tokens->refresh_expires_at);
}

TEST(RefreshSchedule, TokenIsValidUntilShortlyBeforeExpiry) {
  EXPECT_TRUE(is_access_token_valid(granted(ch::hours{1}), kNow));
  EXPECT_FALSE(is_access_token_valid(granted(ch::hours{1}), kNow + ch::minutes{59} + ch::seconds{31}));
  EXPECT_TRUE(is_access_token_valid(granted(ch::seconds{10}), kNow + ch::seconds{8}));
  EXPECT_FALSE(is_access_token_valid(granted(ch::seconds{10}), kNow + ch::seconds{9}));
  EXPECT_FALSE(is_access_token_valid({}, kNow));
}

TEST(Organisation, IsParsedFromOpaqueAndWebTokens) {
  EXPECT_EQ(organisation_of(base::Secret("abc_PE93_2F0C9A3E-0000-4000-8000-000000000001")),
            "2f0c9a3e-0000-4000-8000-000000000001");
  const auto web_token = [](std::string_view claims) {
    return base::Secret("eyJhbGciOiJSUzI1NiJ9." + base::to_base64url(claims) + ".c2ln");
  };
  EXPECT_EQ(organisation_of(web_token(R"({"realm":"2F0C9A3E-0000-4000-8000-000000000001","cluster":"PE93"})")),
            "2f0c9a3e-0000-4000-8000-000000000001");
  EXPECT_FALSE(organisation_of(web_token(R"({"realm":"consumer"})")));
  EXPECT_FALSE(organisation_of(web_token(R"({"sub":"x"})")));
  EXPECT_FALSE(organisation_of(base::Secret("eyJ.eyJ.sig")));
  EXPECT_FALSE(organisation_of(base::Secret("..")));
  EXPECT_FALSE(organisation_of(base::Secret("a_b_c")));
  EXPECT_FALSE(organisation_of(base::Secret("")));
}

const OAuthClient kClient{"id", base::Secret("hush"), "http://localhost:8089/callback", "cjp:config_read spark:kms"};

TEST(Login, AuthorizeUrlHasStateAndPkce) {
  const LoginAttempt attempt = new_login_attempt();
  const auto url = base::parse_url(authorize_url("https://webexapis.com/v1/authorize", kClient, attempt));
  ASSERT_TRUE(url);
  const base::Form query = base::form_decode(url->query);
  EXPECT_EQ(base::find_parameter(query, "response_type"), "code");
  EXPECT_EQ(base::find_parameter(query, "redirect_uri"), "http://localhost:8089/callback");
  EXPECT_EQ(base::find_parameter(query, "scope"), "cjp:config_read spark:kms");
  EXPECT_EQ(base::find_parameter(query, "state"), attempt.state);
  EXPECT_EQ(base::find_parameter(query, "code_challenge_method"), "S256");
  EXPECT_EQ(base::find_parameter(query, "code_challenge")->size(), 43U);
  EXPECT_GE(attempt.code_verifier.reveal().size(), 43U);
  EXPECT_NE(new_login_attempt().state, attempt.state);
}

TEST(Login, ParsesCodeFromPastedRedirect) {
  const LoginAttempt attempt{"xyz", base::Secret("v")};
  EXPECT_EQ(parse_redirect("http://localhost:8089/callback?code=C1&state=xyz\n", attempt)->reveal(), "C1");
  EXPECT_EQ(parse_redirect("code=C2&state=xyz", attempt)->reveal(), "C2");
  EXPECT_EQ(parse_redirect("  YWJj_PE93_2f0c== ", attempt)->reveal(), "YWJj_PE93_2f0c==");
  EXPECT_NE(parse_redirect("?code=C1&state=other", attempt).error().find("state"), std::string::npos);
  EXPECT_NE(parse_redirect("?code=C1", attempt).error().find("state"), std::string::npos);
  EXPECT_NE(parse_redirect("?error=access_denied&state=xyz", attempt).error().find("access_denied"), std::string::npos);
  EXPECT_FALSE(parse_redirect("?state=xyz", attempt));
  EXPECT_FALSE(parse_redirect("", attempt));
}

TEST(Login, ExchangesAndRefreshesWithCredentialsInTheBody) {
  const LoginAttempt attempt{"xyz", base::Secret("v")};
  const net::Request exchange = code_exchange("https://t/access_token", kClient, base::Secret("c"), attempt);
  EXPECT_EQ(exchange.method, net::Method::Post);
  EXPECT_TRUE(exchange.bearer.empty());
  EXPECT_EQ(exchange.body,
            "grant_type=authorization_code&client_id=id&client_secret=hush&code=c&redirect_uri=http%3A%2F%2Flocalhost%"
            "3A8089%2Fcallback&code_verifier=v");
  EXPECT_EQ(refresh_request("https://t/access_token", kClient, base::Secret("r")).body,
            "grant_type=refresh_token&client_id=id&client_secret=hush&refresh_token=r");
}

}  // namespace
}  // namespace wxcc::webex
