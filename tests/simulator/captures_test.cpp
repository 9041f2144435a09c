// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/captures.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "moved_clock.h"

namespace wxcc::simulator {
namespace {

using testing::HasSubstr;

base::Expected<CapturesQuery, CapturesError> read(const std::string& body, const Options& options = {}) {
  const auto document = base::JsonDocument::parse(body);
  return read_captures_query(document->root(), options, options.org_id);
}

std::string with_ids(const std::string& ids, const std::string& more = "") {
  return fmt::format(R"({{"query":{{"taskIds":{}{}}}}})", ids, more);
}

struct RejectionCase {
  std::string body;
  int status;
  const char* message;
};
class CapturesRejection : public testing::TestWithParam<RejectionCase> {};

TEST_P(CapturesRejection, NamesTheRule) {
  const auto query = read(GetParam().body);
  ASSERT_FALSE(query) << GetParam().body;
  EXPECT_EQ(query.error().status, GetParam().status);
  EXPECT_THAT(query.error().description, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, CapturesRejection,
    testing::Values(RejectionCase{R"({"taskIds":["a"]})", 400, "query"}, RejectionCase{with_ids("[]"), 400, "empty"},
                    RejectionCase{with_ids("\"a\""), 400, "empty"}, RejectionCase{with_ids("[1]"), 400, "strings"},
                    RejectionCase{with_ids(R"(["a","b","a"])"), 400, "unique"},
                    RejectionCase{with_ids(R"(["1","2","3","4","5","6","7","8","9","10","11"])"), 400, "more than 10"},
                    RejectionCase{with_ids(R"(["a"])", R"(,"urlExpiration":0)"), 400, "greater than 0"},
                    RejectionCase{with_ids(R"(["a"])", R"(,"urlExpiration":-5)"), 400, "greater than 0"},
                    RejectionCase{with_ids(R"(["a"])", R"(,"urlExpiration":"30")"), 400, "integer"},
                    RejectionCase{with_ids(R"(["a"])", R"(,"includeSegments":"yes")"), 400, "boolean"},
                    RejectionCase{with_ids(R"(["a"])", R"(,"orgId":"another organisation")"), 403, "organisation"}));

TEST(CapturesQuery, AppliesDefaultsAndClampsUrlLifetime) {
  EXPECT_EQ(read(with_ids(R"(["a"])"))->url_minutes, 60);
  EXPECT_EQ(read(with_ids(R"(["a"])", R"(,"urlExpiration":10)"))->url_minutes, 10);
  EXPECT_EQ(read(with_ids(R"(["a"])", R"(,"urlExpiration":3600)"))->url_minutes, 60);
  EXPECT_EQ(read(with_ids(R"(["a"])"))->versions, Transcripts::Versions::Default);
  EXPECT_EQ(read(with_ids(R"(["a"])", R"(,"includeAllDigitalVersions":true)"))->versions, Transcripts::Versions::All);
}

TEST(CapturesQuery, EnforcesStricterRulesByOption) {
  Options strict;
  strict.strict_url_expiration = true;
  EXPECT_FALSE(read(with_ids(R"(["a"])", R"(,"urlExpiration":61)"), strict));
  Options service_app;
  service_app.require_captures_org = true;
  EXPECT_FALSE(read(with_ids(R"(["a"])"), service_app));
  EXPECT_TRUE(read(with_ids(R"(["a"])", fmt::format(R"(,"orgId":"{}")", service_app.org_id)), service_app));
  Options old;
  old.reject_all_digital_versions = true;
  EXPECT_EQ(read(with_ids(R"(["a"])", R"(,"includeAllDigitalVersions":false)"), old).error().status, 400);
}

class CapturesResponse : public testing::Test {
 protected:
  base::JsonDocument respond(std::vector<std::string> ids, std::int64_t minutes = 30) {
    const TaskGenerator generator(options, clock.now());
    const Transcripts transcripts(options, generator);
    const ObjectStore store(options, transcripts);
    const std::string response = captures_response({std::move(ids), minutes, Transcripts::Versions::Default}, options,
                                                   generator, transcripts, store, "http://store", clock.now());
    return std::move(*base::JsonDocument::parse(response));
  }
  std::vector<std::string> ids(std::size_t count) {
    const TaskGenerator generator(options, clock.now());
    std::vector<std::string> result;
    for (TaskNumber number = 0; number < count; ++number) result.push_back(generator.id_of(number));
    return result;
  }
  MovedClock clock;
  Options options;
};

TEST_F(CapturesResponse, HasOneElementForEachTask) {
  options.no_transcript_share = 0;
  options.chat_share = 1;
  auto requested = ids(9);
  requested.emplace_back("unknown");
  const auto response = respond(requested);
  const base::JsonNode data = response.root()["data"];
  EXPECT_EQ(response.root()["meta"]["urlExpiration"].integer(), 30);
  std::vector<std::string> received;
  for (const base::JsonNode element : data) {
    received.emplace_back(*element["taskId"].text());
    EXPECT_EQ(element["transcription"].size(), received.back() == "unknown" ? 0U : 1U);
    EXPECT_EQ(element["recording"].size(), 0U);
  }
  EXPECT_THAT(received, testing::UnorderedElementsAreArray(requested));
}

TEST_F(CapturesResponse, SpellsItsKeysByOption) {
  options.no_transcript_share = 0;
  const auto item = [&] { return respond(ids(1)).root()["data"].at(0)["transcription"].at(0).to_json(); };
  options.chat_share = 1;
  EXPECT_THAT(item(), HasSubstr(R"("source":"chat","provider":"CISCO")"));
  options.capitalised_keys = true;
  EXPECT_THAT(item(), HasSubstr(R"("Source":"chat","Provider":"CISCO")"));
  EXPECT_THAT(item(), testing::ContainsRegex(R"("startTime":"[0-9]{13}")"));
}

}  // namespace
}  // namespace wxcc::simulator
