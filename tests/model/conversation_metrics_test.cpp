// SPDX-License-Identifier: Apache-2.0
#include "model/conversation_metrics.h"

#include <gtest/gtest.h>

#include <vector>

namespace wxcc::model {
namespace {

using namespace std::chrono_literals;

ArchivedMessage message_of(const char* role, base::Millis at, const char* text = "text") {
  ArchivedMessage message;
  message.participant_role = role;
  message.sent = base::Instant{at};
  message.text = text;
  return message;
}

ConversationMetrics metrics_of(const std::vector<ArchivedMessage>& messages) {
  return compute_metrics(messages);
}

TEST(SideOf, FollowsRoleElseUserIdAndDirection) {
  struct Row {
    const char* role;
    const char* user_id;
    const char* direction;
    Side expected;
  };
  const Row rows[] = {
      {"customer", "", "inbound", Side::Customer}, {"Customer", "", "", Side::Customer},
      {"agent", "u1", "outbound", Side::Agent},    {"supervisor", "u1", "outbound", Side::Agent},
      {"bot", "", "outbound", Side::Other},        {"system", "", "inbound", Side::Other},
      {"", "u1", "outbound", Side::Agent},         {"", "", "inbound", Side::Customer},
      {"", "", "outbound", Side::Other},           {"", "", "", Side::Other},
  };
  for (const Row& row : rows) {
    ArchivedMessage message;
    message.participant_role = row.role;
    message.participant_user_id = row.user_id;
    message.direction = row.direction;
    EXPECT_EQ(side_of(message), row.expected) << row.role << "/" << row.user_id << "/" << row.direction;
  }
}

TEST(ComputeMetrics, MeasuresFirstResponseByHumanAgent) {
  const ConversationMetrics metrics = metrics_of(
      {message_of("bot", 0s), message_of("agent", 1s, "Welcome"), message_of("customer", 2s, "a\nb"),
       message_of("bot", 3s), message_of("customer", 4s, "again"), message_of("agent", 12s), message_of("agent", 20s)});
  EXPECT_EQ(metrics.customer_messages, 2);
  EXPECT_EQ(metrics.agent_messages, 3);
  EXPECT_EQ(metrics.other_messages, 2);
  EXPECT_EQ(metrics.first_response, 10s);
  EXPECT_EQ(metrics.preview, "a b") << "on one line";
}

TEST(ComputeMetrics, OmitsFirstResponseWhenOneSideIsMissing) {
  EXPECT_EQ(metrics_of({}).first_response, std::nullopt);
  EXPECT_EQ(metrics_of({message_of("customer", 1s)}).first_response, std::nullopt);
  EXPECT_EQ(metrics_of({message_of("agent", 1s), message_of("customer", 2s)}).first_response, std::nullopt);
  ArchivedMessage without_timestamp = message_of("agent", 3s);
  without_timestamp.sent.reset();
  EXPECT_EQ(metrics_of({message_of("customer", 1s), without_timestamp}).first_response, std::nullopt);
  EXPECT_EQ(metrics_of({message_of("customer", 5s), message_of("agent", 3s)}).first_response, std::nullopt)
      << "a clock went back";
}

TEST(ComputeMetrics, UsesEarliestTimesInAnyOrder) {
  EXPECT_EQ(metrics_of({message_of("customer", 5s), message_of("agent", 30s), message_of("customer", 2s),
                        message_of("supervisor", 9s)})
                .first_response,
            7s);
  EXPECT_EQ(metrics_of({message_of("customer", 5s), message_of("agent", 5s)}).first_response, 0s);
  EXPECT_EQ(metrics_of({message_of("bot", 1s), message_of("agent", 5s)}).first_response, std::nullopt)
      << "no customer wrote";
}

TEST(ComputeMetrics, ShortensPreview) {
  const std::string text(5000, 'x');
  const std::string preview = metrics_of({message_of("customer", 1s, text.c_str())}).preview;
  EXPECT_LE(preview.size(), 243U);
  EXPECT_GT(preview.size(), 200U);
}

}  // namespace
}  // namespace wxcc::model
