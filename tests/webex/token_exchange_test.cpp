// SPDX-License-Identifier: Apache-2.0
#include "webex/token_exchange.h"

#include <gtest/gtest.h>

namespace wxcc::webex {
namespace {

const base::Instant kNow = base::from_ms(1'767'225'600'000);
constexpr const char* kOrganisation = "4a1c2f5e-0000-4000-8000-000000000001";
constexpr const char* kOther = "4a1c2f5e-0000-4000-8000-000000000002";

TokenExchange exchange(const net::Outcome& outcome, const KnownSecrets& sent = {}) {
  return read_token_exchange(outcome, {}, sent, kOrganisation, kNow);
}
net::Outcome response(int status, std::string body) {
  return net::Response{status, {}, std::move(body)};
}

TEST(TokenExchange, OnlyTokenHostRejectsGrant) {
  enum class Kind { Granted, Rejected, Retryable };
  struct Row {
    int status;
    const char* body;
    Kind kind;
  };
  for (const auto& [status, body, kind] :
       {Row{200, R"({"access_token":"A"})", Kind::Granted}, Row{201, R"({"access_token":"A"})", Kind::Granted},
        Row{200, "{}", Kind::Retryable}, Row{200, "<html>", Kind::Retryable},
        Row{400, R"({"message":"expired"})", Kind::Rejected}, Row{401, "", Kind::Rejected},
        Row{403, "{}", Kind::Rejected}, Row{403, " <!doctype html>", Kind::Retryable}, Row{404, "{}", Kind::Retryable},
        Row{302, "", Kind::Retryable}, Row{429, "{}", Kind::Retryable}, Row{500, "{}", Kind::Retryable}})
    EXPECT_EQ(exchange(response(status, body)).index(), static_cast<std::size_t>(kind)) << status << body;
  EXPECT_TRUE(std::holds_alternative<Retryable>(exchange(base::make_unexpected(net::TransferFailure{}))));
}

TEST(TokenExchange, ReturnsTokensOfResponse) {
  const auto result = exchange(response(200, R"({"access_token":"A","refresh_token":"R","expires_in":60})"));
  const TokenSet& tokens = std::get<Granted>(result).tokens;
  EXPECT_EQ(tokens.access_token.reveal(), "A");
  EXPECT_EQ(tokens.refresh_token.reveal(), "R");
  EXPECT_EQ(tokens.access_expires_at, kNow + std::chrono::minutes{1});
}

TEST(TokenExchange, RejectsTokenOfOtherOrganisation) {
  const auto body = [](const std::string& organisation) {
    return R"({"access_token":"opaque_PE93_)" + organisation + "\"}";
  };
  EXPECT_TRUE(std::holds_alternative<Granted>(exchange(response(200, body(kOrganisation)))));
  const auto result = exchange(response(200, body(kOther)));
  const auto& rejected = std::get<Rejected>(result);
  EXPECT_EQ(rejected.cause, Rejected::Cause::OtherOrganisation);
  EXPECT_NE(rejected.reason.find(kOther), std::string::npos) << rejected.reason;
}

TEST(TokenExchange, ReasonHasStatusButNoSecret) {
  const auto result = exchange(response(400, "unknown grant R-1234 for client"), {base::Secret("R-1234")});
  const auto& rejected = std::get<Rejected>(result);
  EXPECT_EQ(rejected.cause, Rejected::Cause::TokenHost);
  EXPECT_NE(rejected.reason.find("400"), std::string::npos);
  EXPECT_EQ(rejected.reason.find("R-1234"), std::string::npos) << rejected.reason;
}

TEST(OrgCheck, AcceptsTokenWhenFieldIsUndefined) {
  struct Row {
    int status;
    OrgCheck expected;
  };
  for (const auto& [status, expected] :
       {Row{200, OrgCheck::Match}, Row{400, OrgCheck::Match}, Row{403, OrgCheck::Mismatch}, Row{401, OrgCheck::Unknown},
        Row{503, OrgCheck::Unknown}})
    EXPECT_EQ(classify_org_check(response(status, "{}")), expected) << status;
  EXPECT_EQ(classify_org_check(base::make_unexpected(net::TransferFailure{})), OrgCheck::Unknown);
}

}  // namespace
}  // namespace wxcc::webex
