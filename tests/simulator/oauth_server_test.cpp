// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/oauth_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/url.h"
#include "moved_clock.h"

namespace wxcc::simulator {
namespace {

using base::Form;
using testing::HasSubstr;
using namespace std::chrono_literals;

class OAuthServerTest : public testing::Test {
 protected:
  Form authorization() const {
    return {{"response_type", "code"},
            {"client_id", options.client_id},
            {"redirect_uri", options.redirect_uri},
            {"scope", "cjp:config_read spark:kms"},
            {"state", "a b&c"}};
  }
  Response authorize(const Form& parameters) {
    Request request;
    request.method = "GET";
    request.query = parameters;
    return oauth.authorize(request, clock.now(), rng);
  }
  Response decide(Form parameters, const std::string& decision) {
    parameters.emplace_back("decision", decision);
    Request request;
    request.method = "POST";
    request.body = base::form_encode(parameters);
    return oauth.authorize(request, clock.now(), rng);
  }
  // The parameters of the redirect to the client.
  static Form redirected(const Response& response) {
    EXPECT_EQ(response.status, 302);
    for (const auto& [name, value] : response.headers)
      if (name == "Location") return base::form_decode(value.substr(value.find('?') + 1));
    return {};
  }
  std::string code(Form more = {}) {
    Form parameters = authorization();
    for (auto& parameter : more) parameters.push_back(parameter);
    return base::find_parameter(redirected(decide(parameters, "allow")), "code").value_or("none");
  }
  Response token(Form form, const std::string& basic = "") {
    Request request;
    request.method = "POST";
    request.body = base::form_encode(form);
    request.authorization = basic;
    return oauth.token(request, clock.now(), rng);
  }
  Response exchange(const std::string& given, const std::string& verifier = "") {
    Form form = {{"grant_type", "authorization_code"},
                 {"client_id", options.client_id},
                 {"client_secret", options.client_secret},
                 {"code", given},
                 {"redirect_uri", options.redirect_uri}};
    if (!verifier.empty()) form.emplace_back("code_verifier", verifier);
    return token(form);
  }
  Response refresh(const std::string& refresh_token) {
    return token({{"grant_type", "refresh_token"},
                  {"client_id", options.client_id},
                  {"client_secret", options.client_secret},
                  {"refresh_token", refresh_token}});
  }
  static std::string member(const Response& response, const std::string& name) {
    const auto document = base::JsonDocument::parse(response.body);
    return document->root()[name].scalar_text().value_or("");
  }
  bool is_good(const std::string& access_token) {
    return oauth.check("Bearer " + access_token, clock.now()).has_value();
  }

  MovedClock clock;
  Options options;
  OAuthServer oauth{options};
  base::SeededRandom rng{1};
};

TEST_F(OAuthServerTest, ShowsConsentAndRedirectsWithCodeAndState) {
  const Response page = authorize(authorization());
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr(R"(<form method="post" action="/v1/authorize">)"));
  EXPECT_THAT(page.body, HasSubstr(R"(name="state" value="a b&amp;c")"));
  const Form back = redirected(decide(authorization(), "allow"));
  EXPECT_EQ(base::find_parameter(back, "state"), "a b&c");
  EXPECT_THAT(base::find_parameter(back, "code").value_or(""), testing::EndsWith("_" + options.org_id));
  const Form denied = redirected(decide(authorization(), "deny"));
  EXPECT_EQ(base::find_parameter(denied, "error"), "access_denied");
  EXPECT_EQ(base::find_parameter(denied, "state"), "a b&c");
}

TEST_F(OAuthServerTest, NeverRedirectsForAnUnknownClientOrAddress) {
  for (const std::string name : {"client_id", "redirect_uri"}) {
    Form parameters = authorization();
    for (auto& [key, value] : parameters)
      if (key == name) value = "https://evil.example/?<script>";
    const Response response = authorize(parameters);
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(response.headers.empty());
  }
  Form other_type = authorization();
  other_type[0].second = "token";
  EXPECT_EQ(base::find_parameter(redirected(authorize(other_type)), "error"), "unsupported_response_type");
}

TEST_F(OAuthServerTest, CodeIsValidOnceUntilItExpires) {
  const std::string good = code();
  const Response response = exchange(good);
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(member(response, "expires_in"), "1209600");
  EXPECT_EQ(member(response, "refresh_token_expires_in"), "7776000");
  EXPECT_EQ(member(response, "token_type"), "Bearer");
  EXPECT_EQ(member(response, "scope"), "cjp:config_read spark:kms");
  EXPECT_TRUE(is_good(member(response, "access_token")));
  EXPECT_EQ(exchange(good).status, 400);
  const std::string late = code();
  clock.advance(5min);
  EXPECT_EQ(exchange(late).status, 400);
  EXPECT_EQ(exchange("made up").status, 400);
}

TEST_F(OAuthServerTest, VerifiesTheChallengeWhenOneWasGiven) {
  const std::string verifier(43, 'v');
  const base::Sha256 digest = base::sha256(verifier);
  const Form challenge = {
      {"code_challenge", base::to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()})},
      {"code_challenge_method", "S256"}};
  EXPECT_EQ(exchange(code(challenge), verifier).status, 200);
  EXPECT_EQ(exchange(code(challenge), std::string(43, 'w')).status, 400);
  EXPECT_EQ(exchange(code(challenge)).status, 400);
  EXPECT_EQ(exchange(code({{"code_challenge", verifier}, {"code_challenge_method", "plain"}}), verifier).status, 200);
}

