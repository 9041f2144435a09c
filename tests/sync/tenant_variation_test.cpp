// SPDX-License-Identifier: Apache-2.0
// Organisations whose API lacks a field or a member, and members that arrive after the end.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sync/sync_harness.h"

namespace wxcc::tests {
namespace {

namespace ch = std::chrono;
using testing::IsEmpty;

simulator::Options some_tasks() {
  simulator::Options options;
  options.tasks = 60;
  options.days = 1;
  options.no_transcript_share = 0;
  return options;
}

struct LateMembers {
  std::string wrapup_code;
  std::optional<std::int64_t> csat_score;
  friend bool operator==(const LateMembers&, const LateMembers&) = default;
};

std::map<std::string, LateMembers> late_members_in(const SyncHarness& harness) {
  std::map<std::string, LateMembers> result;
  const store::Reader reader = store::Reader::open(harness.archive_path());
  store::ConversationCursor conversations = reader.conversations({});
  while (const auto row = conversations.next()) result[row->task.id] = {row->task.wrapup_code, row->task.csat_score};
  return result;
}

std::size_t with_wrapup_code(const std::map<std::string, LateMembers>& members) {
  return static_cast<std::size_t>(std::count_if(members.begin(), members.end(),
                                                [](const auto& member) { return !member.second.wrapup_code.empty(); }));
}

TEST(TenantVariation, RetriesUndefinedFieldAfterADay) {
  SyncHarness harness(some_tasks());
  harness.sleep(ch::minutes{1});
  int rejections = 0;
  bool is_defined = false;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (is_defined || request.body.find("csatScore") == std::string::npos) return std::nullopt;
    ++rejections;
    net::Response response;
    response.status = 400;
    response.body =
        R"({"error":{"key":"400","message":[{"description":"Validation error (FieldUndefined@[taskDetails/tasks/csatScore]) : Field 'csatScore' in type 'TaskDetails' is undefined"}]}})";
    return response;
  };
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_EQ(rejections, 1);
  harness.run_service(ch::hours{23});
  EXPECT_EQ(rejections, 1);
  EXPECT_EQ(harness.times_logged("csatScore"), 1);
  const auto without = late_members_in(harness);
  EXPECT_TRUE(std::none_of(without.begin(), without.end(), [](const auto& one) { return one.second.csat_score; }));

  is_defined = true;
  harness.run_service(ch::hours{8});  // the day is over, and a reconcile has been
  const auto with = late_members_in(harness);
  EXPECT_TRUE(std::any_of(with.begin(), with.end(), [](const auto& one) { return one.second.csat_score; }));
  EXPECT_EQ(harness.failures(), 0);
}

TEST(TenantVariation, RequestsUndefinedFieldOnceADay) {
  SyncHarness harness(some_tasks());
  int rejections = 0;
  harness.on_request = [&](const net::Request& request) -> std::optional<net::Response> {
    if (request.body.find("botName") == std::string::npos) return std::nullopt;
    ++rejections;
    net::Response response;
    response.status = 200;  // as GraphQL servers report it
    response.body =
        R"({"errors":[{"message":"Validation error (FieldUndefined@[taskDetails/tasks/botName]) : Field 'botName' in type 'TaskDetails' is undefined","extensions":{"classification":"ValidationError"}}],"data":null})";
    return response;
  };
  harness.poll_interval = ch::minutes{10};
  harness.run_service(ch::hours{71});
  EXPECT_EQ(rejections, 3);
  EXPECT_EQ(harness.times_logged("botName"), 3);
  EXPECT_EQ(harness.failures(), 0);
  EXPECT_THAT(harness.differences(), IsEmpty());
}

TEST(TenantVariation, OmitsRejectedOptionalMemberOfCaptures) {
  simulator::Options options = some_tasks();
  options.reject_all_digital_versions = true;
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_THAT(harness.differences(), IsEmpty());
  EXPECT_EQ(harness.times_logged("includeAllDigitalVersions"), 1);
  const auto tasks = static_cast<std::int64_t>(harness.archived().size());
  EXPECT_LE(harness.api->request_counts().captures, (tasks + 9) / 10 + 2) << "both of the first two were under way";
}

TEST(TenantVariation, UpdatesRowWithLateMembers) {
  simulator::Options options = some_tasks();
  SyncHarness truth(options);
  truth.sleep(ch::minutes{1});
  EXPECT_FALSE(truth.pass().failure);

  options.late_fields_lag = ch::hours{12};  // up to a day
  SyncHarness harness(options);
  harness.sleep(ch::minutes{1});
  EXPECT_FALSE(harness.pass().failure);
  EXPECT_LT(with_wrapup_code(late_members_in(harness)), with_wrapup_code(late_members_in(truth)));
  const auto messages = harness.archive->reader().counts().messages;
  harness.run_service(ch::hours{31});
  EXPECT_EQ(late_members_in(harness), late_members_in(truth));
  EXPECT_GT(with_wrapup_code(late_members_in(harness)), 10U);
  EXPECT_EQ(harness.archive->reader().counts().messages, messages);
}

}  // namespace
}  // namespace wxcc::tests