TEST_F(OAuthServerTest, ChecksTheSecretInTheBodyOrInBasicCredentials) {
  Form form = {{"grant_type", "authorization_code"}, {"code", code()}, {"redirect_uri", options.redirect_uri}};
  EXPECT_EQ(token(form).status, 401);
  options.client_id = "id";
  options.client_secret = "pass";
  EXPECT_EQ(token({{"grant_type", "x"}}, "Basic aWQ6cGFzcw==").status, 400)
      << "authenticated, with an unknown grant type";
  EXPECT_EQ(token({{"grant_type", "x"}}, "Basic aWQ6cGFzcg==").status, 401);
  EXPECT_EQ(token({{"grant_type", "x"}}, "Basic !").status, 401);
}

TEST_F(OAuthServerTest, RefreshExtendsTheRefreshTokenByOption) {
  const std::string refresh_token = oauth.issue(options.scope, clock.now(), rng).refresh_token;
  clock.advance(24h * 60);
  EXPECT_EQ(member(refresh(refresh_token), "refresh_token_expires_in"), "7776000");
  options.refresh_extends = false;
  clock.advance(24h);
  EXPECT_EQ(member(refresh(refresh_token), "refresh_token_expires_in"), std::to_string(89 * 86400));
  clock.advance(24h * 89);
  const Response expired = refresh(refresh_token);
  EXPECT_EQ(expired.status, 400);
  EXPECT_THAT(member(expired, "message"), HasSubstr("refresh token provided is expired"));
}

TEST_F(OAuthServerTest, RotatesAndRevokesByOption) {
  const std::string first = oauth.issue(options.scope, clock.now(), rng).refresh_token;
  EXPECT_EQ(member(refresh(first), "refresh_token"), first);
  options.rotate_refresh_token = true;
  options.revoke_old_refresh_token_after_grace = 60s;
  const std::string second = member(refresh(first), "refresh_token");
  EXPECT_NE(second, first);
  EXPECT_EQ(refresh(first).status, 200) << "within the grace";
  clock.advance(61s);
  EXPECT_EQ(refresh(first).status, 400);
  EXPECT_EQ(refresh(second).status, 200);
  options.omit_refresh_token = true;
  options.rotate_refresh_token = false;
  EXPECT_EQ(member(refresh(second), "refresh_token"), "");
}

TEST_F(OAuthServerTest, HasAlternativeFormsOfLifetimesAndErrors) {
  options.expires_in_as_string = true;
  options.rfc6749_errors = true;
  EXPECT_THAT(exchange(code()).body, HasSubstr(R"("expires_in":"1209600")"));
  EXPECT_EQ(member(refresh("x"), "error"), "invalid_grant");
  options.rfc6749_errors = false;
  EXPECT_THAT(refresh("x").body, HasSubstr(R"("errors":[{"description":)"));
  EXPECT_THAT(refresh("x").body, HasSubstr(R"("trackingId":"ROUTER_)"));
}

TEST_F(OAuthServerTest, AccessTokensExpireAndCanBeRevoked) {
  options.access_ttl = 43199s;
  const IssuedTokens tokens = oauth.issue(options.scope, clock.now(), rng);
  EXPECT_TRUE(is_good(tokens.access_token));
  clock.advance(43199s);
  EXPECT_FALSE(is_good(tokens.access_token));
  const IssuedTokens other = oauth.issue(options.scope, clock.now(), rng);
  oauth.revoke_access_tokens();
  EXPECT_FALSE(is_good(other.access_token));
  EXPECT_EQ(oauth.check("", clock.now()).error(), OAuthServer::Rejection::Missing);
  EXPECT_EQ(oauth.check("Basic abc", clock.now()).error(), OAuthServer::Rejection::Missing);
  EXPECT_EQ(oauth.check("Bearer abc", clock.now()).error(), OAuthServer::Rejection::Invalid);
}

}  // namespace
}  // namespace wxcc::simulator
